"""Signing in with a passkey, alone or after a password; anything else is refused in one sentence."""

import json
import logging
import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from portal.accounts import brakes, by_passkey
from portal.accounts.models import User
from portal.accounts.sealed import seal
from portal.core import clock
from portal.core.db import write
from portal.core.sessions import StaffSession, cookie_name
from tests import cast
from tests.accounts.authenticator import ELIGIBLE, PRESENT, VERIFIED, Authenticator
from tests.accounts.browser import SIGN_IN, sign_in, token_of
from tests.accounts.holding import (
    KEYS,
    OWN,
    REFUSED,
    SECOND,
    STEP,
    actions,
    add,
    asked,
    assert_refused,
    enter,
    fields_of,
    passkeys,
    publisher_with_passkey,
    rows,
)
from tests.client import PortalClient


def test_it_signs_in_alone_and_counts_as_both_steps(
    staff: PortalClient, visitor: PortalClient, app: Flask, device: Authenticator, user: User
) -> None:
    write(lambda session: session.execute(update(User).values(role="administrator", totp_secret=seal("A" * 32))))
    add(staff, device)

    answer = enter(visitor, device, next="/chuyen-muc/tin")

    assert answer.get_json() == {"next": "/chuyen-muc/tin"}
    assert visitor.get_cookie(cookie_name(app)) is not None
    assert visitor.get(OWN).status_code == 200
    assert fields_of("sign_in") == {"first": "passkey", "second": "passkey"}
    assert passkeys()[0].used_at is not None
    assert "Dùng lần cuối lúc" in visitor.get(KEYS).text


def test_it_leads_nowhere_else(staff: PortalClient, visitor: PortalClient, device: Authenticator) -> None:
    add(staff, device)
    assert enter(visitor, device, next="//evil.example").get_json() == {"next": "/ban-bien-tap"}


def test_signing_in_again_ends_the_session_that_the_browser_had(
    staff: PortalClient, visitor: PortalClient, device: Authenticator
) -> None:
    add(staff, device)
    enter(visitor, device)
    assert enter(visitor, device, page=OWN).status_code == 200
    assert rows(StaffSession) == 2


def test_an_answer_counts_once(staff: PortalClient, visitor: PortalClient, device: Authenticator) -> None:
    add(staff, device)
    token, question = asked(visitor, STEP)
    form = {"token": token, "answer": json.dumps(device.get(question))}
    assert visitor.submit(STEP, form).status_code == 200
    visitor.delete_cookie(cookie_name(visitor.application))
    assert_refused(visitor.submit(STEP, form), "wrong_passkey")


WRONG: dict[str, dict[str, Any]] = {
    "origin": {"origin": "http://evil.example"},
    "port": {"origin": "http://localhost:81"},
    "site": {"rp_id": "evil.example"},
    "unverified": {"flags": PRESENT},
    "kind": {"flags": PRESENT | VERIFIED | ELIGIBLE},
    "user": {"user_handle": b"x" * 32},
    "key": {"key": Authenticator().key},
    "credential": {"credential_id": b"y" * 32},
    "copied": {"sign_count": 4},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_one_sentence_for_every_cause(staff: PortalClient, visitor: PortalClient, device: Authenticator, wrong: str) -> None:
    device.sign_count = 5
    add(staff, device)
    before = rows(StaffSession)
    for name, value in WRONG[wrong].items():
        setattr(device, name, value)
    assert_refused(enter(visitor, device), "wrong_passkey")
    assert rows(StaffSession) == before
    assert passkeys()[0].used_at is None


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ("origin", "Unexpected client data origin ..."),
        ("unverified", "User verification is required but user was not verified during authentication"),
        ("user", "another user"),
        ("kind", "another kind of authenticator"),
        ("credential", "no passkey of this site"),
        ("copied", "Response sign count of 4 was not greater than current count of 5"),
    ],
)
def test_why_it_was_refused_goes_to_the_log_without_what_was_sent(
    staff: PortalClient, visitor: PortalClient, device: Authenticator, caplog: pytest.LogCaptureFixture, wrong: str, why: str
) -> None:
    device.sign_count = 5
    add(staff, device)
    device.sign_count = 6
    for name, value in WRONG[wrong].items():
        setattr(device, name, value)
    with caplog.at_level(logging.INFO, by_passkey.__name__):
        enter(visitor, device)
    assert [getattr(line, "fields", None) for line in caplog.records if line.name == by_passkey.__name__] == [{"why": why}]


@pytest.mark.parametrize("answer", ["", "{}", "[" * 9_000, '{"id":"127.0.0.1","rawId":7}'])
def test_what_is_no_answer_is_told_to_the_log_in_our_words(
    visitor: PortalClient, caplog: pytest.LogCaptureFixture, answer: str
) -> None:
    token = token_of(visitor, SIGN_IN)
    with caplog.at_level(logging.INFO, by_passkey.__name__):
        assert_refused(visitor.submit(STEP, {"token": token, "answer": answer}), "wrong_passkey")
    told = [getattr(line, "fields", {})["why"] for line in caplog.records if line.name == by_passkey.__name__]
    assert told[-1] == "no passkey of this site"
    assert not any("127" in why or "[[" in why for why in told)


def test_an_account_that_changes_meanwhile_comes_too_late(
    app: Flask, staff: PortalClient, visitor: PortalClient, device: Authenticator, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(staff, device)
    verify = by_passkey._true

    def then_disabled(*said: Any) -> object:
        answered = verify(*said)
        with app.app_context():
            write(lambda session: session.execute(update(User).values(password_hash=None)))
        return answered

    monkeypatch.setattr(by_passkey, "_true", then_disabled)
    assert_refused(enter(visitor, device), "too_late")


def test_somebody_disabled_is_refused_in_the_same_words(
    staff: PortalClient, visitor: PortalClient, device: Authenticator
) -> None:
    add(staff, device)
    write(lambda session: session.execute(update(User).values(active=False)))
    assert_refused(enter(visitor, device), "disabled_account")
    assert passkeys()[0].used_at is None


def test_a_passkey_signs_in_nobody_but_its_owner(staff: PortalClient, visitor: PortalClient, device: Authenticator) -> None:
    add(staff, device)
    other = cast.somebody("administrator", passkey_handle=b"z" * 32)
    device.user_handle = other.passkey_handle or b""
    assert_refused(enter(visitor, device), "wrong_passkey")


def test_the_count_is_stored_and_a_lower_one_is_refused(
    staff: PortalClient, visitor: PortalClient, device: Authenticator
) -> None:
    add(staff, device)
    device.sign_count = 7
    assert enter(visitor, device).status_code == 200
    assert passkeys()[0].sign_count == 7
    visitor.delete_cookie(cookie_name(visitor.application))
    device.sign_count = 6
    assert_refused(enter(visitor, device), "wrong_passkey")
    assert passkeys()[0].sign_count == 7


def test_of_two_copies_at_once_one_signs_in(
    app: Flask, staff: PortalClient, device: Authenticator, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(staff, device)
    device.sign_count = 3
    both, verify = threading.Barrier(2, timeout=20), by_passkey._true
    monkeypatch.setattr(by_passkey, "_true", lambda *said: (verify(*said), both.wait())[0])
    browsers = [app.test_client(), app.test_client()]
    forms = []
    for browser in browsers:
        token, question = asked(browser, STEP)  # type: ignore[arg-type]
        forms.append({"token": token, "answer": json.dumps(device.get(question))})
    statuses: list[int] = []

    def send(browser: Any, form: dict[str, str]) -> None:
        with app.app_context():
            statuses.append(browser.submit(STEP, form).status_code)

    threads = [threading.Thread(target=send, args=pair) for pair in zip(browsers, forms, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 422]
    assert actions().count("sign_in") == 1


def test_brakes_hold_for_the_network_and_end_by_themselves(
    staff: PortalClient, visitor: PortalClient, device: Authenticator, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(staff, device)
    monkeypatch.setitem(brakes.MOST, "network", 3)
    token = token_of(visitor, SIGN_IN)
    for number in range(3):
        device_of_nobody = json.dumps(Authenticator(credential_id=bytes([number] * 16)).get({"challenge": "AAAA"}))
        assert visitor.submit(STEP, {"token": token, "answer": device_of_nobody}).status_code == 422
    answer = enter(visitor, device)
    assert (answer.status_code, answer.get_json()) == (429, {"said": REFUSED})
    assert 0 < int(answer.headers["Retry-After"]) <= 300
    elsewhere = {"REMOTE_ADDR": "198.51.100.7"}
    token, question = asked(visitor, STEP)
    form = {"token": token, "answer": json.dumps(device.get(question))}
    assert visitor.submit(STEP, form, environ_base=elsewhere).status_code == 200
    later = clock.now_ms() + 5 * clock.MINUTE + 1
    visitor.delete_cookie(cookie_name(visitor.application))
    monkeypatch.setattr(clock, "now_ms", lambda: later)
    assert enter(visitor, device).status_code == 200


def test_a_form_of_another_page_is_refused(staff: PortalClient, visitor: PortalClient, device: Authenticator) -> None:
    add(staff, device)
    token, question = asked(visitor, STEP)
    form = {"token": token, "answer": json.dumps(device.get(question))}
    for wrong in ({**form, "token": ""}, {**form, "token": "0" * 64}):
        assert visitor.submit(STEP, wrong).status_code == 403
        assert visitor.submit(STEP + "/cau-hoi", wrong).status_code == 403
    assert visitor.post(STEP, data=form, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert visitor.submit(STEP, {**form, "answer": "x" * 20_000}).status_code == 400
    assert visitor.submit(STEP, form).status_code == 200


def test_after_the_password_it_is_the_second_step(app: Flask, visitor: PortalClient, device: Authenticator) -> None:
    user = publisher_with_passkey(app, device)
    assert sign_in(visitor, user.email).headers["Location"] == SECOND
    page = visitor.get(SECOND).text
    assert "Xác nhận bằng khóa truy cập (passkey) của bạn" in page
    assert 'name="code"' not in page
    before = rows(StaffSession)

    assert enter(visitor, device, page=SECOND).get_json() == {"next": "/ban-bien-tap"}

    assert visitor.get(OWN).status_code == 200
    assert fields_of("sign_in") == {"first": "password", "second": "passkey"}
    assert rows(StaffSession) == before


def test_after_the_password_another_s_passkey_is_none(app: Flask, visitor: PortalClient, device: Authenticator) -> None:
    user = publisher_with_passkey(app, Authenticator(origin="http://localhost", rp_id="localhost"))
    publisher_with_passkey(app, device)
    sign_in(visitor, user.email)
    assert_refused(enter(visitor, device, page=SECOND), "wrong_passkey")
    assert visitor.get(OWN).status_code == 303


def test_with_an_app_too_the_second_step_offers_both(app: Flask, visitor: PortalClient, device: Authenticator) -> None:
    user = publisher_with_passkey(app, device, totp_secret=seal("A" * 32))
    sign_in(visitor, user.email)
    page = visitor.get(SECOND).text
    assert 'name="code"' in page
    assert STEP in page
