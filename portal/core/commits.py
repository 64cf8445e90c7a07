"""Shared commits: many small writes from many threads in one commit each time.

One writer thread takes what waits, gives each piece of work a savepoint of its own, commits once, and only then answers
each caller. So a burst of votes costs one disk sync for all of them, and an acknowledged vote is on disk
(docs/decisions/0003-write-door.md). PostgreSQL groups commits itself: there, each piece of work is an ordinary
transaction, tried again after a serialization failure.
"""

import os
import re
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any, Protocol, TypeAlias, TypeVar

from flask import Flask, current_app
from sqlalchemy import Engine
from sqlalchemy.exc import TimeoutError

from portal.core import clock
from portal.core.db import ATTEMPTS, RETRIED_STATES, db, lock
from portal.core.errors import Unavailable

MOST_AT_ONCE = 256

T = TypeVar("T")


class Statement:
    """An SQL statement with :named values, written once for both databases and prepared by their drivers.

    `locks` says that the rows it reads stay as they are until the commit: on SQLite everything does, PostgreSQL is told.
    """

    __slots__ = ("postgresql", "sqlite")

    def __init__(self, sql: str, *, locks: bool = False) -> None:
        self.sqlite = " ".join(sql.split())
        self.postgresql = re.sub(r"(?<!:):([a-z_]+)", r"%(\1)s", self.sqlite) + (" FOR NO KEY UPDATE" if locks else "")


class Cursor(Protocol):
    rowcount: int

    def fetchone(self) -> Any: ...
    def fetchall(self) -> list[Any]: ...


class Transaction:
    """What a piece of work gets: it runs statements; beginning and committing are not its business."""

    def __init__(self, cursor: Any, dialect: str) -> None:
        self._cursor = cursor
        self._is_sqlite = dialect == "sqlite"

    def run(self, statement: Statement, **values: object) -> Cursor:
        """Run a statement and return the cursor; its rows are gone with the next run."""
        sql = statement.sqlite if self._is_sqlite else statement.postgresql
        self._cursor.execute(sql, values)
        return self._cursor  # type: ignore[no-any-return]

    def now(self) -> int:
        """Return the present instant by the database's clock, which on SQLite is this machine's."""
        if self._is_sqlite:
            return clock.now_ms()
        self._cursor.execute("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint")
        return int(self._cursor.fetchone()[0])


Work: TypeAlias = Callable[[Transaction], T]


def read(statement: Statement, **values: object) -> list[Any]:
    """Return the rows of one statement that only reads. Raises Unavailable when the database cannot be read now.

    For the few figures that hot pages ask for anew each time, past the session and what it costs.
    """
    engine = db.engine
    connection = _connect(engine)
    try:
        cursor = connection.cursor()
        Transaction(cursor, engine.dialect.name).run(statement, **values)
        return list(cursor.fetchall())
    except engine.dialect.loaded_dbapi.OperationalError as error:
        connection.invalidate()
        raise Unavailable(cause=error) from error
    finally:
        connection.close()


def shared(work: Work[T]) -> T:
    """Run `work(transaction)` so that its effect is durable when this returns; return what it returns.

    Raises what `work` raises (its effect is undone, others' stand), Unavailable when the database cannot write now.
    """
    if db.session.registry.has():
        db.session.rollback()
    engine = db.engine
    if engine.dialect.name != "sqlite":
        return _alone(engine, work)
    writer: Writer = current_app.extensions["commits"]
    result: T = writer.submit(engine, work).wait()
    return result


class Waiting:
    """A piece of work whose caller sleeps until its commit; a lock wakes one sleeper at a fifth of a Future's cost."""

    __slots__ = ("_asleep", "error", "result", "work")

    def __init__(self, work: Work[Any]) -> None:
        self.work = work
        self.result: Any = None
        self.error: BaseException | None = None
        self._asleep = threading.Lock()
        self._asleep.acquire()

    def wait(self) -> Any:
        """Sleep until the commit, then return what the work returned or raise what it raised."""
        self.is_over(-1)
        if self.error is not None:
            raise self.error
        return self.result

    def is_over(self, seconds: float) -> bool:
        """Sleep until the commit, but for `seconds` at most (-1: as long as it takes), and tell whether it is over."""
        if not self._asleep.acquire(timeout=seconds):
            return False
        self._asleep.release()
        return True

    def wake(self) -> None:
        self._asleep.release()


class Writer:
    """The thread that commits for all others of its process. It starts with the first work, so it survives a fork."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[Waiting] = SimpleQueue()
        self._starting = threading.Lock()
        self._pid = 0

    def submit(self, engine: Engine, work: Work[Any]) -> Waiting:
        """Have work done, and return what its caller waits on."""
        if self._pid != os.getpid():
            self._start(engine)
        item = Waiting(work)
        self._queue.put(item)
        return item

    def _start(self, engine: Engine) -> None:
        with self._starting:
            if self._pid != os.getpid():
                self._queue = SimpleQueue()
                threading.Thread(target=self._serve, args=(engine, self._queue), name="commits", daemon=True).start()
                self._pid = os.getpid()

    def _serve(self, engine: Engine, queue: "SimpleQueue[Waiting]") -> None:
        connection: Any = None
        while True:
            batch = _take(queue)
            try:
                connection = connection or engine.raw_connection()
                with lock:
                    _commit_together(connection, batch)
            except Exception as error:  # the callers are told; the thread must live on for the next ones
                _discard(connection)
                connection = None
                for item in batch:
                    item.error = Unavailable(cause=error)
            for item in batch:
                item.wake()


def _take(queue: "SimpleQueue[Waiting]") -> list[Waiting]:
    batch = [queue.get()]
    try:
        while len(batch) < MOST_AT_ONCE:
            batch.append(queue.get_nowait())
    except Empty:
        pass
    return batch


def _commit_together(connection: Any, batch: list[Waiting]) -> None:
    cursor = connection.cursor()
    transaction = Transaction(cursor, "sqlite")
    cursor.execute("BEGIN IMMEDIATE")
    for item in batch:
        cursor.execute("SAVEPOINT work")
        try:
            item.result = item.work(transaction)
        except Exception as error:  # belongs to that caller alone
            cursor.execute("ROLLBACK TO work")
            item.error = error
        cursor.execute("RELEASE work")
    cursor.execute("COMMIT")
    cursor.close()


def _discard(connection: Any) -> None:
    if connection is not None:
        connection.invalidate()


def _alone(engine: Engine, work: Work[T]) -> T:
    for _ in range(ATTEMPTS - 1):
        try:
            return _in_own_transaction(engine, work)
        except Exception as error:
            if getattr(error, "sqlstate", None) not in RETRIED_STATES:
                raise
    return _in_own_transaction(engine, work)


def _in_own_transaction(engine: Engine, work: Work[T]) -> T:
    connection = _connect(engine)
    try:
        result = work(Transaction(connection.cursor(), engine.dialect.name))
        connection.commit()
    except engine.dialect.loaded_dbapi.OperationalError as error:
        connection.invalidate()
        if getattr(error, "sqlstate", None) in RETRIED_STATES:
            raise
        raise Unavailable(cause=error) from error
    except BaseException:
        connection.rollback()
        raise
    finally:
        connection.close()
    return result


def _connect(engine: Engine) -> Any:
    try:
        return engine.raw_connection()
    except (engine.dialect.loaded_dbapi.OperationalError, TimeoutError) as error:  # the driver's own, not SQLAlchemy's
        raise Unavailable(cause=error) from error


def init_app(app: Flask) -> None:
    """Give the application its writer."""
    app.extensions["commits"] = Writer()
