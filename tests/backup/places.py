"""Where a site is put: an instance folder with its database, and what lies there."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import Result
from flask import Flask
from sqlalchemy import inspect

from portal.core.db import db
from tests.backup.full_site import portal_at


@dataclass(frozen=True, slots=True)
class Place:
    """An instance folder, and the URL of its database where that is not in it."""

    instance: Path
    url: str = ""

    def portal(self, **settings: Any) -> AbstractContextManager[Flask]:
        return portal_at(self.instance, self.url, **settings)

    def flask(self, *words: object, **settings: Any) -> Result:
        """Run `flask` with these words, as the server's administrator does."""
        with self.portal(**settings) as app:
            return app.test_cli_runner().invoke(args=[str(word) for word in words])

    def looks(self) -> tuple[list[str], list[str]]:
        """Return the names of all files here but the key's and the database's own, and of all tables."""
        with self.portal():
            return looks(self.instance)


def looks(instance: Path) -> tuple[list[str], list[str]]:
    """Return the same within a portal that is open on the instance."""
    names = [path.relative_to(instance).as_posix() for path in instance.rglob("*") if path.is_file()]
    kept = [name for name in names if not name.startswith(("portal.db", "secret_key"))]
    return sorted(kept), sorted(inspect(db.engine).get_table_names())


NOTHING: tuple[list[str], list[str]] = ([], [])
"""How an instance looks that nobody has touched."""
