"""Signing in: by password, with a code where there is one, and one answer whatever was wrong."""

import json
import re

import pyotp
import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from portal.accounts import codes, passwords, totp
from portal.accounts.models import RecoveryCode, UsedCode, User
from portal.accounts.sealed import seal
from portal.audit.models import Entry
from portal.core import clock
from portal.core.db import db, write
from portal.core.sessions import StaffSession, cookie_name
from tests import cast
from tests.accounts.browser import own_token, sign_in, token_of
from tests.client import PortalClient

REFUSED = "Chưa đăng nhập được"


def actions() -> list[str]:
    return list(db.session.scalars(select(Entry.action).order_by(Entry.id)))


def test_the_right_password_signs_in(app: Flask, client: PortalClient) -> None:
    user = cast.somebody("author", password=cast.PASSWORD)

    answer = sign_in(client, user.email)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/ban-bien-tap")
    assert cast.PEOPLE["author"] in client.get("/ban-bien-tap/tai-khoan").text
    assert actions() == ["sign_in"]


def test_it_leads_to_where_somebody_wanted_to_go(client: PortalClient) -> None:
    user = cast.somebody("author", password=cast.PASSWORD)
    led = client.get("/ban-bien-tap/tai-khoan")
    assert led.headers["Location"] == "/ban-bien-tap/dang-nhap?next=/ban-bien-tap/tai-khoan"
    assert sign_in(client, user.email, next="/chuyen-muc/tin").headers["Location"] == "/chuyen-muc/tin"


@pytest.mark.parametrize(
    "away", ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:1", "/a?b"]
)
def test_it_leads_nowhere_else(client: PortalClient, away: str) -> None:
    user = cast.somebody("author", password=cast.PASSWORD)
    answer = sign_in(client, user.email, next=away)
    assert answer.status_code in {303, 400}
    assert answer.headers.get("Location", "/ban-bien-tap") == "/ban-bien-tap"


@pytest.mark.parametrize("wrong", ["password", "account", "disabled", "none chosen yet", "no address at all"])
def test_one_answer_for_every_cause(client: PortalClient, wrong: str) -> None:
    user = cast.somebody("author", password=None if wrong == "none chosen yet" else cast.PASSWORD, active=wrong != "disabled")
    email = {"account": "khac@example.vn", "no address at all": "khác"}.get(wrong, user.email)

    answer = sign_in(client, email, "một mật khẩu khác" if wrong == "password" else cast.PASSWORD)

    assert answer.status_code == 422
    assert REFUSED in answer.text
    assert "Set-Cookie" not in answer.headers
    assert db.session.scalars(select(StaffSession)).all() == []
    assert actions() == ["sign_in_refused"]


def test_with_an_app_the_password_is_not_enough(app: Flask, client: PortalClient) -> None:
    secret = pyotp.random_base32(32)
    user = cast.somebody("author", password=cast.PASSWORD, totp_secret=seal(secret))

    assert sign_in(client, user.email).headers["Location"] == "/ban-bien-tap/ma-xac-thuc"
    half = client.get_cookie(cookie_name(app))
    assert client.get("/ban-bien-tap/tai-khoan").status_code == 303
    code = pyotp.TOTP(secret).at(clock.now_ms() // 1000)
    answer = client.submit("/ban-bien-tap/ma-xac-thuc", {"token": token_of(client, "/ban-bien-tap/ma-xac-thuc"), "code": code})

    assert answer.headers["Location"] == "/ban-bien-tap"
    assert client.get("/ban-bien-tap/tai-khoan").status_code == 200
    assert half is not None
    assert client.get_cookie(cookie_name(app)) != half
    assert len(db.session.scalars(select(StaffSession)).all()) == 1


def test_a_code_counts_once(app: Flask, client: PortalClient) -> None:
    secret = pyotp.random_base32(32)
    user = cast.somebody("author", password=cast.PASSWORD, totp_secret=seal(secret))
    code = pyotp.TOTP(secret).at(clock.now_ms() // 1000)
    statuses = []
    for browser in (client, app.test_client()):
        sign_in(browser, user.email)  # type: ignore[arg-type]
        form = {"token": token_of(browser, "/ban-bien-tap/ma-xac-thuc"), "code": code}  # type: ignore[arg-type]
        statuses.append(browser.submit("/ban-bien-tap/ma-xac-thuc", form).status_code)  # type: ignore[union-attr]
    assert statuses == [303, 422]


def test_why_a_code_was_refused_is_told_to_the_audit_alone(client: PortalClient, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = pyotp.random_base32(32)
    step = clock.now_ms() // totp.STEP_MS
    user = cast.somebody("author", password=cast.PASSWORD, totp_secret=seal(secret))
    write(lambda session: session.add(UsedCode(user_id=user.id, step=step)))
    monkeypatch.setattr(clock, "now_ms", lambda: step * totp.STEP_MS)
    sign_in(client, user.email)
    texts = []
    for code in (pyotp.TOTP(secret).at(clock.now_ms() // 1000), "12345", "BCFGHJ-KLMNPQ-RSTVXZ"):
        form = {"token": token_of(client, "/ban-bien-tap/ma-xac-thuc"), "code": code}
        texts.append(re.sub(r'value="[^"]*"', "", client.submit("/ban-bien-tap/ma-xac-thuc", form).text))
    assert len(set(texts)) == 1
    causes = [json.loads(fields)["cause"] for fields in db.session.scalars(select(Entry.fields).order_by(Entry.id))]
    assert causes == ["used_code", "wrong_code", "wrong_recovery_code"]


def test_who_comes_too_late_is_told_to_the_audit(app: Flask, client: PortalClient, monkeypatch: pytest.MonkeyPatch) -> None:
    user = cast.somebody("author", password=cast.PASSWORD)
    user_id, verify = user.id, passwords.verify

    def disabled_meanwhile(kept: str | None, password: str) -> bool:
        with app.app_context():
            write(lambda session: session.execute(update(User).where(User.id == user_id).values(active=False)))
        return verify(kept, password)

    monkeypatch.setattr(passwords, "verify", disabled_meanwhile)
    answer = sign_in(client, user.email)
    assert (answer.status_code, REFUSED in answer.text) == (422, True)
    assert [(entry.action, json.loads(entry.fields)) for entry in db.session.scalars(select(Entry))] == [
        ("sign_in_refused", {"cause": "too_late"})
    ]


def test_a_right_code_for_a_session_that_was_ended_comes_too_late(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = pyotp.random_base32(32)
    user = cast.somebody("author", password=cast.PASSWORD, totp_secret=seal(secret))
    browser: PortalClient = app.test_client()  # type: ignore[assignment]
    browser.set_cookie(cookie_name(app), cast.session_of(user, stage="code"))
    token, read = token_of(browser, "/ban-bien-tap/ma-xac-thuc"), codes.read

    def ended_meanwhile(owner: User, typed: str) -> codes.Code:
        code = read(owner, typed)
        with app.app_context():
            write(lambda session: session.execute(delete(StaffSession)))
        return code

    monkeypatch.setattr(codes, "read", ended_meanwhile)
    form = {"token": token, "code": pyotp.TOTP(secret).at(clock.now_ms() // 1000)}
    browser.submit("/ban-bien-tap/ma-xac-thuc", form)
    assert json.loads(db.session.scalars(select(Entry.fields)).one()) == {"cause": "too_late"}


def test_a_recovery_code_signs_in_once_and_is_told(app: Flask, client: PortalClient) -> None:
    user = cast.somebody("author", password=cast.PASSWORD, totp_secret=seal(pyotp.random_base32(32)))
    codes = totp.new_recovery_codes()
    kept = [totp.recovery_hash(code, key=app.config["SECRET_KEY"].encode(), user_id=user.id) for code in codes]
    write(lambda session: session.add_all([RecoveryCode(hash=one, user_id=user.id) for one in kept]))
    statuses = []
    for _ in range(2):
        sign_in(client, user.email)
        form = {"token": token_of(client, "/ban-bien-tap/ma-xac-thuc"), "code": codes[3].lower()}
        statuses.append(client.submit("/ban-bien-tap/ma-xac-thuc", form).status_code)
        client.delete_cookie(cookie_name(app))
    assert statuses == [303, 422]
    assert actions() == ["sign_in", "recovery_code_used", "sign_in_refused"]
    assert json.loads(db.session.scalars(select(Entry.fields).where(Entry.action == "recovery_code_used")).one()) == {"left": 9}


def test_who_must_have_a_second_factor_is_led_to_setting_it_up(client: PortalClient) -> None:
    user = cast.somebody("publisher", password=cast.PASSWORD)
    assert sign_in(client, user.email).headers["Location"] == "/ban-bien-tap/buoc-hai"
    assert client.get("/ban-bien-tap/tai-khoan").status_code == 303


def test_the_eleventh_attempt_is_refused_even_the_right_one(app: Flask, client: PortalClient) -> None:
    user = cast.somebody("author", password=cast.PASSWORD)
    other = cast.somebody("author", password=cast.PASSWORD)
    for _ in range(10):
        assert sign_in(client, user.email, "một mật khẩu khác").status_code == 422

    answer = sign_in(client, user.email)

    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 300
    assert REFUSED in answer.text
    assert actions() == ["sign_in_refused"] * 10 + ["braked"]
    assert sign_in(client, other.email).status_code == 303


def test_brakes_end_by_themselves(client: PortalClient, monkeypatch: pytest.MonkeyPatch) -> None:
    user = cast.somebody("author", password=cast.PASSWORD)
    for _ in range(11):
        sign_in(client, user.email, "một mật khẩu khác")
    later = clock.now_ms() + 5 * clock.MINUTE + 1_000
    monkeypatch.setattr(clock, "now_ms", lambda: later)
    assert sign_in(client, user.email).status_code == 303


def test_signing_out_ends_the_session_for_good(app: Flask, client: PortalClient) -> None:
    user = cast.somebody("author", password=cast.PASSWORD)
    sign_in(client, user.email)
    kept = client.get_cookie(cookie_name(app))
    assert kept is not None
    answer = client.submit("/ban-bien-tap/dang-xuat", {"token": own_token(client)})
    assert answer.status_code == 303
    client.set_cookie(cookie_name(app), kept.value)
    assert client.get("/ban-bien-tap/tai-khoan").status_code == 303
    assert actions() == ["sign_in", "sign_out"]


@pytest.mark.parametrize("token", ["", "0" * 64, "another browser's"])
def test_a_form_without_this_browser_s_token_is_refused(app: Flask, client: PortalClient, token: str) -> None:
    user = cast.somebody("author", password=cast.PASSWORD)
    foreign = token_of(app.test_client(), "/ban-bien-tap/dang-nhap")  # type: ignore[arg-type]
    client.get("/ban-bien-tap/dang-nhap")
    form = {"email": user.email, "password": cast.PASSWORD, "token": foreign if token.startswith("another") else token}
    assert client.submit("/ban-bien-tap/dang-nhap", form).status_code == 403
    assert db.session.scalars(select(StaffSession)).all() == []


def test_no_other_column_is_set_by_a_form(client: PortalClient) -> None:
    user = cast.somebody("author", password=cast.PASSWORD)
    sign_in(client, user.email, role="administrator", is_active="1", unit_id="1", user_id="99", stage="full")
    found = db.session.get_one(User, user.id)
    assert (found.role, found.unit_id) == ("author", None)
