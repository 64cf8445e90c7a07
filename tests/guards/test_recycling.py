"""A PostgreSQL database that a test was in is as good as a fresh one: the next test finds nothing in it, or gets another."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL, Identifier
from sqlalchemy import Column, Connection, MetaData, create_engine, inspect, text

from tests.databases import Postgres
from tests.recycling import Connected

VALUES = {bool: True, bytes: b"a", dt.date: dt.date(2026, 1, 1), float: 1.0, int: 1, object: {}, str: "/a"}
"""What is stored in a column, by its kind; "/a" is an address too."""
BY_TABLE: dict[str, dict[str, Any]] = {"old_address": {"article_id": 1}, "urgent_notice": {"ends_at": 2}}
"""What a table's checks ask for, where a column alone does not tell."""
SIZES = "SELECT relname, pg_relation_size(oid), reltuples FROM pg_class WHERE relkind = 'r' AND oid >= 16384"


@pytest.fixture(scope="module")
def own_postgres() -> Iterator[Postgres]:
    """A server on which no other test's database waits."""
    with Postgres() as server:
        yield server


def look(url: str) -> Connected:
    return psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True)


def soil(url: str) -> None:
    """Put a row into every table, for all that it held before, and move every sequence."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))  # no row has the parents that it names
        reflected = MetaData()
        reflected.reflect(connection)
        for table in reflected.tables.values():
            connection.execute(table.delete())
            needed = (column for column in table.columns if not column.nullable and column.server_default is None)
            row = {column.name: a_value(connection, column) for column in needed}
            connection.execute(table.insert().values(row | BY_TABLE.get(table.name, {})))
        connection.execute(text("SELECT nextval(quote_ident(sequencename)::regclass) FROM pg_sequences")).all()
    engine.dispose()


def a_value(connection: Connection, column: Column[Any]) -> Any:
    """Return a value of the column's kind, the first of those that a check lists if one does."""
    for check in inspect(connection).get_check_constraints(column.table.name):
        if listed := re.search(rf"\b{column.name}\b[^=]*= ANY[^']*'([^']+)'", check["sqltext"]):
            return listed[1]
    return VALUES[column.type.python_type]


def test_a_recycled_database_equals_a_fresh_one(own_postgres: Postgres) -> None:
    with own_postgres.copy() as url, look(url) as connection:
        fresh, sizes = own_postgres.recycling.content(connection), connection.execute(SIZES).fetchall()
        soil(url)
        soiled = own_postgres.recycling.content(connection)
        assert soiled.rows.keys() == {name for name, *_ in sizes}
        assert not soiled.rows.items() & fresh.rows.items()
        assert not soiled.places.items() & fresh.places.items()
    with own_postgres.copy() as again, look(again) as connection:
        assert again == url
        assert own_postgres.recycling.content(connection) == fresh
        assert sorted(connection.execute(SIZES)) == sorted(sizes)


def test_what_migrations_stored_is_back_where_a_test_removed_it(own_postgres: Postgres) -> None:
    with own_postgres.copy() as url, look(url) as connection:
        fresh = own_postgres.recycling.content(connection)
        connection.execute("SET session_replication_role = replica")
        for table in fresh.rows:
            connection.execute(SQL("DELETE FROM {}").format(Identifier(table)))
        assert own_postgres.recycling.content(connection).rows == {}
    with own_postgres.copy() as again, look(again) as connection:
        assert again == url
        assert own_postgres.recycling.content(connection) == fresh


def test_triggers_are_back_in_a_recycled_database(own_postgres: Postgres) -> None:
    with own_postgres.copy() as url:
        soil(url)
    with own_postgres.copy() as again, look(again) as connection:
        assert again == url
        assert connection.execute("SHOW session_replication_role").fetchone() == ("origin",)
        assert connection.execute("SELECT count(*) FROM pg_trigger WHERE tgenabled <> 'O'").fetchone() == (0,)


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE article DROP COLUMN author_line",
        "ALTER TABLE article ALTER COLUMN title SET DEFAULT 'x'",
        "ALTER TABLE article DISABLE TRIGGER ALL",
        "ALTER TABLE article DROP CONSTRAINT fk_article_section_id CASCADE",
        "CREATE TABLE another (id integer)",
        "CREATE INDEX another ON article (title, slug)",
        "CREATE FUNCTION another() RETURNS integer LANGUAGE sql RETURN 1",
        "CREATE SCHEMA another",
        "ALTER SEQUENCE article_id_seq INCREMENT 2",
        "DROP TABLE visitor",
        "ANALYZE cache_version",
    ],
)
def test_a_database_with_another_schema_is_not_used_again(own_postgres: Postgres, change: str) -> None:
    with own_postgres.copy() as url, look(url) as connection:
        connection.execute("INSERT INTO cache_version VALUES ('x', 1)")
        connection.execute(change)  # type: ignore[call-overload]
    with own_postgres.copy() as another:
        assert another != url


def test_a_database_that_somebody_is_still_in_is_not_used_again(own_postgres: Postgres) -> None:
    with own_postgres.copy() as url:
        connection = look(url)
    with own_postgres.copy() as another:
        assert another != url
    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")


def test_a_database_that_was_taken_away_is_not_used_again(own_postgres: Postgres) -> None:
    with own_postgres.copy() as url:
        own_postgres.take_away(url)
    with own_postgres.copy() as another:
        assert another != url


def test_two_tests_at_once_never_share_a_database(own_postgres: Postgres) -> None:
    with own_postgres.copy() as one, own_postgres.copy() as other:
        assert one != other
