"""Who was refused what is on record: once a minute for each person and address, however often somebody tries."""

import json

import pytest
from flask import Flask
from sqlalchemy import event

from portal.audit.models import Entry
from portal.core import clock
from portal.core.db import db
from portal.core.sessions import cookie_name
from tests import cast
from tests.accounts.browser import own_token
from tests.audit.recording import entries
from tests.client import SAME_ORIGIN, PortalClient
from tests.serving.crowd import at_once

PEOPLE, LOG, OWN = "/ban-bien-tap/nguoi-dung", "/ban-bien-tap/nhat-ky", "/ban-bien-tap/tai-khoan"


@pytest.fixture
def editor(app: Flask) -> PortalClient:
    return browser_of(app, "editor")


def browser_of(app: Flask, role: str) -> PortalClient:
    """Return the browser of somebody who is signed in."""
    browser: PortalClient = app.test_client()  # type: ignore[assignment]
    browser.set_cookie(cookie_name(app), cast.session_of(cast.somebody(role)))
    return browser


def told(entry: Entry) -> tuple[str, str, str, str]:
    """Return who was refused, what, and of which thing."""
    fields = json.loads(entry.fields)
    assert (entry.action, fields["answer"], fields.keys()) == ("access_refused", "not_found", {"answer", "endpoint"})
    return entry.actor_name, fields["endpoint"], entry.thing, fields["answer"]


def refused() -> list[tuple[str, str]]:
    """Return which addresses were refused, and of which things, in order."""
    return [told(entry)[1:3] for entry in entries()]


def test_who_was_refused_what_is_on_record(app: Flask, editor: PortalClient) -> None:
    other = cast.somebody("author")
    assert editor.get(PEOPLE).status_code == 404
    assert editor.get(f"{PEOPLE}/{other.id}").status_code == 404
    form = {"token": own_token(editor)}
    assert editor.submit(f"{PEOPLE}/{other.id}/khoa", form).status_code == 404
    assert refused() == [("people.index", ""), ("people.show", f"user:{other.id}"), ("people.disable", f"user:{other.id}")]
    assert {entry.actor_name for entry in entries()} == {cast.PEOPLE["editor"]}


def test_who_hammers_fills_no_log(app: Flask, editor: PortalClient, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(1, 30):
        assert editor.get(f"{PEOPLE}/{number}").status_code == 404
        assert editor.get(LOG, query_string={"trang": str(number)}, headers={"HX-Request": "true"}).status_code == 404
    assert refused() == [("people.show", "user:1"), ("audit.index", "")]

    began = clock.now_ms()
    monkeypatch.setattr(clock, "now_ms", lambda: began + clock.MINUTE)
    for number in range(30, 32):
        assert editor.get(f"{PEOPLE}/{number}").status_code == 404
    assert refused()[2:] == [("people.show", "user:30")]


def test_another_person_has_another_minute(app: Flask, editor: PortalClient) -> None:
    for browser in (editor, browser_of(app, "author")):
        for _ in range(2):
            assert browser.get(LOG).status_code == 404
    assert [entry.actor_name for entry in entries()] == [cast.PEOPLE["editor"], cast.PEOPLE["author"]]


def test_many_at_once_are_one_line(app: Flask) -> None:
    user = cast.somebody("editor")
    key = cast.session_of(user)

    def asking() -> int:
        with app.app_context():
            browser: PortalClient = app.test_client()  # type: ignore[assignment]
            browser.set_cookie(cookie_name(app), key)
            return browser.get(LOG).status_code

    assert at_once([asking] * 6) == [404] * 6
    assert refused() == [("audit.index", "")]


def test_a_clock_that_was_set_back_records_again(app: Flask, editor: PortalClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert editor.get(LOG).status_code == 404
    earlier = clock.now_ms() - clock.HOUR
    monkeypatch.setattr(clock, "now_ms", lambda: earlier)
    assert editor.get(LOG).status_code == 404
    assert len(refused()) == 2


def test_a_refusal_costs_one_write_and_the_same_again_none(app: Flask, editor: PortalClient) -> None:
    changing: list[str] = []

    @event.listens_for(db.engine, "before_cursor_execute")
    def _note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            changing.append(statement.partition(" (")[0])

    assert editor.get(PEOPLE).status_code == 404
    assert changing == ["INSERT INTO audit_entry"]
    for _ in range(5):
        assert editor.get(PEOPLE).status_code == 404
    assert changing == ["INSERT INTO audit_entry"]


def test_a_visitor_and_what_another_site_sends_leave_no_line(app: Flask, client: PortalClient, editor: PortalClient) -> None:
    assert client.get(PEOPLE).status_code == 303
    assert client.submit(f"{PEOPLE}/them").status_code == 401
    foreign = {**SAME_ORIGIN, "Sec-Fetch-Site": "cross-site"}
    assert editor.post(f"{PEOPLE}/them", data={"token": own_token(editor)}, headers=foreign).status_code == 403
    assert entries() == []


def test_an_administrator_reads_it(app: Flask, editor: PortalClient) -> None:
    editor.get(LOG)
    page = browser_of(app, "administrator").get(LOG, query_string={"viec": "access_refused"}).text
    assert cast.PEOPLE["editor"] in page
    assert "audit.index" in page
