"""Shared commits: many small writes from many threads in one commit each time.

On SQLite whatever waits is done in one transaction, and only then each caller is answered. So a burst of votes costs one disk
sync for all of them, and an acknowledged vote is on disk (docs/decisions/0003-write-door.md). `flask serve` has a process of its
own for it, `core.committer`; elsewhere a thread does it. PostgreSQL groups commits itself: there, each piece of work is an
ordinary transaction, tried again after a serialization failure.
"""

import os
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app
from sqlalchemy import Engine
from sqlalchemy.exc import TimeoutError

from portal.core.committer import Committer
from portal.core.db import ATTEMPTS, RETRIED_STATES, WriteLock, db
from portal.core.errors import Unavailable
from portal.core.keeper import ADDRESS
from portal.core.statements import Statement, Transaction
from portal.core.writers import Here, Writer

T = TypeVar("T")


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


def shared(work: Callable[..., T], *values: Any) -> T:
    """Run `work(transaction, *values)` so that its effect is durable when this returns; return what it returns.

    Another process may run it: `work` is a function of a module, that and what goes in and out can be pickled, and it needs no
    application. It may be run again after an answer was lost, so a second run must change nothing and answer the same.
    Raises what `work` raises (its effect is undone, others' stand), Unavailable when the database cannot write now.
    """
    if db.session.registry.has():
        db.session.rollback()
    engine = db.engine
    if engine.dialect.name != "sqlite":
        return _alone(engine, work, values)
    writer: Writer | Committer = current_app.extensions["commits"]
    result: T = writer.do(work, *values)
    return result


def _alone(engine: Engine, work: Callable[..., T], values: tuple[Any, ...]) -> T:
    for _ in range(ATTEMPTS - 1):
        try:
            return _in_own_transaction(engine, work, values)
        except Exception as error:
            if getattr(error, "sqlstate", None) not in RETRIED_STATES:
                raise
    return _in_own_transaction(engine, work, values)


def _in_own_transaction(engine: Engine, work: Callable[..., T], values: tuple[Any, ...]) -> T:
    connection = _connect(engine)
    try:
        result = work(Transaction(connection.cursor(), engine.dialect.name), *values)
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
    """Give the application its writer; PostgreSQL needs none."""
    lock: WriteLock | None = app.extensions.get("write_lock")
    if lock is None:
        return
    with app.app_context():
        engine = db.engine

    address = os.environ.get(ADDRESS)
    app.extensions["commits"] = Committer(address) if address else Writer(Here(lambda: _own(engine), lock).commit)


def _own(engine: Engine) -> Any:
    """Return a connection that is not the pool's any more."""
    pooled = engine.raw_connection()
    connection = pooled.driver_connection
    pooled.detach()
    return connection
