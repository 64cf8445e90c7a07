"""Many small writes share a commit: each stands or falls alone, and nobody is told before it is stored."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeAlias

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.commits import shared
from portal.core.db import db, write_lock
from portal.core.errors import Unavailable
from portal.core.statements import Statement, Transaction
from portal.core.versions import CacheVersion
from portal.core.writers import Waiting, Writer

Work: TypeAlias = Callable[[Transaction], object]

ADD = Statement("INSERT INTO cache_version (tag, version) VALUES (:tag, :version)")
FIND = Statement("SELECT version FROM cache_version WHERE tag = :tag", locks=True)
RAISE = Statement("UPDATE cache_version SET version = version + 1 WHERE tag = :tag")


def stored() -> dict[str, int]:
    db.session.rollback()
    return {row.tag: row.version for row in db.session.scalars(select(CacheVersion))}


@pytest.fixture
def waiting(app: Flask) -> Iterator[ThreadPoolExecutor]:
    """Threads of which each sends one piece of work."""
    with ThreadPoolExecutor(16) as threads:
        yield threads


def send(app: Flask, work: Work) -> object:
    """Send a piece of work as a request's thread does, and return its result or its error."""
    with app.app_context():
        try:
            return shared(work)
        except Exception as error:  # the answer is looked at
            return error
        finally:
            db.session.remove()


def error_of(answer: Waiting) -> BaseException | None:
    answer.is_over(10)
    return answer.error


def add(tag: str, version: int = 1) -> Work:
    def work(transaction: Transaction) -> object:
        return transaction.run(ADD, tag=tag, version=version).rowcount

    return work


def fail(transaction: Transaction) -> object:
    transaction.run(ADD, tag="never", version=1)
    raise ValueError("no")


def test_the_result_comes_back_and_the_work_is_stored(app: Flask) -> None:
    assert shared(add("a")) == 1
    assert stored() == {"a": 1}


def test_a_bad_piece_of_work_leaves_the_others(app: Flask, waiting: ThreadPoolExecutor) -> None:
    works = [fail if number % 3 == 0 else add(f"a{number}") for number in range(15)]
    answers = list(waiting.map(lambda work: send(app, work), works))
    assert [isinstance(answer, ValueError) for answer in answers] == [number % 3 == 0 for number in range(15)]
    assert stored() == {f"a{number}": 1 for number in range(15) if number % 3}


def test_a_statement_that_the_database_refuses_leaves_the_others(app: Flask, waiting: ThreadPoolExecutor) -> None:
    answers = list(waiting.map(lambda tag: send(app, add(tag)), ["a", "a", "b", "a"]))
    assert sorted(answer == 1 for answer in answers) == [False, False, True, True]
    assert stored() == {"a": 1, "b": 1}


def test_a_work_that_is_undone_leaves_nothing(app: Flask) -> None:
    with pytest.raises(ValueError, match="no"):
        shared(fail)
    assert stored() == {}


def test_many_at_once_each_count_once(app: Flask, waiting: ThreadPoolExecutor) -> None:
    shared(add("n", 0))
    list(waiting.map(lambda _: send(app, lambda transaction: transaction.run(RAISE, tag="n").rowcount), range(200)))
    assert stored() == {"n": 200}


def test_what_is_read_in_a_piece_of_work_stays_so_until_its_commit(app: Flask, waiting: ThreadPoolExecutor) -> None:
    shared(add("n", 0))
    set_to = Statement("UPDATE cache_version SET version = :version WHERE tag = :tag")

    def read_then_write(transaction: Transaction) -> object:
        known = transaction.run(FIND, tag="n").fetchone()[0]
        return transaction.run(set_to, tag="n", version=known + 1).rowcount

    list(waiting.map(lambda _: send(app, read_then_write), range(50)))
    assert stored() == {"n": 50}


def test_the_database_s_clock_runs(app: Flask) -> None:
    first, second = (shared(lambda transaction: transaction.now()) for _ in range(2))
    assert 1_600_000_000_000 < first <= second


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
class TestOnSqlite:
    """One writer thread commits for all."""

    def test_what_waits_is_done_in_the_order_in_which_it_came(self, app: Flask) -> None:
        done: list[int] = []
        shared(add("first"))  # starts the writer
        writer: Writer = app.extensions["commits"]
        with write_lock():  # nothing is begun meanwhile
            answers = [writer.submit(lambda _, number=number: done.append(number)) for number in range(50)]  # type: ignore[misc]
        for answer in answers:
            answer.wait()
        assert done == list(range(50))

    def test_a_commit_that_fails_tells_everybody_in_it(self, app: Flask) -> None:
        """A deferred foreign key fails at the commit itself, as a full disk does."""
        shared(add("before"))
        writer: Writer = app.extensions["commits"]
        defer, orphan = Statement("PRAGMA defer_foreign_keys=ON"), "INSERT INTO attachment (key, file_id, place, name, position) "

        def break_the_commit(transaction: Transaction) -> None:
            transaction.run(defer)
            transaction.run(Statement(orphan + "VALUES ('k', 4711, 'p', 'n', 1)"))

        with write_lock():
            answers = [writer.submit(work) for work in (add("a"), break_the_commit, add("b"))]
        told = [error_of(answer) for answer in answers]
        assert any(isinstance(error, Unavailable) for error in told)
        assert {tag for tag, error in zip(("a", "", "b"), told, strict=True) if error is None} == set(stored()) - {"before"}
        shared(add("after"))
        assert "after" in stored()

    def test_nobody_is_answered_before_the_commit(self, app: Flask) -> None:
        shared(add("first"))
        writer: Writer = app.extensions["commits"]
        in_the_work, go_on = threading.Event(), threading.Event()

        def wait(transaction: Transaction) -> None:
            transaction.run(ADD, tag="slow", version=1)
            in_the_work.set()
            assert go_on.wait(10)

        answer = writer.submit(wait)
        assert in_the_work.wait(10)
        assert not answer.is_over(0)
        assert "slow" not in stored()
        go_on.set()
        answer.wait()
        assert "slow" in stored()

    @pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
    def test_a_process_that_was_forked_has_a_writer_of_its_own(self, app: Flask) -> None:
        shared(add("parent"))
        db.session.remove()
        child = os.fork()
        if child == 0:  # only leaves through _exit, so that nothing of pytest runs twice
            signal.alarm(60)  # a child without a writer would wait for ever
            try:
                db.engine.dispose(close=False)
                os._exit(0 if send(app, add("child")) == 1 else 1)
            finally:
                os._exit(2)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert stored() == {"parent": 1, "child": 1}
