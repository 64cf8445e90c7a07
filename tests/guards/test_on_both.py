"""Which cases run on both databases."""

from pathlib import Path

import pytest

from tests.on_both import left_to_sqlite

TESTS = """
import pytest

@pytest.fixture(params=["sqlite", "postgresql"])
def database(request):
    return request.param

def test_one(database): pass

@pytest.mark.parametrize("typed", ["a", "b", "c"])
def test_typed(database, typed): pass

@pytest.mark.parametrize("typed", ["a", "b"])
@pytest.mark.parametrize("place", [1, 2])
def test_twice(database, typed, place): pass

@pytest.mark.each_case_on_both
@pytest.mark.parametrize("typed", ["a", "b"])
def test_marked(database, typed): pass

@pytest.mark.parametrize("typed", ["a", "b", pytest.param("c", marks=pytest.mark.each_case_on_both)])
def test_of_which_one_is_marked(database, typed): pass

@pytest.mark.parametrize("database", ["postgresql"])
@pytest.mark.parametrize("typed", ["a", "b"])
def test_of_postgresql(database, typed): pass

@pytest.mark.parametrize("typed", ["a", "b"])
def test_of_none(typed): pass
"""


class Collected:
    """What a run would leave out, and what is there at all; nothing of it runs."""

    def pytest_configure(self, config: pytest.Config) -> None:
        config.addinivalue_line("markers", "each_case_on_both")

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.all = [item.name for item in session.items]
        self.left = [item.name for item in left_to_sqlite(session.items)]


def collected(folder: Path, *chosen: str) -> Collected:
    (folder / "test_them.py").write_text(TESTS, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    seen, quiet = Collected(), ["-p", "no:terminal", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:schemathesis"]
    wanted = [f"{folder}/test_them.py{name}" for name in chosen or [""]]
    assert pytest.main(["--collect-only", *quiet, "--import-mode=importlib", *wanted], plugins=[seen]) == pytest.ExitCode.OK
    return seen


def test_on_postgresql_the_first_case_runs_alone_unless_it_is_marked(tmp_path: Path) -> None:
    assert sorted(collected(tmp_path).left) == [
        "test_of_which_one_is_marked[postgresql-b]",
        "test_twice[postgresql-1-b]",
        "test_twice[postgresql-2-a]",
        "test_twice[postgresql-2-b]",
        "test_typed[postgresql-b]",
        "test_typed[postgresql-c]",
    ]


def test_a_case_that_is_asked_for_by_its_name_runs(tmp_path: Path) -> None:
    asked = collected(tmp_path, "::test_typed[postgresql-c]")
    assert (asked.all, asked.left) == (["test_typed[postgresql-c]"], [])


def test_each_case_that_is_left_out_on_postgresql_runs_on_sqlite(tmp_path: Path) -> None:
    every = collected(tmp_path)
    assert {name.replace("postgresql", "sqlite") for name in every.left} <= set(every.all) - set(every.left)
