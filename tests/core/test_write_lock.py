"""Who writes to SQLite takes turns with all threads and processes, and waits for nobody for ever."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest
from flask import Flask

from portal import create_app
from portal.core import db as door
from portal.core.db import db, write, write_lock
from portal.core.errors import Unavailable
from portal.core.versions import bump


@pytest.fixture
def database() -> str:
    """PostgreSQL takes care of it by itself."""
    return "sqlite"


@pytest.fixture
def held(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Somebody else holds the lock; call to let go."""
    monkeypatch.setattr(door, "BUSY_MS", 200)
    other = os.open(f"{db.engine.url.database}-writing", os.O_CREAT | os.O_RDWR)
    fcntl.flock(other, fcntl.LOCK_EX)
    return lambda: os.close(other)


def test_who_waits_too_long_is_told_so(held: Callable[[], None]) -> None:
    began = monotonic()
    with pytest.raises(Unavailable):
        write(bump)
    assert monotonic() - began < 3
    held()
    write(bump)


def test_a_refused_writer_leaves_the_lock_to_others(held: Callable[[], None]) -> None:
    with pytest.raises(Unavailable):
        write(bump)
    held()
    for _ in range(3):
        with write_lock():
            pass


def test_a_lock_that_may_not_be_opened_is_told_in_words(app: Flask, tmp_path: Path) -> None:
    lock = door.WriteLock(str(tmp_path / "no such folder" / "portal.db"))
    for _ in range(2):  # the first left nothing locked
        with pytest.raises(Unavailable), lock:
            pass


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "sqlite:///file:/tmp/x.db?uri=true", "sqlite:////tmp/x.db?timeout=1"]
)
def test_a_database_that_is_no_plain_file_is_refused_at_start(tmp_path: Path, url: str) -> None:
    with pytest.raises(RuntimeError, match="names a file by its path alone"):
        create_app({"INSTANCE": str(tmp_path), "DATABASE_URL": url})
