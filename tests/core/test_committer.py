"""The committing process's own rules: what is late is refused, and what cannot travel harms nobody but its caller."""

import os
import pickle
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import committer as committing
from portal.core import sqlite, writers
from portal.core.committer import Committer, serve
from portal.core.db import db
from portal.core.errors import Unavailable
from portal.core.statements import Statement, Transaction
from portal.core.versions import CacheVersion
from portal.core.writers import Waiting
from tests.serving.crowd import at_once

T = TypeVar("T")

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
        asking.hang_up()
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


def last(ask: Callable[[], T], committer: Committer) -> T:
    """Ask as a thread that asks nothing more."""
    try:
        return ask()
    finally:
        committer.hang_up()


def stored() -> set[str]:
    db.session.rollback()
    return set(db.session.scalars(select(CacheVersion.tag)))


def test_each_gets_its_own_answer(committer: Committer) -> None:
    def ask(tag: str) -> object:
        try:
            return committer.do(add, tag)
        except sqlite.driver.IntegrityError as error:
            return type(error)

    answers = at_once([lambda tag=tag: last(lambda: ask(tag), committer) for tag in ("a", "a", "b", "c")])  # type: ignore[misc]

    assert {*answers[:2]} == {1, sqlite.driver.IntegrityError}
    assert answers[2:] == [1, 1]
    assert stored() == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        ((add_and_return_what_cannot_travel, "x"), RuntimeError),
        ((complain,), RuntimeError),
        ((lambda _: None,), (AttributeError, pickle.PicklingError)),
        ((add, Unpackable()), ValueError),
    ],
    ids=["the answer", "the error", "the work", "the values"],
)
def test_what_cannot_travel_harms_nobody_else(
    committer: Committer, bad: tuple[Any, ...], error: type[Exception] | tuple[type[Exception], ...]
) -> None:
    def ask_badly() -> object:
        with pytest.raises(error):
            committer.do(*bad)
        return committer.do(add, "after it")

    asks = [ask_badly, *(lambda place=place: committer.do(add, f"beside it {place}") for place in range(4))]  # type: ignore[misc]

    assert at_once([lambda ask=ask: last(ask, committer) for ask in asks]) == [1] * 5  # type: ignore[misc]
    assert {"after it", *(f"beside it {place}" for place in range(4))} <= stored()


def test_what_is_late_is_not_done(committer: Committer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its caller was told that nothing was saved."""
    committer.do(add, "in time")
    monkeypatch.setattr(writers, "PATIENCE_S", -0.1)
    with pytest.raises(Unavailable):
        committer.do(add, "late")
    assert stored() == {"in time"}


def test_one_that_is_silent_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committing, "ANSWERED_AFTER_S", 1)
    with tempfile.TemporaryDirectory(prefix="c-", dir="/tmp") as folder, socket.socket(socket.AF_UNIX) as silent:
        silent.bind(f"{folder}/s")
        silent.listen()
        with pytest.raises(Unavailable):
            Committer(f"{folder}/s").do(add, "a")


def test_what_waited_too_long_in_the_queue_is_not_done() -> None:
    late, in_time = Waiting(add, ("late",), until=monotonic() - 0.1), Waiting(add, ("in time",))
    assert writers.refuse_late([late, in_time]) == [in_time]
    assert isinstance(late.error, Unavailable)


def test_who_listens_no_more_is_told_so_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers, "PATIENCE_S", 0.2)
    with pytest.raises(Unavailable):
        Committer(str(tmp_path / "nobody")).do(add, "a")
