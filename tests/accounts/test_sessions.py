"""A session that is over is over at once, on every process; one that is not is ended by no clock and no reading."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from portal import create_app
from portal.accounts import sweeping
from portal.accounts.models import User
from portal.core import clock, sessions
from portal.core.db import db, write
from portal.core.sessions import CODE, IDLE_MS, LONGEST_MS, NOTED_AFTER_MS, SET_UP, STEP_MS, StaffSession, cookie_name
from tests import cast
from tests.accounts.browser import sign_in, token_of
from tests.client import PortalClient

PAGE, OUT = "/ban-bien-tap/tai-khoan", "/ban-bien-tap/dang-xuat"


@pytest.fixture
def user(app: Flask) -> User:
    return cast.somebody("author", password=cast.PASSWORD)


@pytest.fixture
def browsers(app: Flask, settings: dict[str, Any], user: User) -> Iterator[list[PortalClient]]:
    """One and the same session, asked on two processes."""
    second = create_app(settings)
    second.test_client_class = PortalClient
    key, both = cast.session_of(user), list[PortalClient]()
    for one in (app, second):
        browser: PortalClient = one.test_client()  # type: ignore[assignment]
        browser.set_cookie(cookie_name(one), key)
        both.append(browser)
    assert asked(both) == [200, 200]
    yield both
    with second.app_context():
        second.extensions["sqlalchemy"].session.remove()
        second.extensions["sqlalchemy"].engine.dispose()


def asked(browsers: list[PortalClient], path: str = PAGE) -> list[int]:
    return [browser.get(path).status_code for browser in browsers]


def at(monkeypatch: pytest.MonkeyPatch, instant: int) -> None:
    monkeypatch.setattr(clock, "now_ms", lambda: instant)


def seen_at() -> int:
    db.session.rollback()
    return db.session.scalars(select(StaffSession.seen_at)).one()


def test_signing_out_on_one_process_ends_it_on_the_other(browsers: list[PortalClient]) -> None:
    here, there = browsers
    kept = here.get_cookie(cookie_name(here.application))
    assert kept is not None
    assert here.submit(OUT, {"token": token_of(here, PAGE)}).status_code == 303
    here.set_cookie(cookie_name(here.application), kept.value)
    assert asked([there, here]) == [303, 303]


def change_password(session: Session, user: User) -> None:
    session.execute(update(User).where(User.id == user.id).values(password_hash=cast.QUICK.hash("một mật khẩu khác")))
    sessions.end_sessions(session, user.id)


def change_role(session: Session, user: User) -> None:
    session.execute(update(User).where(User.id == user.id).values(role="administrator"))
    sessions.end_sessions(session, user.id)


ENDINGS: dict[str, Callable[[Session, User], object]] = {
    "a changed password": change_password,
    "a changed role": change_role,
    "ending all": lambda session, user: sessions.end_sessions(session, user.id),
    "disabling, even without ending": lambda session, user: session.execute(
        update(User).where(User.id == user.id).values(active=False)
    ),
    "a role that is none": lambda session, user: session.execute(update(User).where(User.id == user.id).values(role="owner")),
}


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("how", ENDINGS)
def test_it_is_refused_at_once_everywhere(browsers: list[PortalClient], user: User, how: str) -> None:
    token = token_of(browsers[0], PAGE)
    write(lambda session: ENDINGS[how](session, user))
    assert asked(browsers) == [303, 303]
    assert [browser.submit(f"{PAGE}/mat-khau", {"token": token}).status_code for browser in browsers] == [401, 401]
    assert [browser.get(PAGE, headers={"HX-Request": "true"}).status_code for browser in browsers] == [401, 401]


def test_ending_all_others_leaves_the_one_that_asks(browsers: list[PortalClient], app: Flask, user: User) -> None:
    other: PortalClient = app.test_client()  # type: ignore[assignment]
    key = cast.session_of(user)
    other.set_cookie(cookie_name(app), key)
    ended = write(lambda session: sessions.end_sessions(session, user.id, but=sessions.hash_of(key)))
    assert (ended, asked([*browsers, other])) == (1, [303, 303, 200])


def test_a_role_counts_from_the_next_request_on(browsers: list[PortalClient], user: User) -> None:
    log = "/ban-bien-tap/nhat-ky"
    assert asked(browsers, log) == [404, 404]
    write(lambda session: session.execute(update(User).where(User.id == user.id).values(role="administrator")))
    assert asked(browsers, log) == [200, 200]
    write(lambda session: session.execute(update(User).where(User.id == user.id).values(role="author")))
    assert asked(browsers, log) == [404, 404]


def test_an_hour_without_work_ends_it(browsers: list[PortalClient], monkeypatch: pytest.MonkeyPatch) -> None:
    begun = seen_at()
    at(monkeypatch, begun + IDLE_MS - 1)
    assert asked(browsers[:1]) == [200]
    at(monkeypatch, begun + 2 * IDLE_MS - 2)
    assert asked(browsers) == [200, 200]
    at(monkeypatch, begun + 3 * IDLE_MS - 2)
    assert asked(browsers) == [303, 303]


def test_work_without_a_break_ends_after_twelve_hours(browsers: list[PortalClient], monkeypatch: pytest.MonkeyPatch) -> None:
    begun = seen_at()
    for half_hour in range(1, 24):
        at(monkeypatch, begun + half_hour * 30 * clock.MINUTE)
        assert asked(browsers) == [200, 200]
    at(monkeypatch, begun + LONGEST_MS)
    assert asked(browsers) == [303, 303]


def test_a_clock_set_back_logs_nobody_out(browsers: list[PortalClient], monkeypatch: pytest.MonkeyPatch) -> None:
    begun = seen_at()
    for minutes in (-120, -119, -100, -60):
        at(monkeypatch, begun + minutes * clock.MINUTE)
        assert asked(browsers) == [200, 200]


def test_a_clock_set_ahead_by_two_days_does(browsers: list[PortalClient], monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, clock.now_ms() + 2 * clock.DAY)
    assert asked(browsers) == [303, 303]


@pytest.mark.parametrize("stage", [CODE, SET_UP])
def test_half_a_session_opens_nothing_and_waits_ten_minutes(
    app: Flask, client: PortalClient, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    client.set_cookie(cookie_name(app), cast.session_of(cast.somebody("administrator"), stage=stage))
    assert [client.get(path).status_code for path in (PAGE, "/ban-bien-tap/nhat-ky")] == [303, 303]
    step = {CODE: "/ban-bien-tap/ma-xac-thuc", SET_UP: "/ban-bien-tap/buoc-hai"}[stage]
    assert client.get(step).status_code == 200
    at(monkeypatch, clock.now_ms() + STEP_MS)
    assert client.get(step).status_code == 303


def test_work_is_noted_once_a_minute(browsers: list[PortalClient], monkeypatch: pytest.MonkeyPatch) -> None:
    begun = seen_at()
    written: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.lstrip().upper().startswith("UPDATE"):
            written.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    for second in range(0, 120, 10):
        at(monkeypatch, begun + second * 1_000)
        assert asked(browsers[:1]) == [200]
    assert len(written) == 1
    assert seen_at() == begun + NOTED_AFTER_MS


def test_reading_the_public_pages_is_no_work(browsers: list[PortalClient], monkeypatch: pytest.MonkeyPatch) -> None:
    begun = seen_at()
    at(monkeypatch, begun + 30 * clock.MINUTE)
    assert asked(browsers, "/tham-do") == [200, 200]
    assert seen_at() == begun


def test_what_is_over_is_erased(app: Flask, user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    cast.session_of(user)
    cast.session_of(user, stage=CODE)
    at(monkeypatch, clock.now_ms() + STEP_MS)
    sweeping.sweep({})
    assert db.session.scalars(select(StaffSession.stage)).all() == ["full"]
    at(monkeypatch, clock.now_ms() + IDLE_MS)
    sweeping.sweep({})
    assert db.session.scalars(select(StaffSession.stage)).all() == []


@pytest.mark.parametrize("values", [{"active": False}, {"role": "owner"}, {"role": ""}, {"role": "ADMINISTRATOR"}])
def test_who_may_not_work_cannot_sign_in_either(app: Flask, client: PortalClient, values: dict[str, Any]) -> None:
    stranger = cast.somebody("author", password=cast.PASSWORD)
    write(lambda session: session.execute(update(User).where(User.id == stranger.id).values(**values)))
    answer = sign_in(client, stranger.email)
    assert answer.status_code == 422
    assert "Chưa đăng nhập được" in answer.text
    client.set_cookie(cookie_name(app), cast.session_of(stranger))
    assert client.get(PAGE).status_code == 303
