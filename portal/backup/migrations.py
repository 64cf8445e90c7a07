"""Migrations by their names: which this release knows, and bringing an empty database to one of them."""

from alembic.script import ScriptDirectory
from flask import current_app
from flask_migrate import upgrade
from sqlalchemy import Connection, inspect, text

from portal.core.db import db

NOTE = "alembic_version"
"""The table in which a database notes its migration."""


def newest() -> str:
    """Return the migration that this release's tables are."""
    head = _scripts().get_current_head()
    if head is None:
        raise LookupError("there are no migrations")
    return head


def current(connection: Connection) -> str | None:
    """Return the migration of the database; None where there is none."""
    if not inspect(connection).has_table(NOTE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {NOTE}")).scalar()  # noqa: S608 - our own name


def is_known(revision: str) -> bool:
    """Tell whether this release has a migration of this name."""
    return revision in {script.revision for script in _scripts().walk_revisions()}


def bring_to(revision: str) -> None:
    """Migrate the database up to a migration, or to the newest with "head"."""
    db.session.remove()
    upgrade(revision=revision)
    db.engine.dispose()  # what connections have prepared is of other tables


def _scripts() -> ScriptDirectory:
    config = current_app.extensions["migrate"].migrate.get_config()
    return ScriptDirectory.from_config(config)
