"""Killed in the middle: an archive is whole or not there, a site is whole or says that it is half-made, and both begin anew."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portal.backup import creating, filling, holding, migrations, restoring, target
from portal.backup.archive import Writer
from portal.backup.progress import silent
from portal.core import durable
from portal.core.db import db, write
from portal.core.errors import Refused
from tests.backup.full_site import contents, portal_at
from tests.backup.places import Place
from tests.backup.test_round_trip import told

ROOT = Path(__file__).resolve().parent.parent.parent


class Killed(BaseException):
    """What a test throws in the middle."""


def dying(real: Callable[..., Any], *, call: int = 1, after: bool = False) -> Callable[..., Any]:
    """Return the function as it is, but for the call of this number, which dies before or after it."""
    calls: list[int] = []

    def stand_in(*values: Any, **named: Any) -> Any:
        calls.append(1)
        if len(calls) == call and not after:
            raise Killed
        result = real(*values, **named)
        if len(calls) == call:
            raise Killed
        return result

    return stand_in


CREATING: dict[str, tuple[Any, str, dict[str, Any]]] = {
    "before the snapshot": (holding, "take", {}),
    "with all files held": (holding, "take", {"after": True}),
    "in the middle of the tables": (creating, "_write_table", {"call": 9}),
    "in the middle of the files": (creating, "_write_file", {"call": 5}),
    "before the sum": (Writer, "end", {}),
    "before the sync": (os, "fsync", {}),
    "before the folder's sync": (durable, "sync", {}),
}


@pytest.mark.parametrize("moment", CREATING)
def test_cut_short_while_it_is_made_no_archive_is_there_or_a_whole_one(
    copied: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    where, name, when = CREATING[moment]
    place = Place(copied)
    with place.portal():
        with monkeypatch.context() as patched:
            patched.setattr(where, name, dying(getattr(where, name), **when))
            with pytest.raises(Killed):
                creating.create(copied / "backups", "backup", progress=silent)
        for left in (copied / "backups").iterdir():
            assert place.flask("backup", "verify", left).exit_code == 0
        assert list((copied / "files" / holding.FOLDER).glob("*/*")) == []
        creating.create(copied / "backups", "backup", progress=silent)


KILLED = """
import os, signal, sys
from portal import create_app
from portal.backup import {module}
real, calls = {module}.{name}, []

def dying(*values, **named):
    calls.append(1)
    if len(calls) == {call}:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*values, **named)

{module}.{name} = dying
app = create_app()
app.test_cli_runner().invoke(args=["backup", *sys.argv[1:]], catch_exceptions=False)
"""


def killed(place: Place, where: tuple[str, str, int], *words: object) -> int:
    """Run a command that is killed at a call of a function, and return how it ended."""
    script = KILLED.format(module=where[0], name=where[1], call=where[2])
    environment = {**os.environ, "INSTANCE": str(place.instance), "DATABASE_URL": place.url}
    command = [sys.executable, "-c", script, *map(str, words)]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False).returncode


@pytest.mark.slow(why="kills a process while it saves the site")
def test_what_a_killed_process_leaves_is_swept_by_the_next(copied: Path) -> None:
    place, folder = Place(copied), copied / "backups"
    assert killed(place, ("creating", "_write_file", 5), "create") == -signal.SIGKILL
    assert [path.suffix for path in folder.iterdir()] == [durable.UNFINISHED]
    assert len(list((copied / "files" / holding.FOLDER).glob("*/*"))) > 20
    assert place.flask("backup", "create").exit_code == 0
    assert [path.suffix for path in folder.iterdir()] == [".tar"]
    assert list((copied / "files" / holding.FOLDER).iterdir()) == []


RESTORING: dict[str, tuple[Any, str, dict[str, Any]]] = {  # what each leaves is another state than the one before
    "once it is marked": (target, "begin", {"after": True}),
    "in the middle of the files": (durable, "new_file", {"call": 20}),
    "in the middle of the rows": (filling, "_insert", {"call": 15}),
    "once the rows are stored": (migrations, "bring_to", {"call": 2}),
    "before the mark is taken away": (target, "finish", {}),
}


@pytest.mark.slow(why="restores again and again, on each database")
def test_cut_short_while_it_is_restored_a_site_says_so_and_is_restored_anew(full_site: Path, archive: Path, empty: Place) -> None:
    """Each time it is cut short a little later, on top of what the time before has left; then it is let go on to its end."""
    with empty.portal():
        for where, name, when in RESTORING.values():
            with pytest.MonkeyPatch.context() as patched:
                patched.setattr(where, name, dying(getattr(where, name), **when))
                with pytest.raises(Killed):
                    restoring.restore(archive, progress=silent)
            with pytest.raises(Refused, match=f"half-made: restoring {archive} was"):
                target.demand_whole()
            db.session.remove()
        restoring.restore(archive, progress=silent)
        target.demand_whole()
        restored = told(contents())
    with portal_at(full_site):
        assert restored == told(contents())


@pytest.mark.slow(why="kills a process while it restores, and restores")
@pytest.mark.parametrize(
    ("database", "where"),
    [("sqlite", ("filling", "_insert", 15)), ("postgresql", ("restoring", "_note", 1))],
    ids=["rows", "record"],
    indirect=["database"],
)
def test_a_killed_process_leaves_a_site_that_says_so_everywhere(archive: Path, empty: Place, where: tuple[str, str, int]) -> None:
    assert killed(empty, where, "restore", archive) == -signal.SIGKILL
    for command in (("serve",), ("backup", "create")):
        answer = empty.flask(*command)
        assert answer.exit_code == 1
        assert "This site is half-made" in answer.output
    with empty.portal() as app:
        assert app.test_client().get("/", headers={"Host": "localhost"}).status_code == 503
    assert empty.flask("backup", "restore", archive).exit_code == 0
    with empty.portal() as app:
        assert app.test_client().get("/", headers={"Host": "localhost"}).status_code == 200
        assert write(lambda session: session.connection().dialect.name)
