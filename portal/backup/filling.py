"""Putting an archive's rows into the tables of an empty database, and comparing them there: one transaction, all or nothing."""

import hashlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import JSON, Connection, Integer, MetaData, Table, delete, func, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from portal.backup import rows
from portal.backup.archive import Archive
from portal.backup.checking import lines_of, part_of
from portal.backup.manifest import About, Manifest
from portal.backup.progress import Step
from portal.backup.tables import CARRIED, FILLED_BY_TRIGGERS
from portal.core.errors import Refused

NEVER_DELETED = FILLED_BY_TRIGGERS | {"audit_entry"}
"""What the log's own triggers keep; a new database has nothing there."""


def fill(session: Session, archive: Archive, about: About, manifest: Manifest, step: Step) -> None:
    """Put all rows in and compare each table. Raises Refused where a table is not there, or comes out otherwise."""
    connection = session.connection()
    tables = _tables(connection, about)
    _clear(connection, tables)
    forward = _defer(connection, tables)
    for into, values in _rows(archive, about):
        _insert(connection, tables[into], values)
        step(len(values))
    _check(connection, forward)
    _count_on(connection, tables)
    for name, table in tables.items():
        _compare(connection, table, about.tables[name], manifest.tables[name])


def _tables(connection: Connection, about: About) -> dict[str, Table]:
    """Return the tables as they are at the archive's migration, in its order; refused where they are not those of the archive."""
    found = MetaData()
    found.reflect(connection)
    here = {name: table for name, table in found.tables.items() if name in CARRIED or name in about.tables}
    for name in here.keys() | about.tables.keys():
        if name not in here or name not in about.tables or dict(rows.columns_of(here[name])) != dict(about.tables[name]):
            raise Refused(f"The table {name} of the archive is not the one that migration {about.revision} makes.")
        for column in here[name].columns:
            if isinstance(column.type, JSON):
                column.type.none_as_null = True
    return {name: here[name] for name in about.tables}


def _clear(connection: Connection, tables: dict[str, Table]) -> None:
    """Take away what migrations have put in by themselves."""
    for name, table in reversed(tables.items()):
        if name not in NEVER_DELETED:
            connection.execute(delete(table))


def _defer(connection: Connection, tables: dict[str, Table]) -> list[tuple[str, str]]:
    """Let rows name others that come after them, until `_check`; return the tables and names of such keys on PostgreSQL."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        return []
    order = {name: place for place, name in enumerate(tables)}
    forward = [
        (name, str(key.name))
        for name, table in tables.items()
        for key in table.foreign_key_constraints
        if order[key.referred_table.name] >= order[name]
    ]
    for name, key in forward:
        connection.execute(text(f'ALTER TABLE "{name}" ALTER CONSTRAINT "{key}" DEFERRABLE INITIALLY DEFERRED'))
    return forward


def _check(connection: Connection, forward: list[tuple[str, str]]) -> None:
    """Demand that every row's parent is there."""
    if connection.dialect.name == "sqlite":
        broken = connection.execute(text("PRAGMA foreign_key_check")).first()
        if broken is not None:
            raise Refused(f"A row of the table {broken[0]} belongs to one of {broken[2]} that is not in the archive.")
        return
    try:
        connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    except DatabaseError as error:
        raise Refused(f"A row belongs to another that is not in the archive: {error.orig}") from error
    for name, key in forward:
        connection.execute(text(f'ALTER TABLE "{name}" ALTER CONSTRAINT "{key}" NOT DEFERRABLE'))


def _rows(archive: Archive, about: About) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield rows by their table, a part at a time."""
    for member in archive.members():
        part = part_of(member)
        if part is not None:
            yield part[0], [rows.values_of(line, about.tables[part[0]]) for line in lines_of(member)]


def _insert(connection: Connection, table: Table, values: list[dict[str, Any]]) -> None:
    if table.name in FILLED_BY_TRIGGERS:
        return
    try:
        connection.execute(table.insert(), values)
    except (DatabaseError, OverflowError, UnicodeError) as error:
        said = getattr(error, "orig", error)
        raise Refused(f"The rows of the table {table.name} do not fit into this database: {said}") from error


def _count_on(connection: Connection, tables: dict[str, Table]) -> None:
    """Have new rows numbered after those that are there; SQLite does by itself."""
    if connection.dialect.name == "sqlite":
        return
    for table in tables.values():
        for column in table.primary_key.columns:
            if isinstance(column.type, Integer):
                place = func.pg_get_serial_sequence(f'"{table.name}"', column.name)
                last = select(func.max(column)).scalar_subquery()
                setting = func.setval(place, func.coalesce(last, 1), last.is_not(None))
                connection.execute(select(setting).where(place.is_not(None)))


def _compare(connection: Connection, table: Table, columns: rows.Columns, said: tuple[int, str]) -> None:
    found, number = hashlib.sha256(), 0
    for line in rows.lines(connection, table, columns):
        found.update(line)
        number += 1
    if (number, found.hexdigest()) != said:
        raise Refused(f"After restoring, the table {table.name} is not what the archive holds. Nothing was kept.")
