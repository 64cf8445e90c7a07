"""What a thief of a session, of a password or of a browser tries, and whoever can move the clock: nothing comes of it."""

import json

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from portal.accounts import brakes, devices, signing_in, sweeping
from portal.accounts.models import Attempt, User
from portal.audit.models import Entry
from portal.core import clock
from portal.core.db import db, write
from portal.core.sessions import StaffSession, cookie_name
from tests import cast
from tests.accounts.authenticator import Authenticator
from tests.accounts.browser import SIGN_IN, token_of
from tests.accounts.holding import KEYS, STEP, add, asked, assert_refused, enter, passkeys
from tests.accounts.own import CODES, REMOVAL, at_work, code_of, kept, with_app
from tests.client import PortalClient


def number_of(kind: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(kind)) or 0


@pytest.mark.parametrize("path", [REMOVAL, CODES])
def test_codes_asked_again_are_braked_from_all_networks_together(app: Flask, path: str) -> None:
    """Whoever has somebody's session and many addresses would else try a million codes in a day, and take the app away."""
    user, secret = with_app()
    thief = at_work(app, user)
    token = token_of(thief.browser, path)

    def guess(number: int, code: str = "000000") -> int:
        elsewhere = {"REMOTE_ADDR": f"198.51.100.{number}"}
        return thief.browser.submit(path, {"token": token, "code": code}, environ_base=elsewhere).status_code

    assert [guess(number) for number in range(brakes.MOST["code"] + 1)] == 30 * [422] + [429]
    assert guess(99, code_of(secret)) == 429
    assert kept(user) == secret


def test_a_right_code_asked_again_counts_as_no_attempt(app: Flask) -> None:
    user, secret = with_app()
    assert at_work(app, user).sends(CODES, CODES, code=code_of(secret))[0] == 200
    assert number_of(Attempt) == 0


def test_a_browser_that_is_forgotten_while_it_signs_in_is_asked_for_the_code(
    app: Flask, client: PortalClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, _secret = with_app()
    key, _row = write(lambda session: devices.trust(session, user, "Chrome, Windows"))
    client.set_cookie(cookie_name(app, devices.COOKIE), key)
    judge = signing_in._stage_after_password

    def then_forgotten(*said: object) -> str:
        stage = judge(*said)  # type: ignore[arg-type]
        with app.app_context():
            write(lambda session: devices.forget_all(session, user.id))
        return stage

    monkeypatch.setattr(signing_in, "_stage_after_password", then_forgotten)
    form = {"token": token_of(client, SIGN_IN), "email": user.email, "password": cast.PASSWORD}
    assert client.submit(SIGN_IN, form).status_code == 422
    assert number_of(StaffSession) == 0


@pytest.mark.parametrize("back", [10 * clock.MINUTE, 2 * clock.HOUR])
def test_a_clock_that_is_set_back_makes_no_answer_good_again(
    staff: PortalClient, visitor: PortalClient, device: Authenticator, monkeypatch: pytest.MonkeyPatch, back: int
) -> None:
    add(staff, device)
    now = clock.now_ms()
    monkeypatch.setattr(clock, "now_ms", lambda: now)
    token, question = asked(visitor, STEP)
    form = {"token": token, "answer": json.dumps(device.get(question))}
    assert visitor.submit(STEP, form).status_code == 200
    visitor.delete_cookie(cookie_name(visitor.application))

    monkeypatch.setattr(clock, "now_ms", lambda: now + back)
    sweeping.sweep({})
    assert enter(visitor, device).status_code == 200  # which erases as well
    visitor.delete_cookie(cookie_name(visitor.application))

    monkeypatch.setattr(clock, "now_ms", lambda: now)
    assert_refused(visitor.submit(STEP, form), "wrong_passkey")


def test_a_clock_that_is_set_back_makes_no_session_young(app: Flask) -> None:
    """Whoever has a passkey alone is asked for nothing else than a session just begun."""
    thief = at_work(app, cast.somebody("author"), first="passkey")
    ahead = clock.now_ms() + 2 * clock.HOUR
    write(lambda session: session.execute(update(StaffSession).values(created_at=ahead, seen_at=ahead)))
    answer = thief.browser.submit(f"{KEYS}/cau-hoi", {"token": token_of(thief.browser, KEYS)})
    assert (answer.status_code, "challenge" in answer.text) == (422, False)


def test_strangers_everywhere_shut_no_passkey_out(
    staff: PortalClient, visitor: PortalClient, device: Authenticator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An administrator, who trusts no browser, has a way in while signing in is braked for everybody."""
    write(lambda session: session.execute(update(User).values(role="administrator")))
    add(staff, device)
    monkeypatch.setitem(brakes.MOST, "everybody", 5)
    token = token_of(visitor, SIGN_IN)
    for number in range(6):
        form = {"token": token, "email": "khac@example.vn", "password": "sai"}
        answer = visitor.submit(SIGN_IN, form, environ_base={"REMOTE_ADDR": f"198.51.100.{number}"})
    assert answer.status_code == 429
    nobody_s = json.dumps(Authenticator().get({"challenge": "AAAA"}))
    assert visitor.submit(STEP, {"token": token, "answer": nobody_s}).status_code == 429
    assert enter(visitor, device).status_code == 200


def test_who_is_braked_writes_neither_entries_nor_rows_nor_lines(
    visitor: PortalClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(brakes.MOST, "network", 2)
    token = token_of(visitor, SIGN_IN)
    for number in range(8):
        answer = visitor.submit(STEP, {"token": token, "answer": f"[{number}"})
    assert answer.status_code == 429
    assert (number_of(Attempt), number_of(Entry)) == (2, 3)
    assert len([line for line in caplog.records if line.name == "portal.accounts.by_passkey"]) == 2


def test_a_name_that_composing_makes_longer_is_refused(staff: PortalClient, device: Authenticator) -> None:
    assert add(staff, device, name="\U0001d160" * 80).status_code == 400
    assert passkeys() == []
    assert add(staff, device, name="\U0001d160" * 26).status_code == 200
