"""The database itself refuses to change or remove an entry, and an entry that does not follow the newest."""

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from portal.audit.chain import verify
from portal.audit.models import TRIGGERS
from portal.core.db import db, write
from tests.audit.recording import some_entries

COLUMNS = "id, at, site_id, actor_id, actor_name, action, thing, fields, previous_hash, hash"

CHANGES = {
    "a changed entry": "UPDATE audit_entry SET actor_name = 'x' WHERE id = 2",
    "all changed": "UPDATE audit_entry SET fields = '{}'",
    "a changed id": "UPDATE audit_entry SET id = 4 WHERE id = 3",
    "a changed key": "UPDATE audit_entry SET hash = previous_hash WHERE id = 3",
    "a removed entry": "DELETE FROM audit_entry WHERE id = 2",
    "the newest removed": "DELETE FROM audit_entry WHERE id = 3",
    "all removed": "DELETE FROM audit_entry",
    "a second with its id": f"INSERT INTO audit_entry SELECT {COLUMNS} FROM audit_entry WHERE id = 2",
    "one that leaves a gap": f"INSERT INTO audit_entry SELECT 5, {COLUMNS[4:]} FROM audit_entry WHERE id = 3",
    "one that follows another": f"INSERT INTO audit_entry SELECT 4, {COLUMNS[4:]} FROM audit_entry WHERE id = 2",
    "an upsert": (
        f"INSERT INTO audit_entry SELECT {COLUMNS} FROM audit_entry WHERE id = 2 ON CONFLICT (id) DO UPDATE SET actor_name = 'x'"
    ),
    "the head backwards": "UPDATE audit_head SET last_id = 2, hash = (SELECT hash FROM audit_entry WHERE id = 2)",
    "the head forwards": "UPDATE audit_head SET last_id = 4",
    "the head elsewhere": "UPDATE audit_head SET hash = (SELECT hash FROM audit_entry WHERE id = 2)",
    "the head removed": "DELETE FROM audit_head",
    "a second head": "INSERT INTO audit_head SELECT 2, last_id, hash FROM audit_head",
}
ON_SQLITE = {
    "a replaced entry": f"REPLACE INTO audit_entry SELECT {COLUMNS} FROM audit_entry WHERE id = 2",
    "an update that replaces": "UPDATE OR REPLACE audit_entry SET id = 2 WHERE id = 3",
    "a replaced head": "REPLACE INTO audit_head SELECT 1, 1, hash FROM audit_entry WHERE id = 1",
}
ON_POSTGRESQL = {
    "all truncated": "TRUNCATE audit_entry",
    "both truncated": "TRUNCATE audit_entry, audit_head CASCADE",
    "the head truncated": "TRUNCATE audit_head",
}


def refused(statement: str) -> bool:
    """Tell whether the statement is refused with the guards' own words, and the chain stands."""
    some_entries(3)
    with pytest.raises(IntegrityError, match="refused by audit_"):
        write(lambda session: session.execute(text(statement)))
    return verify() is None


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("change", CHANGES)
def test_the_database_refuses(app: Flask, change: str) -> None:
    assert refused(CHANGES[change])


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("change", ON_SQLITE)
def test_sqlite_refuses(app: Flask, change: str) -> None:
    assert refused(ON_SQLITE[change])


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("change", ON_POSTGRESQL)
def test_postgresql_refuses(app: Flask, change: str) -> None:
    assert refused(ON_POSTGRESQL[change])


def test_all_guards_are_there_after_all_migrations(app: Flask) -> None:
    """A later migration that makes one of the tables anew, as SQLite needs it, loses them without a word."""
    found = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('audit_entry', 'audit_head')",
        "postgresql": (
            "SELECT tgname FROM pg_trigger WHERE tgrelid IN ('audit_entry'::regclass, 'audit_head'::regclass) "
            "AND NOT tgisinternal AND tgenabled <> 'D'"
        ),
    }
    dialect = db.engine.dialect.name
    assert set(db.session.scalars(text(found[dialect]))) == TRIGGERS[dialect]
