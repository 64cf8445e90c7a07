"""The committing process's own rules: what is late is refused, and what cannot travel harms nobody but its caller."""

import os
import socket
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import writers
from portal.core.committer import Committer, serve
from portal.core.db import db
from portal.core.errors import Unavailable
from portal.core.statements import Statement, Transaction
from portal.core.versions import CacheVersion
from portal.core.writers import Waiting

ADD = Statement("INSERT INTO cache_version (tag, version) VALUES (:tag, 1)")


@pytest.fixture
def database() -> str:
    """Only SQLite has such a process."""
    return "sqlite"


@pytest.fixture
def committer(app: Flask) -> Iterator[Committer]:
    """A committing process's work, done by a thread of this one."""
    needed, need = os.pipe()
    with (
        tempfile.TemporaryDirectory(prefix="c-", dir="/tmp") as folder,
        socket.socket(socket.AF_UNIX) as listener,
    ):  # a path must be short
        listener.bind(f"{folder}/s")
        listener.listen()
        thread = threading.Thread(target=serve, args=(listener, needed, str(db.engine.url.database)))
        thread.start()
        asking = Committer(str(Path(folder) / "s"))
        yield asking
        asking._hang_up()
        os.close(need)
        thread.join(10)
        assert not thread.is_alive()
    os.close(needed)


def add(transaction: Transaction, tag: str) -> int:
    return transaction.run(ADD, tag=tag).rowcount


def add_and_return_what_cannot_travel(transaction: Transaction, tag: str) -> object:
    add(transaction, tag)
    return threading.Lock()


class Particular(Exception):
    """An error that cannot be made anew from its text."""

    def __init__(self, *, why: str) -> None:
        super().__init__(why)


def complain(_: Transaction) -> None:
    raise Particular(why="no")


def refuse(_: str) -> None:
    raise ValueError("this cannot be unpacked")


class Unpackable:
    def __reduce__(self) -> Any:
        return refuse, ("",)


def committed(committer: Committer, *works: tuple[Any, ...]) -> list[Waiting]:
    batch = [Waiting(work, tuple(values)) for work, *values in works]
    committer.commit(batch)
    return batch


def stored() -> set[str]:
    db.session.rollback()
    return set(db.session.scalars(select(CacheVersion.tag)))


def test_each_gets_its_own_answer(committer: Committer) -> None:
    first, second, third = committed(committer, (add, "a"), (add, "a"), (add, "b"))
    assert (first.result, third.result) == (1, 1)
    assert second.error is not None
    assert stored() == {"a", "b"}


@pytest.mark.parametrize(
    "bad",
    [(add_and_return_what_cannot_travel, "x"), (complain,), (lambda _: None,), (add, Unpackable())],
    ids=["the answer", "the error", "the work", "the values"],
)
def test_what_cannot_travel_harms_nobody_else(committer: Committer, bad: tuple[Any, ...]) -> None:
    before, wrong, after = committed(committer, (add, "before"), bad, (add, "after"))
    assert (before.result, after.result) == (1, 1)
    assert wrong.error is not None
    assert {"before", "after"} <= stored()
    assert committed(committer, (add, "next"))[0].result == 1


def test_what_is_late_is_not_done(committer: Committer) -> None:
    """Its caller was told that nothing was saved."""
    late = Waiting(add, ("late",), until=monotonic() - 0.1)
    committer.commit([late])
    assert isinstance(late.error, Unavailable)
    assert stored() == set()


def test_what_waited_too_long_in_the_queue_is_not_done() -> None:
    late, in_time = Waiting(add, ("late",), until=monotonic() - 0.1), Waiting(add, ("in time",))
    assert writers.refuse_late([late, in_time]) == [in_time]
    assert isinstance(late.error, Unavailable)


def test_who_listens_no_more_is_told_so_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers, "PATIENCE_S", 0.2)
    (refused,) = committed(Committer(str(tmp_path / "nobody")), (add, "a"))
    assert isinstance(refused.error, Unavailable)
