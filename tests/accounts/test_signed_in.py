"""Who is signed in is a row: without it, after its time, or for somebody disabled, there is nobody."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask_login import current_user, encode_cookie
from sqlalchemy import delete, select, update

from portal import create_app
from portal.accounts.models import User
from portal.core import clock
from portal.core.db import db, write
from portal.core.sessions import IDLE_MS, LONGEST_MS, StaffSession, cookie_name
from portal.core.staff import staff_blueprint
from tests import cast
from tests.client import PortalClient


@pytest.fixture
def app(settings: dict[str, Any]) -> Iterator[Flask]:
    """A portal with one staff page, which tells who is signed in."""
    app = create_app(settings)
    app.test_client_class = PortalClient
    blueprint = staff_blueprint("who", __name__)
    blueprint.get("/who")(lambda: current_user.name)
    app.register_blueprint(blueprint)
    with app.app_context():
        yield app
        app.extensions["sqlalchemy"].session.remove()
        app.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture
def staff(app: Flask, client: PortalClient) -> PortalClient:
    """The browser of an editor who is signed in."""
    client.set_cookie(cookie_name(app), cast.signed_in(cast.PEOPLE["editor"]))
    return client


def test_somebody_signed_in_is_known(staff: PortalClient) -> None:
    assert staff.get("/who").text == cast.PEOPLE["editor"]


def test_two_people_are_two(app: Flask, staff: PortalClient) -> None:
    other: PortalClient = app.test_client()  # type: ignore[assignment]
    other.set_cookie(cookie_name(app), cast.signed_in(cast.PEOPLE["author"]))
    assert (other.get("/who").text, staff.get("/who").text) == (cast.PEOPLE["author"], cast.PEOPLE["editor"])


def test_a_visitor_is_nobody(client: PortalClient) -> None:
    assert client.get("/who").status_code == 303


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("key", ["", "x", "a" * 43, "é", "x" * 3_000, "\\000", "1"])
def test_a_key_that_is_none_of_ours_signs_nobody_in(app: Flask, staff: PortalClient, key: str) -> None:
    staff.set_cookie(cookie_name(app), key)
    assert staff.get("/who").status_code == 303
    assert staff.get("/").status_code == 200


def test_the_hash_in_the_database_is_no_key(app: Flask, client: PortalClient) -> None:
    key = cast.signed_in()
    stored = db.session.scalars(select(StaffSession.key_hash)).one()
    assert key.encode() not in stored
    client.set_cookie(cookie_name(app), stored.hex())
    assert client.get("/who").status_code == 303


def test_a_session_ends_twelve_hours_after_it_began(staff: PortalClient, monkeypatch: pytest.MonkeyPatch) -> None:
    began = clock.now_ms()
    for minutes in range(0, 12 * 60, 50):
        monkeypatch.setattr(clock, "now_ms", lambda at=began + minutes * clock.MINUTE: at)
        assert staff.get("/who").status_code == 200
    monkeypatch.setattr(clock, "now_ms", lambda: began + LONGEST_MS + clock.MINUTE)
    assert staff.get("/who").status_code == 303


def test_a_session_ends_an_hour_after_the_last_work(staff: PortalClient, monkeypatch: pytest.MonkeyPatch) -> None:
    began = clock.now_ms()
    monkeypatch.setattr(clock, "now_ms", lambda: began + IDLE_MS - clock.MINUTE)
    assert staff.get("/who").status_code == 200
    monkeypatch.setattr(clock, "now_ms", lambda: began + 2 * IDLE_MS)
    assert staff.get("/who").status_code == 303


def test_a_session_that_is_ended_is_over_at_once(staff: PortalClient) -> None:
    write(lambda session: session.execute(delete(StaffSession)))
    assert staff.get("/who").status_code == 303


def test_somebody_disabled_is_nobody_at_once(staff: PortalClient) -> None:
    write(lambda session: session.execute(update(User).values(active=False)))
    assert staff.get("/who").status_code == 303


def test_somebody_deleted_takes_his_sessions_with_him(staff: PortalClient) -> None:
    write(lambda session: session.execute(delete(User)))
    assert staff.get("/who").status_code == 303
    assert db.session.scalars(select(StaffSession)).all() == []


def test_reading_signed_in_sets_no_cookie(staff: PortalClient) -> None:
    for path in ("/", "/who", "/nothing"):
        answer = staff.get(path)
        assert "Set-Cookie" not in answer.headers
        assert "cookie" not in answer.headers.get("Vary", "").lower()


def test_the_other_cookie_of_flask_is_not_believed(app: Flask, client: PortalClient) -> None:
    cast.signed_in()
    for name in ("session", "remember_token", "staff_user", "user_id"):
        client.set_cookie(name, "1")
    assert client.get("/who").status_code == 303


def test_the_library_s_cookie_opens_nothing_even_signed_with_the_site_s_key(app: Flask, client: PortalClient) -> None:
    user = cast.somebody("administrator")
    with app.test_request_context():
        client.set_cookie("remember_token", encode_cookie(str(user.id)))
    assert client.get("/who").status_code == 303
    assert client.get("/ban-bien-tap/nguoi-dung").status_code == 303
