"""Somebody who must have a second factor, and has only said the password: set it up and be signed in; nothing else is open."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal import create_app
from portal.core import clock
from portal.core.db import db
from portal.core.sessions import StaffSession, cookie_name
from tests import cast
from tests.accounts.browser import sign_in, token_of
from tests.accounts.own import (
    ACCOUNT,
    QR,
    SET_UP,
    SIGN_IN,
    AtWork,
    a_passkey,
    actions,
    at_work,
    code_of,
    codes_on,
    confirm,
    hash_of,
    kept,
    key_of,
    keys_of,
    secret_on,
    shown,
    with_app,
)
from tests.client import PortalClient

pytestmark = pytest.mark.usefixtures("still")


CODE_PAGE = "/ban-bien-tap/ma-xac-thuc"


@pytest.fixture
def publisher(app: Flask) -> AtWork:
    """Somebody who has said the right password, has no second factor and must have one."""
    cast.a_site()
    return at_work(app, cast.somebody("publisher", password=cast.PASSWORD), stage="set_up")


def test_who_must_have_one_is_signed_in_by_setting_it_up(app: Flask, publisher: AtWork) -> None:
    secret = shown(publisher)
    status, page = confirm(publisher, secret)
    assert status == 200
    assert len(codes_on(page)) == 10
    assert publisher.asks() == 200
    assert keys_of(publisher.user) == {hash_of(key_of(app, publisher.browser))}
    assert actions() == ["second_factor_set_up", "sign_in"]
    assert db.session.scalars(select(StaffSession.stage)).one() == "full"


def test_the_old_key_of_the_set_up_is_worth_nothing(app: Flask, settings: dict[str, Any], publisher: AtWork) -> None:
    assert confirm(publisher, shown(publisher))[0] == 200
    second = create_app(settings)
    for one in (app, second):
        browser = one.test_client()
        browser.set_cookie(cookie_name(one), publisher.key)
        assert browser.get(ACCOUNT).status_code == 303
        assert browser.get(SET_UP).headers["Location"].startswith(SIGN_IN)
        assert browser.get(QR).status_code == 404
    with second.app_context():
        second.extensions["sqlalchemy"].engine.dispose()


def test_nothing_else_is_open_before(publisher: AtWork) -> None:
    for path in (ACCOUNT, f"{ACCOUNT}/mat-khau", f"{ACCOUNT}/ma-du-phong", f"{ACCOUNT}/bo-buoc-hai", CODE_PAGE):
        assert publisher.asks(path) == 303
    token = token_of(publisher.browser, SET_UP)
    for path in (f"{ACCOUNT}/phien-khac/ket-thuc", f"{ACCOUNT}/mat-khau", f"{ACCOUNT}/ma-du-phong/tep"):
        assert publisher.browser.submit(path, {"token": token}).status_code == 401
    assert "Tài khoản của tôi" not in publisher.browser.get(SET_UP).text


def test_it_leads_on_to_where_somebody_wanted_to_go_and_nowhere_else(app: Flask, publisher: AtWork) -> None:
    page = publisher.browser.get(f"{SET_UP}?next=/chuyen-muc/tin").text
    assert 'name="next" value="/chuyen-muc/tin"' in page
    assert 'value="//evil' not in publisher.browser.get(f"{SET_UP}?next=//evil.example").text
    assert 'href="/chuyen-muc/tin"' in confirm(publisher, secret_on(page), next="/chuyen-muc/tin")[1]
    other = at_work(app, cast.somebody("publisher"), stage="set_up")
    assert "evil" not in confirm(other, shown(other), next="//evil.example")[1]


def test_a_first_step_waits_ten_minutes(publisher: AtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    form = {"token": token_of(publisher.browser, SET_UP)}
    later = clock.now_ms() + 10 * clock.MINUTE + 1_000
    secret = shown(publisher)
    monkeypatch.setattr(clock, "now_ms", lambda: later)
    answer = publisher.browser.submit(SET_UP, form | {"code": code_of(secret)})
    assert (answer.status_code, answer.headers["Location"]) == (303, SIGN_IN)
    assert kept(publisher.user) is None


@pytest.mark.parametrize("stage", ["none", "code"])
def test_without_a_session_that_may_it_leads_to_signing_in(app: Flask, client: PortalClient, stage: str) -> None:
    user, secret = with_app("publisher")
    if stage == "code":
        client.set_cookie(cookie_name(app), cast.session_of(user, stage="code"))
    assert client.get(SET_UP).headers["Location"] == SIGN_IN
    assert client.get(QR).status_code == 404
    answer = client.submit(SET_UP, {"code": code_of(secret)})
    assert (answer.status_code, answer.headers["Location"]) == (303, SIGN_IN)
    assert kept(user) == secret


def test_who_has_got_a_factor_meanwhile_is_not_given_another_by_the_password_alone(app: Flask) -> None:
    user = cast.somebody("publisher", password=cast.PASSWORD)
    first, second = (at_work(app, user, stage="set_up") for _ in range(2))
    secret, form = shown(second), {"token": token_of(second.browser, SET_UP)}
    assert confirm(first, shown(first))[0] == 200
    answer = second.browser.submit(SET_UP, form | {"code": code_of(secret)})
    assert (answer.status_code, answer.headers["Location"]) == (303, SIGN_IN)
    assert second.asks(SET_UP) == 303
    assert actions() == ["second_factor_set_up", "sign_in"]


def test_who_has_got_a_passkey_meanwhile_must_sign_in_with_it(app: Flask, publisher: AtWork) -> None:
    secret, form = shown(publisher), {"token": token_of(publisher.browser, SET_UP)}
    a_passkey(publisher.user)
    assert publisher.browser.submit(SET_UP, form | {"code": code_of(secret)}).headers["Location"] == SIGN_IN
    assert kept(publisher.user) is None


def test_somebody_disabled_sets_up_nothing(app: Flask) -> None:
    gone = at_work(app, cast.somebody("publisher", active=False), stage="set_up")
    assert gone.browser.get(SET_UP).headers["Location"] == SIGN_IN


@pytest.mark.parametrize("token", ["", "0" * 64, "another's"])
def test_a_form_without_this_session_s_token_is_refused(app: Flask, publisher: AtWork, token: str) -> None:
    other = at_work(app, cast.somebody("publisher"), stage="set_up")
    sent = token_of(other.browser, SET_UP) if token == "another's" else token
    form = {"token": sent, "code": code_of(shown(publisher))}
    assert publisher.browser.submit(SET_UP, form).status_code == 403
    assert publisher.browser.post(SET_UP, data=form, headers={"Origin": "null"}).status_code == 403
    assert kept(publisher.user) is None


def test_from_the_first_password_to_the_last_code(app: Flask, client: PortalClient) -> None:
    user = cast.somebody("administrator", password=cast.PASSWORD)
    assert sign_in(client, user.email).headers["Location"] == SET_UP
    somebody = AtWork(user, client, key_of(app, client))
    assert confirm(somebody, shown(somebody))[0] == 200
    assert user.name in client.get(ACCOUNT).text
