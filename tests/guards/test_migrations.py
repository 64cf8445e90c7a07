"""Migrations from nothing make the tables that the models say, and can be undone."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from portal.articles.models import Article
from portal.core.db import db, write
from tests import cast


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """Migrations are run on both databases."""
    return str(request.param)


def differences() -> list[Any]:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, db.metadata))


def test_migrations_from_nothing_equal_the_models(app: Flask) -> None:
    assert differences() == []


def test_a_difference_would_be_noticed(app: Flask) -> None:
    with db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE article DROP COLUMN author_line"))
    assert [change[0] for change in differences()] == ["add_column"]


def test_every_migration_can_be_undone_and_done_again(app: Flask) -> None:
    downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) == {"alembic_version"}
    upgrade()
    assert differences() == []


def test_migrating_again_changes_nothing_that_is_stored(app: Flask) -> None:
    article = cast.an_article()
    key = cast.an_attachment(article)
    upgrade()
    assert db.session.scalar(text("SELECT key FROM attachment")) == key
    assert db.session.get(Article, article) is not None


def test_a_row_without_its_parent_is_refused(app: Flask) -> None:
    with pytest.raises(IntegrityError):
        cast.an_article(section=4_711)


def test_every_foreign_key_and_constraint_has_a_name(app: Flask) -> None:
    for table in db.metadata.tables.values():
        assert all(constraint.name for constraint in table.constraints), table.name


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_foreign_keys_are_on_in_every_sqlite_connection(app: Flask) -> None:
    with db.engine.connect() as first, db.engine.connect() as second:
        assert [one.execute(text("PRAGMA foreign_keys")).scalar() for one in (first, second)] == [1, 1]
    upgrade()
    with db.engine.connect() as after_a_migration:
        assert after_a_migration.execute(text("PRAGMA foreign_keys")).scalar() == 1
    assert write(lambda session: session.scalar(text("PRAGMA foreign_keys"))) == 1


@pytest.mark.slow(why="starts two processes that migrate the same database at once")
def test_two_processes_that_start_at_once_migrate_once(settings: dict[str, Any], root: Path, app: Flask) -> None:
    downgrade(revision="base")
    environment = {**os.environ, "INSTANCE": settings["INSTANCE"], "DATABASE_URL": settings.get("DATABASE_URL", "")}
    command = [sys.executable, "-m", "flask", "--app", "portal", "db", "upgrade"]
    both = [subprocess.Popen(command, cwd=root, env=environment, stderr=subprocess.DEVNULL) for _ in range(2)]
    assert [one.wait() for one in both] == [0, 0]
    assert differences() == []
