"""Where the database is locked or gone, the site says so with 503, when to come again, and stores nothing."""

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, create_engine, text

from portal import create_app
from portal.core import db as database_module
from portal.core import page_cache, sqlite, versions
from portal.core.db import db
from portal.polls.models import Poll
from portal.visits import pagekeys
from tests import cast
from tests.client import PortalClient
from tests.databases import Postgres

PATIENCE_MS = 100


@pytest.fixture
def app(settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """A portal with an article and a poll that waits a tenth of a second for a lock, not five."""
    monkeypatch.setattr(sqlite, "BUSY_MS", PATIENCE_MS)
    monkeypatch.setattr(database_module, "LOCK_MS", PATIENCE_MS)
    app = create_app({**settings, "TESTING": False})
    app.test_client_class = PortalClient
    with app.app_context():
        yield app
        app.extensions["sqlalchemy"].session.remove()
        app.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture
def poll(app: Flask) -> cast.PollIds:
    """An open poll in an article."""
    ids = cast.a_poll()
    cast.an_article(poll_id=ids.id)
    return ids


@pytest.fixture
def holder(app: Flask) -> Iterator[Connection]:
    """Another program's connection that keeps everything locked for writing."""
    engine = create_engine(db.engine.url, **({"module": sqlite.driver} if db.engine.dialect.name == "sqlite" else {}))
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.connection.dbapi_connection.isolation_level = None  # type: ignore[union-attr]
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(
                text("LOCK TABLE poll, page_views, site_figures, visit_salt, visitor, page_load IN EXCLUSIVE MODE")
            )
        yield connection
        connection.rollback()
    engine.dispose()


@pytest.fixture
def gone(app: Flask, settings: dict[str, Any], request: pytest.FixtureRequest) -> Callable[[], None]:
    """Returns what takes the database away."""

    def take_away() -> None:
        db.session.remove()
        if db.engine.dialect.name == "postgresql":
            server: Postgres = request.getfixturevalue("postgres")
            server.take_away(settings["DATABASE_URL"])
            return
        db.engine.dispose()
        path = Path(settings["INSTANCE"]) / "portal.db"
        path.rename(path.with_suffix(".away"))
        path.mkdir()

    return take_away


def ballot(poll: cast.PollIds) -> dict[str, Any]:
    return {"version": 1, "choice": poll.choices[0], "request": secrets.token_hex(16)}


def check_unavailable(answer: Any, *, fragment: bool = False) -> None:
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert ("<html" in answer.text) is not fragment
    assert "sqlite" not in answer.text.lower()
    assert "psycopg" not in answer.text.lower()


@pytest.mark.parametrize("fragment", [False, True])
def test_a_vote_that_cannot_be_stored_says_so(
    client: PortalClient, poll: cast.PollIds, holder: Connection, fragment: bool
) -> None:
    sent = ballot(poll)
    answer = (client.swap if fragment else client.submit)(poll.url, sent)
    check_unavailable(answer, fragment=fragment)
    holder.rollback()
    assert db.session.get_one(Poll, poll.id).voters == 0
    assert client.swap(poll.url, sent).status_code == 200
    assert client.swap(poll.url, sent).status_code == 200
    db.session.rollback()
    assert db.session.get_one(Poll, poll.id).voters == 1


def test_pages_can_be_read_while_somebody_else_writes(client: PortalClient, poll: cast.PollIds, holder: Connection) -> None:
    assert client.get("/").status_code == 200
    assert client.get(poll.url).status_code == 200


def test_a_load_that_cannot_be_counted_says_so(client: PortalClient, app: Flask, poll: cast.PollIds, holder: Connection) -> None:
    sent = {"page": pagekeys.sign("home"), "load": secrets.token_hex(16)}
    check_unavailable(client.swap("/so-lieu", sent), fragment=True)


@pytest.mark.slow(why="waits for connections to a database that is gone")
def test_every_page_says_that_the_database_is_gone(client: PortalClient, poll: cast.PollIds, gone: Callable[[], None]) -> None:
    gone()
    for path in ("/", "/healthz", "/sitemap.xml", poll.url, f"{poll.url}/ket-qua", "/tep/unknown", "/bai-viet/ke-hoach-1"):
        check_unavailable(client.get(path))
    check_unavailable(client.swap(poll.url, ballot(poll)), fragment=True)
    check_unavailable(client.submit(poll.url, ballot(poll)))
    assert client.get("/nothing").status_code in {404, 503}


@pytest.mark.slow(why="waits for connections to a database that is gone")
def test_nobody_stays_signed_in_by_a_database_that_is_gone(app: Flask, client: PortalClient, gone: Callable[[], None]) -> None:
    client.set_cookie("staff", cast.signed_in())
    gone()
    assert client.get("/").status_code == 503


@pytest.mark.slow(why="waits for connections to a database that is gone")
def test_a_kept_page_outlives_the_database_by_a_second_at_most(
    client: PortalClient, poll: cast.PollIds, gone: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1_000.0]
    for module in (versions, page_cache):
        monkeypatch.setattr(module, "monotonic", lambda: now[0])
    assert client.get(poll.url).status_code == 200
    gone()
    now[0] += versions.LOOK_AFTER_S - 0.01
    assert client.get(poll.url).status_code == 200
    now[0] += 1.0 - versions.LOOK_AFTER_S + 0.01
    check_unavailable(client.get(poll.url))


@pytest.mark.slow(why="waits for connections to a database that is gone")
def test_static_files_need_no_database(app: Flask, client: PortalClient, gone: Callable[[], None]) -> None:
    gone()
    assert client.get(app.extensions["assets"].url("css")).status_code == 200


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.slow(why="waits for connections to a database that is gone")
def test_the_site_is_back_when_the_database_is(
    client: PortalClient, poll: cast.PollIds, gone: Callable[[], None], settings: dict[str, Any]
) -> None:
    gone()
    check_unavailable(client.swap(poll.url, sent := ballot(poll)), fragment=True)
    path = Path(settings["INSTANCE"]) / "portal.db"
    path.rmdir()
    path.with_suffix(".away").rename(path)
    assert client.swap(poll.url, sent).status_code == 200
    assert client.get(poll.url).status_code == 200
