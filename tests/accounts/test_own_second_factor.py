"""Setting up the second factor: a secret that nobody can plant, kept only once a right code has confirmed it."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import audit, create_app
from portal.accounts.models import User
from portal.core import clock
from portal.core.db import db
from portal.core.sessions import StaffSession, cookie_name
from tests import cast
from tests.accounts.browser import sign_in, token_of
from tests.accounts.own import (
    ACCOUNT,
    QR,
    SET_UP,
    AtWork,
    actions,
    at_work,
    code_of,
    codes_on,
    confirm,
    hash_of,
    kept,
    key_of,
    keys_of,
    number_of_codes,
    recovery_code,
    secret_on,
    shown,
)
from tests.client import PortalClient

pytestmark = pytest.mark.usefixtures("still")


CODE_PAGE = "/ban-bien-tap/ma-xac-thuc"


def test_a_right_code_sets_it_up_and_shows_recovery_codes_once(app: Flask, author: AtWork) -> None:
    secret = shown(author)
    status, page = confirm(author, secret)
    assert status == 200
    assert len(set(codes_on(page))) == number_of_codes() == 10
    assert kept(author.user) == secret
    assert actions() == ["second_factor_set_up"]
    assert "Số mã dự phòng còn lại: 10" in author.browser.get(ACCOUNT).text
    assert author.browser.get(SET_UP).headers["Location"] == ACCOUNT
    assert not any(code in author.browser.get(ACCOUNT).text for code in codes_on(page))


def test_from_then_on_the_password_alone_signs_nobody_in(app: Flask, author: AtWork) -> None:
    secret = shown(author)
    (code, *_) = codes_on(confirm(author, secret)[1])
    browser: PortalClient = app.test_client()  # type: ignore[assignment]
    assert sign_in(browser, author.user.email).headers["Location"] == CODE_PAGE
    used = browser.submit(CODE_PAGE, {"token": token_of(browser, CODE_PAGE), "code": code_of(secret)})
    assert used.status_code == 422, "the code of the set-up counts no second time"
    assert browser.submit(CODE_PAGE, {"token": token_of(browser, CODE_PAGE), "code": code}).status_code == 303


def test_the_session_goes_on_with_another_key_and_lasts_no_longer(app: Flask, author: AtWork) -> None:
    ends = db.session.scalars(select(StaffSession.expires_at)).one()
    other = at_work(app, author.user)
    token_before = token_of(author.browser, ACCOUNT)
    page = confirm(author, shown(author))[1]
    assert key_of(app, author.browser) != author.key
    assert token_before not in page
    assert token_of(author.browser, ACCOUNT) in page
    assert ends in db.session.scalars(select(StaffSession.expires_at)).all()
    assert (author.asks(), other.asks()) == (200, 200)
    author.browser.set_cookie(cookie_name(app), author.key)
    assert author.asks() == 303


def test_a_reload_and_a_second_tab_show_the_same_secret(author: AtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now_ms() // (10 * clock.MINUTE) * 10 * clock.MINUTE
    monkeypatch.setattr(clock, "now_ms", lambda: now)
    first = shown(author)
    monkeypatch.setattr(clock, "now_ms", lambda: now + 9 * clock.MINUTE)
    assert shown(author) == first
    monkeypatch.setattr(clock, "now_ms", lambda: now + 11 * clock.MINUTE)
    assert shown(author) != first
    assert confirm(author, first)[0] == 200
    assert kept(author.user) == first


def test_a_secret_that_was_shown_twenty_minutes_ago_is_none(author: AtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now_ms()
    first = shown(author)
    monkeypatch.setattr(clock, "now_ms", lambda: now + 20 * clock.MINUTE)
    assert confirm(author, first)[0] == 422
    assert kept(author.user) is None


def test_each_session_has_a_secret_of_its_own(app: Flask, author: AtWork) -> None:
    other = at_work(app, author.user)
    assert shown(author) != shown(other)
    assert confirm(author, shown(other))[0] == 422
    assert confirm(at_work(app, cast.somebody("editor")), shown(author))[0] == 422
    assert kept(author.user) is None


def test_another_process_shows_the_same_and_another_site_none_like_it(
    app: Flask, settings: dict[str, Any], author: AtWork
) -> None:
    for more, same in (({}, True), ({"SECRET_KEY": "k" * 40}, False)):
        second = create_app({**settings, **more})
        browser = second.test_client()
        browser.set_cookie(cookie_name(second), author.key)
        assert (secret_on(browser.get(SET_UP).text) == shown(author)) is same
        with second.app_context():
            second.extensions["sqlalchemy"].engine.dispose()


def test_the_picture_is_the_secret_and_is_kept_nowhere(author: AtWork) -> None:
    answer = author.browser.get(QR)
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.data.startswith(b"<?xml")
    assert b"style" not in answer.data
    assert author.browser.get(QR).data == answer.data
    assert "no-store" in author.browser.get(SET_UP).headers["Cache-Control"]


def test_no_form_carries_the_secret_and_none_that_is_sent_is_believed(author: AtWork) -> None:
    planted = pyotp.random_base32(32)
    page = author.browser.get(SET_UP).text
    assert secret_on(page) not in page
    more = {"secret": planted, "totp_secret": planted, "pending": planted, "user_id": "9", "role": "administrator"}
    assert confirm(author, planted, **more)[0] == 422
    assert kept(author.user) is None
    assert confirm(author, shown(author), **more)[0] == 200
    assert kept(author.user) != planted
    assert db.session.get_one(User, author.user.id).role == "author"


@pytest.mark.parametrize("code", ["", "000", "abcdef", "1234567", "x" * 65, "１２３４５６", "-12345", "12 34 5"])
def test_a_wrong_code_sets_up_nothing_and_keeps_the_secret(author: AtWork, code: str) -> None:
    before = shown(author)
    status, page = author.sends(SET_UP, SET_UP, code=code)
    assert status == 422
    assert secret_on(page) == before
    assert kept(author.user) is None
    assert (number_of_codes(), actions(), author.asks()) == (0, [], 200)


def test_a_recovery_code_of_before_confirms_nothing(app: Flask, author: AtWork) -> None:
    code = recovery_code(app, author.user)
    assert author.sends(SET_UP, SET_UP, code=code)[0] == 422
    assert kept(author.user) is None


def test_a_form_that_is_sent_twice_sets_up_once(author: AtWork) -> None:
    secret = shown(author)
    form = {"token": token_of(author.browser, SET_UP), "code": code_of(secret), "again": cast.PASSWORD}
    codes = codes_on(author.browser.submit(SET_UP, form).text)
    again = author.browser.submit(SET_UP, form)
    assert (again.status_code, again.headers["Location"]) == (303, ACCOUNT)
    assert len(codes) == number_of_codes() == 10
    assert actions() == ["second_factor_set_up"]


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("stage", ["full", "set_up"])
def test_two_tabs_at_once_set_up_once(app: Flask, stage: str) -> None:
    somebody = at_work(app, cast.somebody("publisher", password=cast.PASSWORD), stage=stage)
    secret = shown(somebody)
    form = {"token": token_of(somebody.browser, SET_UP), "code": code_of(secret), "again": cast.PASSWORD}

    def send(_: int) -> int:
        with app.app_context():
            browser: PortalClient = app.test_client()  # type: ignore[assignment]
            browser.set_cookie(cookie_name(app), somebody.key)
            return browser.submit(SET_UP, form).status_code

    with ThreadPoolExecutor(2) as pool:
        statuses = sorted(pool.map(send, range(2)))
    assert statuses == [200, 303]
    assert kept(somebody.user) == secret
    assert number_of_codes() == 10
    assert len(keys_of(somebody.user)) == 1
    assert actions() == ["second_factor_set_up", *(["sign_in"] if stage == "set_up" else [])]


def test_two_browsers_at_once_set_up_one_app(app: Flask, author: AtWork) -> None:
    both = [author, at_work(app, author.user)]
    forms = [(one, {"token": token_of(one.browser, SET_UP), "code": code_of(shown(one))}) for one in both]

    def send(one: AtWork, form: dict[str, str]) -> int:
        with app.app_context():
            return one.browser.submit(SET_UP, {**form, "again": cast.PASSWORD}).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(lambda pair: send(*pair), forms)) == [200, 303]
    assert number_of_codes() == 10
    assert actions() == ["second_factor_set_up"]


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("stage", ["full", "set_up"])
def test_killed_half_way_nothing_is_set_up(app: Flask, monkeypatch: pytest.MonkeyPatch, stage: str) -> None:
    somebody = at_work(app, cast.somebody("publisher"), stage=stage)
    form = {"token": token_of(somebody.browser, SET_UP), "code": code_of(shown(somebody))}

    def fail(session: Session, *_: object, **__: object) -> None:
        raise RuntimeError("killed")

    monkeypatch.setattr(audit, "record", fail)
    with pytest.raises(RuntimeError, match="killed"):
        somebody.browser.submit(SET_UP, form)
    db.session.rollback()
    assert kept(somebody.user) is None
    assert number_of_codes() == 0
    assert keys_of(somebody.user) == {hash_of(somebody.key)}
