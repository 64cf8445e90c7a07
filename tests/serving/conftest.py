"""Real servers on each database, and a portal in the test's own process that looks at the same data."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask

from portal import create_app
from tests.client import PortalClient
from tests.databases import Postgres
from tests.serving.server import Server


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest, demo_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`flask serve` on an instance of its own, with demo content; shared by the tests of a file."""
    instance = tmp_path_factory.mktemp("serving") / "instance"
    with ExitStack() as stack:
        environment = {}
        if request.param == "sqlite":
            shutil.copytree(demo_instance, instance)
        else:
            postgres: Postgres = request.getfixturevalue("postgres")
            environment["DATABASE_URL"] = stack.enter_context(postgres.copy())
        yield stack.enter_context(Server(instance, **environment))


@pytest.fixture(scope="module")
def nodes(server: Server) -> Iterator[list[Server]]:
    """The server, and on PostgreSQL a second node beside it, with the same files."""
    with ExitStack() as stack:
        more = [stack.enter_context(Server(server.instance, DATABASE_URL=server.database_url))] if server.database_url else []
        yield [server, *more]


@pytest.fixture
def app(server: Server) -> Iterator[Flask]:
    """A portal of the test's own process on the server's database, inside its application context."""
    app = create_app({"INSTANCE": str(server.instance), "DATABASE_URL": server.database_url, "TESTING": True})
    app.test_client_class = PortalClient
    with app.app_context():
        yield app
        app.extensions["sqlalchemy"].session.remove()
        app.extensions["sqlalchemy"].engine.dispose()
