"""The database: models' base class, reading sessions, and the one door for writing.

Views read through `db.session`, whose transaction is deferred and never written in: SQLite refuses a read that turns
into a write at once, however long it may wait (docs/decisions/0003-write-door.md). All writing goes through `write`,
or, for the many small writes of votes and page loads, through `core.commits.shared`.
"""

import fcntl
import os
import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import URL, BigInteger, Connection, CursorResult, Delete, Engine, MetaData, Update, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column

from portal.core import clock
from portal.core.errors import Unavailable
from portal.core.sqlite import BUSY_MS, driver, prepare_connection
from portal.core.statements import POSTGRESQL_NOW

T = TypeVar("T")

ATTEMPTS = 8
RETRIED_STATES = {"40001", "40P01"}  # PostgreSQL: serialization failure, deadlock

LOOKS_AGAIN_S = 0.001

LOCK_MS = 5_000
"""How long a statement waits on PostgreSQL for what others hold: as long as on SQLite for its one lock."""

Instant = Annotated[int, mapped_column(BigInteger)]
"""Milliseconds since 1970-01-01T00:00Z."""


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


class WriteLock:
    """Held by whoever writes to a SQLite file, of all threads and of all processes: waiting inside SQLite sleeps in steps of up
    to 100 ms, and two busy processes wait for seconds. The kernel lets go of a dead process's."""

    def __init__(self, database: str) -> None:
        self._database = database
        self._thread = threading.Lock()
        self._file: int | None = None
        self._pid = 0

    def __enter__(self) -> None:
        """Raises Unavailable when somebody holds it for as long as SQLite would wait."""
        if not self._thread.acquire(timeout=BUSY_MS / 1000):
            raise Unavailable
        try:
            self._lock_file(monotonic() + BUSY_MS / 1000)
        except OSError as error:
            self._thread.release()
            raise Unavailable(cause=error) from error

    def __exit__(self, *_: object) -> None:
        fcntl.flock(self._opened(), fcntl.LOCK_UN)
        self._thread.release()

    def _lock_file(self, until: float) -> None:
        file = self._opened()
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if monotonic() >= until:
                    raise
                sleep(LOOKS_AGAIN_S)
            else:
                return

    def _opened(self) -> int:
        """Return the file, opened by this very process: a child must not share its parent's lock."""
        if self._file is None or self._pid != os.getpid():
            self._file, self._pid = os.open(self._database + "-writing", os.O_CREAT | os.O_RDWR, 0o600), os.getpid()
            self._give_to_owner(self._file)
        return self._file

    def _give_to_owner(self, file: int) -> None:
        """Let whoever may write the database lock it too: a command that root runs must not shut the service out."""
        database = Path(self._database)
        if os.geteuid() == 0 and database.exists():
            owner = database.stat()
            os.fchown(file, owner.st_uid, owner.st_gid)


def write(work: Callable[[Session], T]) -> T:
    """Run `work(session)` as one write transaction and return what it returns.

    Inside are statements only; reading files, hashing and rendering are done before. `work` may run several times
    on PostgreSQL, where a serialization failure is tried again. Raises Unavailable when the database cannot write now.
    """
    db.session.rollback()  # ends this thread's reading, so that it sees the result
    engine = db.engine.execution_options(begin="IMMEDIATE")
    try:
        return _in_transaction(engine, work)
    except OperationalError as error:
        raise Unavailable(cause=error) from error


def changed(session: Session, statement: Update | Delete) -> int:
    """Run an UPDATE or DELETE and return how many rows it changed: what two at once may both want, one gets."""
    result: CursorResult[Any] = session.execute(statement)  # type: ignore[assignment] # SQLAlchemy types all results alike
    return result.rowcount


def insert(session: Session, model: type[Model]) -> sqlite.Insert:
    """Return the INSERT of whichever database it is: both can be told what to do where the row is there already, in one way."""
    into = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    return into(model)  # type: ignore[return-value] # the two have the same on_conflict_do_…


def now_in(session: Session) -> int:
    """Return the present instant by the database's clock, which on SQLite is this machine's."""
    if session.get_bind().dialect.name == "sqlite":
        return clock.now_ms()
    return int(session.scalar(text(POSTGRESQL_NOW)) or 0)


def snapshot() -> Connection:
    """Return a connection that sees the database as it is at its first statement, however many others write."""
    connection = db.engine.connect()
    if connection.dialect.name == "postgresql":
        connection = connection.execution_options(isolation_level="REPEATABLE READ")
    return connection


def _in_transaction(engine: Engine, work: Callable[[Session], T]) -> T:
    if engine.dialect.name == "sqlite":
        with write_lock():
            return _once(engine, work)
    for _ in range(ATTEMPTS - 1):
        try:
            return _once(engine, work)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in RETRIED_STATES:
                raise
    return _once(engine, work)


def write_lock() -> WriteLock:
    """Return the application's write lock; PostgreSQL has none."""
    lock: WriteLock = current_app.extensions["write_lock"]
    return lock


def _once(engine: Engine, work: Callable[[Session], T]) -> T:
    with Session(engine, expire_on_commit=False) as session, session.begin():
        return work(session)


def init_app(app: Flask, url: str) -> None:
    """Connect the application to the database at `url` (SQLAlchemy's form)."""
    if url.startswith("sqlite"):
        _demand_plain_file(make_url(url))
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = _engine_options(url, threads=app.config["THREADS"])
    db.init_app(app)
    with app.app_context():
        engine = db.engine
    if engine.dialect.name == "sqlite":
        app.extensions["write_lock"] = WriteLock(engine.url.database or "")
        event.listen(engine, "connect", prepare_connection)
        event.listen(engine, "begin", _begin)
    event.listen(db.session, "before_flush", _refuse_flush)


def _demand_plain_file(url: URL) -> None:
    """Refuse a SQLite database that the committing process could not open by its path."""
    path = url.database or ":memory:"
    if url.query or path == ":memory:" or path.startswith("file:"):
        raise RuntimeError("DATABASE_URL for SQLite names a file by its path alone: sqlite:////folder/portal.db")


def _engine_options(url: str, *, threads: int) -> dict[str, Any]:
    options: dict[str, Any] = {"hide_parameters": True, "pool_size": threads + 2, "max_overflow": 8, "pool_timeout": 5}
    if url.startswith("sqlite"):
        return options | {"module": driver}
    return options | {"pool_pre_ping": True, "connect_args": {"connect_timeout": 3, "options": f"-c lock_timeout={LOCK_MS}"}}


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN " + connection.get_execution_options().get("begin", "DEFERRED"))


def _refuse_flush(*_: object) -> None:
    raise RuntimeError("Write through core.db.write: db.session only reads.")
