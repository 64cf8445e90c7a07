"""How migrations run: all of them in one transaction, one process at a time, and on SQLite with foreign keys off until
the end, then checked: with keys on, a batch alter has erased every child row (docs/decisions/0003-write-door.md).
"""

from alembic import context
from flask import current_app
from sqlalchemy import Connection, text

LOCK = 2_022_031_7
database = current_app.extensions["migrate"].db


def switch_foreign_keys(connection: Connection, state: str) -> None:
    """Set SQLite's foreign keys ON or OFF, which is possible only outside a transaction."""
    driver = connection.connection.dbapi_connection
    assert driver is not None  # noqa: S101 - an open connection has one
    driver.cursor().execute(f"PRAGMA foreign_keys={state}")


def run(connection: Connection) -> None:
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        switch_foreign_keys(connection, "OFF")
    context.configure(
        connection=connection,
        target_metadata=database.metadata,
        transaction_per_migration=False,
        transactional_ddl=True,
        **current_app.extensions["migrate"].configure_args,
    )
    with connection.begin():
        if not is_sqlite:
            connection.execute(text("SET LOCAL lock_timeout = 0"))  # another process may be migrating: wait for it
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        context.run_migrations()
        if is_sqlite and (broken := connection.execute(text("PRAGMA foreign_key_check")).all()):
            raise RuntimeError(f"the migration leaves rows without their parents: {broken[:5]}")
    if is_sqlite:
        switch_foreign_keys(connection, "ON")


with database.engine.execution_options(begin="IMMEDIATE").connect() as connection:
    run(connection)
