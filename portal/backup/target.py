"""Where an archive is restored to: an instance with nothing in it, or one that was being restored and was cut short."""

from collections.abc import Iterable
from pathlib import Path

from flask import current_app
from sqlalchemy import Connection, MetaData, Table, func, select, text
from sqlalchemy.orm import Session

from portal.backup.migrations import NOTE
from portal.backup.tables import CARRIED, FILLED_BY_TRIGGERS, LEFT_OUT
from portal.core import durable
from portal.core.db import db, snapshot, write
from portal.core.errors import Refused

MARK = "restoring"
"""A file in the instance folder, there from the first change to the last: which archive is put into which database."""
OF_A_FRESH_START = LEFT_OUT.keys() | FILLED_BY_TRIGGERS | {NOTE, "job"}
"""Tables in which an instance without content may have rows."""

TRIGGERS = text("""
    SELECT DISTINCT tgfoid::regprocedure::text FROM pg_trigger
    WHERE NOT tgisinternal AND tgrelid = ANY(SELECT to_regclass(quote_ident(name)) FROM unnest(CAST(:tables AS text[])) AS name)
""")


def is_half_made() -> bool:
    """Tell whether this instance was being restored and was cut short."""
    return _mark().exists()


def demand_whole() -> None:
    """Raise Refused where this instance was being restored and was cut short."""
    if is_half_made():
        raise Refused(
            f"This site is half-made: restoring {_marked()[0]} was cut short. "
            "Run flask backup restore with that archive again; it starts anew."
        )


def demand_empty(names: Iterable[str]) -> None:
    """Raise Refused unless there is nothing here that restoring tables of these names would lose."""
    with snapshot() as connection:
        tables = _reflected(connection).tables
        foreign = sorted(tables.keys() - set(names) - CARRIED - OF_A_FRESH_START)
        if foreign:
            raise Refused(f"The database holds tables that are none of the portal's: {', '.join(foreign)}. Name an empty one.")
        if not _is_begun():
            _demand_no_rows(connection, tables.values())
    if not is_half_made() and any(_store_files()):
        raise Refused(f"There are files in {_store()} already. Restore into an empty instance folder.")


def begin(archive: Path) -> None:
    """Mark the instance as half-made."""
    with durable.new_file(_mark()) as file:
        file.write(f"{archive}\n{_database()}\n".encode())


def finish() -> None:
    """Take the mark away."""
    _mark().unlink()
    durable.sync(_mark().parent)


def empty() -> None:
    """Take all tables away, which hold nothing, or what was restored half-way; with them go their triggers."""
    write(_drop)
    db.engine.dispose()
    for path in _store_files():
        path.unlink()


def _is_begun() -> bool:
    """Tell whether it was this very database that was being filled, so that its rows are nobody's."""
    return is_half_made() and _marked()[1] == _database()


def _marked() -> tuple[str, str]:
    archive, _, database = _mark().read_text("utf-8").partition("\n")
    return archive, database.strip()


def _database() -> str:
    """Return where the database is, without the password."""
    return db.engine.url.render_as_string(hide_password=True)


def _drop(session: Session) -> None:
    connection = session.connection()
    known = _reflected(connection)
    if connection.dialect.name == "postgresql":
        functions = connection.execute(TRIGGERS, {"tables": list(known.tables)}).scalars().all()
        known.drop_all(connection)
        for function in functions:
            connection.execute(text(f"DROP FUNCTION {function}"))
    else:
        known.drop_all(connection)


def _demand_no_rows(connection: Connection, tables: Iterable[Table]) -> None:
    for table in tables:
        if table.name == "audit_entry" or table.name not in OF_A_FRESH_START:
            number = connection.execute(select(func.count()).select_from(table)).scalar_one()
            if number:
                raise Refused(
                    f"This site is not empty: its table {table.name} has {number} rows. "
                    "Restore into an empty instance: another INSTANCE folder, or an empty database."
                )


def _reflected(connection: Connection) -> MetaData:
    found = MetaData()
    found.reflect(connection)
    return found


def _store_files() -> Iterable[Path]:
    return (path for path in _store().glob("??/*") if path.is_file()) if _store().exists() else ()


def _store() -> Path:
    return Path(current_app.instance_path) / "files"


def _mark() -> Path:
    return Path(current_app.instance_path) / MARK
