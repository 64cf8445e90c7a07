"""A used PostgreSQL database is made as fresh again, which takes a fiftieth of the time of dropping it and copying another.

Rows and the places of sequences are put back, nothing else: a database whose schema is no longer what it was is not restored.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, LiteralString

from psycopg import Connection
from psycopg.sql import SQL, Composable, Identifier, Literal

Connected = Connection[tuple[Any, ...]]
"""A connection of a superuser with autocommit."""

FIRST_OWN_OID = 16_384
"""What PostgreSQL itself brings along has smaller numbers."""
CATALOGS = {
    "pg_attrdef": "oid",
    "pg_attribute": "attrelid",
    "pg_constraint": "oid",
    "pg_event_trigger": "oid",
    "pg_extension": "oid",
    "pg_index": "indexrelid",
    "pg_inherits": "inhrelid",
    "pg_largeobject_metadata": "oid",
    "pg_namespace": "oid",
    "pg_operator": "oid",
    "pg_policy": "oid",
    "pg_proc": "oid",
    "pg_rewrite": "oid",
    "pg_sequence": "seqrelid",
    "pg_statistic": "starelid",
    "pg_statistic_ext": "oid",
    "pg_trigger": "oid",
    "pg_type": "oid",
}
"""What PostgreSQL notes of a schema, besides pg_class, each with the number of what a row is about."""
OF_FILES = "{relfilenode,relpages,reltuples,relallvisible,relallfrozen,relfrozenxid,relminmxid}"
"""What pg_class says of the files of a table, which change with its rows."""

LEAVE_WITHIN_S = 0.5
"""A connection that was closed is gone a moment later."""
LOOKS_AGAIN_S = 0.002
OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


@dataclass(frozen=True, slots=True)
class Content:
    """What a database holds: a hash of its schema, the rows of its tables, the places of its sequences."""

    schema: str
    rows: dict[str, bytes]
    """What COPY writes, by table, without those that are empty."""
    places: dict[str, tuple[int, bool]]
    """A sequence's last value, and whether it was given out."""


class Recycling:
    """Makes used databases hold what the fresh one held with which this was made."""

    def __init__(self, fresh: Connected) -> None:
        self._tables = _names(fresh, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        self._sequences = _names(fresh, "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'")
        self._fresh = self.content(fresh)

    def content(self, connection: Connected) -> Content:
        """Return what a database holds that has the fresh one's tables and sequences."""
        rows = {table: _copied(connection, table) for table in self._filled(connection)}
        return Content(_schema(connection), rows, self._places(connection))

    def restore(self, connection: Connected) -> bool:
        """Make a database as fresh. Return False where that cannot be: its schema is another, or somebody is still in it."""
        if not _is_left(connection) or _schema(connection) != self._fresh.schema:
            return False
        connection.execute("SET session_replication_role = replica")  # no trigger refuses, no foreign key forbids
        self._restore_rows(connection)
        for name, place in self._places(connection).items():
            if place != self._fresh.places[name]:
                connection.execute("SELECT setval(quote_ident(%s)::regclass, %s, %s)", (name, *self._fresh.places[name]))
        return True

    def _restore_rows(self, connection: Connected) -> None:
        seeds = self._fresh.rows
        kept = {table for table in seeds if _copied(connection, table) == seeds[table]}
        changed = sorted(self._filled(connection).union(seeds) - kept)
        if not changed:
            return
        connection.execute(SQL("; ").join(SQL("DELETE FROM {}").format(Identifier(table)) for table in changed))
        connection.execute(SQL("VACUUM {}").format(SQL(", ").join(map(Identifier, changed))))  # new rows stand in their order
        connection.execute("SELECT pg_clear_relation_stats('public', name) FROM unnest(%s::text[]) AS name", (changed,))
        for table in seeds.keys() & changed:
            with connection.cursor() as cursor, cursor.copy(SQL("COPY {} FROM STDIN").format(Identifier(table))) as copy:
                copy.write(seeds[table])

    def _filled(self, connection: Connected) -> set[str]:
        each = (SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(Literal(name), Identifier(name)) for name in self._tables)
        return {str(name) for (name,) in _all(connection, each)}

    def _places(self, connection: Connected) -> dict[str, tuple[int, bool]]:
        each = (
            SQL("SELECT {}, last_value, is_called FROM {}").format(Literal(name), Identifier(name)) for name in self._sequences
        )
        return {name: (last, was_given) for name, last, was_given in _all(connection, each)}


def _is_left(connection: Connected) -> bool:
    until = time.monotonic() + LEAVE_WITHIN_S
    while connection.execute(OTHERS).fetchone() != (0,):
        if time.monotonic() >= until:
            return False
        time.sleep(LOOKS_AGAIN_S)
    return True


def _schema(connection: Connected) -> str:
    own = " UNION ALL ".join(
        f"SELECT sum(hashtextextended(one::text, 0)) FROM {catalog} AS one WHERE {oid} >= {FIRST_OWN_OID}"
        for catalog, oid in CATALOGS.items()
    )
    relations = f"SELECT sum(hashtextextended((to_jsonb(one) - '{OF_FILES}'::text[])::text, 0)) FROM pg_class AS one"
    return str(connection.execute(f"{own} UNION ALL {relations} WHERE oid >= {FIRST_OWN_OID}", prepare=True).fetchall())


def _copied(connection: Connected, table: str) -> bytes:
    with connection.cursor() as cursor, cursor.copy(SQL("COPY {} TO STDOUT").format(Identifier(table))) as copy:
        return b"".join(bytes(piece) for piece in copy)


def _names(connection: Connected, sql: LiteralString) -> list[str]:
    return [str(name) for (name,) in connection.execute(sql)]


def _all(connection: Connected, selects: Iterable[Composable]) -> list[tuple[Any, ...]]:
    return connection.execute(SQL(" UNION ALL ").join(selects), prepare=True).fetchall()
