"""What all tests share: a portal on each database, a client that looks at every page it opens, real servers and browsers."""

import fcntl
import gc
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask, Response
from flask_migrate import upgrade

from portal import create_app
from portal.core import caching, clock, page_cache, versions
from portal.core.db import db
from portal.demo.content import fill_if_empty
from portal.files.renditions import render_waiting
from tests.client import PortalClient
from tests.clocks import Clock
from tests.compiled import compile_once
from tests.databases import Postgres, hurry
from tests.files.here import rendering_here
from tests.on_both import left_to_sqlite

hypothesis.settings.register_profile("portal", deadline=None)  # a busy machine is no failure
hypothesis.settings.load_profile("portal")

compile_once()

ROOT = Path(__file__).resolve().parent.parent


def pytest_collection_finish() -> None:
    """Have the cycle collector pass over what was imported and collected: it took a third of the time of all tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 10)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real PostgreSQL of this test process, with a migrated database to copy."""
    with Postgres() as server:
        yield server


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, migrated SQLite database to copy."""
    folder = tmp_path_factory.mktemp("migrated")
    app = create_app({"INSTANCE": str(folder)})
    with app.app_context():
        upgrade()
        app.extensions["sqlalchemy"].engine.dispose()
    return folder / "portal.db"


@pytest.fixture(scope="session")
def demo_instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder with the demo content and its pictures, to copy; made once for all processes and parts of a run."""
    base = tmp_path_factory.getbasetemp()
    own = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    shared = Path(os.environ.get("SHARED_BY_TESTS") or own)
    folder = shared / "demo"
    with (shared / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            made = shared / "demo-being-made"
            app = create_app({"INSTANCE": str(made)})
            with app.app_context():
                upgrade()
                with rendering_here():
                    fill_if_empty()
                    render_waiting()
                app.extensions["sqlalchemy"].engine.dispose()
            made.rename(folder)
    return folder


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """Which database the portal of this test stands on; tests run on both unless they say otherwise."""
    return str(request.param)


@pytest.fixture
def settings(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> Iterator[dict[str, Any]]:
    """Settings of a portal of its own, its database migrated and empty. A night that a test's clock passes is not backed up."""
    instance = tmp_path / "instance"
    instance.mkdir()
    own = {"INSTANCE": str(instance), "TESTING": True, "BACKUPS_KEPT": 0}
    if database == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_sqlite"), instance / "portal.db")
        yield own
    else:
        server: Postgres = request.getfixturevalue("postgres")
        with server.copy() as url:
            yield {**own, "DATABASE_URL": url}


@pytest.fixture
def app(settings: dict[str, Any]) -> Iterator[Flask]:
    """A portal with an empty database, inside its application context."""
    app = create_app(settings)
    app.test_client_class = PortalClient
    app.after_request(_leave_nothing_unwritten)
    with app.app_context():
        hurry(db.engine)
        yield app
        app.extensions["sqlalchemy"].session.remove()
        app.extensions["sqlalchemy"].engine.dispose()


def _leave_nothing_unwritten(response: Response) -> Response:
    """Fail a test whose request changed something in the reading session, where it would be lost."""
    changed = [*db.session.new, *db.session.dirty, *db.session.deleted]
    assert not changed, "changed outside core.db.write"
    return response


@pytest.fixture
def client(app: Flask) -> PortalClient:
    """A reader's browser without scripts: keeps cookies, says where its requests come from."""
    return app.test_client()  # type: ignore[return-value]


@pytest.fixture
def standing(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that stands, in the place of the portal's two."""
    turned = Clock()
    for module in (caching, page_cache, versions):
        monkeypatch.setattr(module, "monotonic", turned.monotonic)
    monkeypatch.setattr(clock, "now_ms", turned.now_ms)
    return turned


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let a slow test say why, and leave to SQLite the cases that say nothing about PostgreSQL."""
    for item in items:
        marker = item.get_closest_marker("slow")
        if marker is not None and "why" not in marker.kwargs:
            sys.exit(f"{item.nodeid}: a slow test says why")
    left = set(left_to_sqlite(items))
    config.hook.pytest_deselected(items=[item for item in items if item in left])
    items[:] = [item for item in items if item not in left]
