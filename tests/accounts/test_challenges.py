"""Questions to passkeys keep nothing until a true answer has used them up; each is for one browser, one purpose, five minutes."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from portal.accounts import challenges, kept_keys, sweeping
from portal.accounts.models import Challenge
from portal.core import clock
from portal.core.db import db, write
from portal.core.sessions import StaffSession, cookie_name
from tests.accounts.authenticator import Authenticator
from tests.accounts.holding import KEYS, STEP, actions, add, asked, assert_refused, enter, passkeys, rows
from tests.client import PortalClient


def at(monkeypatch: pytest.MonkeyPatch, now: int) -> None:
    monkeypatch.setattr(clock, "now_ms", lambda: now)


def answered(device: Authenticator, token: str, question: dict[str, Any]) -> dict[str, str]:
    return {"token": token, "answer": json.dumps(device.get(question))}


def test_asking_keeps_nothing_however_often(staff: PortalClient, visitor: PortalClient) -> None:
    questions = {asked(browser, where)[1]["challenge"] for browser, where in 3 * ((staff, KEYS), (visitor, STEP))}
    assert len(questions) == 6
    assert rows(Challenge) == 0


def test_a_wrong_answer_keeps_nothing_and_the_right_one_may_follow(
    staff: PortalClient, visitor: PortalClient, device: Authenticator
) -> None:
    add(staff, device)
    token, question = asked(visitor, STEP)
    right = answered(device, token, question)
    wrong = answered(Authenticator(origin="http://localhost", rp_id="localhost"), token, question)
    assert_refused(visitor.submit(STEP, wrong), "wrong_passkey")
    assert rows(Challenge) == 1
    assert visitor.submit(STEP, right).status_code == 200
    assert rows(Challenge) == 2


def test_an_answer_counts_once(staff: PortalClient, visitor: PortalClient, device: Authenticator) -> None:
    add(staff, device)
    token, question = asked(visitor, STEP)
    form = answered(device, token, question)
    assert visitor.submit(STEP, form).status_code == 200
    visitor.delete_cookie(cookie_name(visitor.application))
    assert_refused(visitor.submit(STEP, form), "wrong_passkey")


def test_of_one_answer_twice_at_once_one_counts(
    app: Flask, staff: PortalClient, visitor: PortalClient, device: Authenticator, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(staff, device)
    token, question = asked(visitor, STEP)
    start = visitor.get_cookie(cookie_name(app, "start"))
    assert start is not None
    both, carried = threading.Barrier(2, timeout=20), challenges.carried
    monkeypatch.setattr(challenges, "carried", lambda *said: (carried(*said), both.wait())[0])

    def send(_: int) -> int:
        with app.app_context():
            browser = app.test_client()
            browser.set_cookie(cookie_name(app, "start"), start.value)
            return int(browser.submit(STEP, answered(device, token, question)).status_code)  # type: ignore[attr-defined]

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(send, range(2))) == [200, 422]
    assert actions().count("sign_in") == 1


def test_a_new_passkey_s_answer_twice_at_once_adds_one(
    app: Flask, staff: PortalClient, device: Authenticator, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, question = asked(staff)
    form = {"token": token, "answer": json.dumps(device.create(question))}
    key = staff.get_cookie(cookie_name(app))
    assert key is not None
    both, carried = threading.Barrier(2, timeout=20), challenges.carried
    monkeypatch.setattr(kept_keys.challenges, "carried", lambda *said: (carried(*said), both.wait())[0])

    def send(_: int) -> int:
        with app.app_context():
            browser = app.test_client()
            browser.set_cookie(cookie_name(app), key.value)
            return int(browser.submit(KEYS, form).status_code)  # type: ignore[attr-defined]

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(send, range(2))) == [200, 422]
    assert len(passkeys()) == 1


def test_a_question_of_another_browser_is_not_answered(
    staff: PortalClient, visitor: PortalClient, app: Flask, device: Authenticator
) -> None:
    add(staff, device)
    _, question = asked(app.test_client(), STEP)  # type: ignore[arg-type]
    token, _ = asked(visitor, STEP)
    assert_refused(visitor.submit(STEP, answered(device, token, question)), "wrong_passkey")


def test_a_question_of_before_signing_in_is_another_browser_s(
    app: Flask, staff: PortalClient, visitor: PortalClient, device: Authenticator
) -> None:
    add(staff, device)
    _, question = asked(visitor, STEP)
    assert enter(visitor, device).status_code == 200
    token, _ = asked(visitor, STEP, page=KEYS)
    assert_refused(visitor.submit(STEP, answered(device, token, question)), "wrong_passkey")


def test_a_question_for_adding_is_none_for_signing_in(staff: PortalClient, device: Authenticator) -> None:
    add(staff, device)
    token, question = asked(staff)
    assert_refused(staff.submit(STEP, answered(device, token, question)), "wrong_passkey")


def test_a_question_for_signing_in_is_none_for_adding(staff: PortalClient, device: Authenticator) -> None:
    _, own = asked(staff)
    token, question = asked(staff, STEP, page=KEYS)
    form = {"token": token, "answer": json.dumps(device.create(own | {"challenge": question["challenge"]}))}
    assert staff.submit(KEYS, form).status_code == 422
    assert (passkeys(), rows(Challenge)) == ([], 0)


@pytest.mark.parametrize("place", [0, 31, 32, 39, 40, 71])
def test_a_flipped_bit_makes_it_none(staff: PortalClient, visitor: PortalClient, device: Authenticator, place: int) -> None:
    add(staff, device)
    token, question = asked(visitor, STEP)
    flipped = bytearray(base64url_to_bytes(question["challenge"]))
    flipped[place] ^= 1
    question["challenge"] = bytes_to_base64url(bytes(flipped))
    assert_refused(visitor.submit(STEP, answered(device, token, question)), "wrong_passkey")


@pytest.mark.parametrize(
    "challenge", ["", "AAAA", bytes_to_base64url(b"a" * 32), bytes_to_base64url(b"a" * 72), "é", "a" * 9_000]
)
def test_what_we_never_asked_is_no_question(
    staff: PortalClient, visitor: PortalClient, device: Authenticator, challenge: str
) -> None:
    add(staff, device)
    token, question = asked(visitor, STEP)
    assert_refused(visitor.submit(STEP, answered(device, token, question | {"challenge": challenge})), "wrong_passkey")


@pytest.mark.parametrize(("later", "status"), [(5 * clock.MINUTE - 1, 200), (5 * clock.MINUTE, 422), (-clock.HOUR, 422)])
def test_a_question_is_good_for_five_minutes_and_not_longer_where_the_clock_was_set_back(
    staff: PortalClient,
    visitor: PortalClient,
    device: Authenticator,
    monkeypatch: pytest.MonkeyPatch,
    later: int,
    status: int,
) -> None:
    add(staff, device)
    now = clock.now_ms()
    at(monkeypatch, now)
    token, question = asked(visitor, STEP)
    at(monkeypatch, now + later)
    assert visitor.submit(STEP, answered(device, token, question)).status_code == status


def test_what_was_answered_is_kept_as_a_hash_for_a_day(
    staff: PortalClient, device: Authenticator, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, question = asked(staff)
    staff.submit(KEYS, {"token": token, "answer": json.dumps(device.create(question))})
    [row] = db.session.scalars(select(Challenge)).all()
    assert row.hash not in base64url_to_bytes(question["challenge"])
    over = row.expires_at + clock.DAY
    at(monkeypatch, over - 1)
    sweeping.sweep({})
    assert rows(Challenge) == 1
    at(monkeypatch, over)
    sweeping.sweep({})
    assert rows(Challenge) == 0


def test_a_write_that_fails_uses_no_question_up(
    app: Flask, staff: PortalClient, visitor: PortalClient, device: Authenticator
) -> None:
    add(staff, device)
    token, question = asked(visitor, STEP)
    carried = base64url_to_bytes(question["challenge"])

    def killed_half_way(session: Any) -> None:
        assert challenges.use_up(session, carried)
        raise InterruptedError

    with pytest.raises(InterruptedError):
        write(killed_half_way)
    assert visitor.submit(STEP, answered(device, token, question)).status_code == 200
    assert rows(StaffSession) == 2
