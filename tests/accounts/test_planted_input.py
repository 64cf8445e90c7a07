"""Forged, foreign, old and planted tokens and cookies count for nothing; no host and no way on leads off the site."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import User
from portal.core import sessions
from portal.core.db import db, write
from portal.core.sessions import CODE, StaffSession, cookie_name
from tests import cast
from tests.accounts.browser import SIGN_IN, own_token, sign_in, token_of
from tests.accounts.test_bad_input import stored
from tests.client import SAME_ORIGIN, PortalClient

PLANTED = 43 * "A"
CHANGES: dict[str, Callable[[str], str]] = {
    "none": lambda _: "",
    "shorter": lambda token: token[:-1],
    "backwards": lambda token: token[::-1],
    "longer": lambda token: token + "0",
    "no figures": lambda _: 64 * "đ",
}


@pytest.fixture
def user(app: Flask) -> User:
    return cast.somebody("author", password=cast.PASSWORD)


def key_of(client: PortalClient) -> str:
    """Return the session's key that a browser holds."""
    held = client.get_cookie(cookie_name(client.application))
    assert held is not None
    return str(held.value)


@pytest.mark.parametrize("change", CHANGES)
def test_a_token_that_was_changed_is_refused(client: PortalClient, user: User, change: str) -> None:
    token = CHANGES[change](token_of(client, SIGN_IN))
    assert client.submit(SIGN_IN, {"token": token, "email": user.email, "password": cast.PASSWORD}).status_code == 403
    assert stored() == (0, 0, 0)


def test_the_token_from_before_signing_in_is_worth_nothing_after_it(client: PortalClient, user: User) -> None:
    token = token_of(client, SIGN_IN)
    sign_in(client, user.email)
    assert client.submit("/ban-bien-tap/dang-xuat", {"token": token}).status_code == 403
    assert stored()[0] == 1


def test_a_key_that_somebody_put_there_is_never_adopted(app: Flask, client: PortalClient, user: User) -> None:
    client.set_cookie(cookie_name(app), PLANTED)
    assert sign_in(client, user.email).status_code == 303
    assert key_of(client) != PLANTED
    assert sessions.hash_of(PLANTED) not in db.session.scalars(select(StaffSession.key_hash)).all()


def test_a_planted_key_foretells_no_token(app: Flask) -> None:
    tokens = set[str]()
    for _ in range(2):
        browser: PortalClient = app.test_client()  # type: ignore[assignment]
        browser.set_cookie(cookie_name(app), PLANTED)
        tokens.add(token_of(browser, SIGN_IN))
    assert len(tokens) == 2


def test_who_still_holds_the_cookie_of_a_session_that_is_over_signs_in_at_once(
    app: Flask, client: PortalClient, user: User
) -> None:
    client.set_cookie(cookie_name(app), cast.session_of(user))
    write(lambda session: sessions.end_sessions(session, user.id))
    assert sign_in(client, user.email).status_code == 303


def test_half_a_session_of_somebody_else_is_not_gone_on_with(app: Flask, client: PortalClient, user: User) -> None:
    planted = cast.session_of(cast.somebody("author"), stage=CODE)
    client.set_cookie(cookie_name(app), planted)
    assert sign_in(client, user.email).status_code == 303
    assert key_of(client) != planted
    assert cast.PEOPLE["author"] in client.get("/ban-bien-tap/tai-khoan").text


def test_the_key_is_another_one_at_each_sign_in(client: PortalClient, user: User) -> None:
    keys = set[str]()
    for _ in range(3):
        sign_in(client, user.email)
        keys.add(key_of(client))
        client.submit("/ban-bien-tap/dang-xuat", {"token": own_token(client)})
    assert len(keys) == 3


def test_cookies_are_kept_from_scripts_and_other_sites(client: PortalClient, user: User) -> None:
    answers = (client.get(SIGN_IN), sign_in(client, user.email))
    cookies = [cookie for answer in answers for cookie in answer.headers.getlist("Set-Cookie")]
    assert len(cookies) == 2
    for cookie in cookies:
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
        assert "Domain" not in cookie


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost@evil.example", "localhost:99999", "a/x"])
def test_a_foreign_host_reaches_no_form(client: PortalClient, user: User, host: str) -> None:
    answer = client.get(SIGN_IN, headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.text
    form = {"token": token_of(client, SIGN_IN), "email": user.email, "password": cast.PASSWORD}
    assert client.post(SIGN_IN, data=form, headers={**SAME_ORIGIN, "Host": host}).status_code == 400
    assert stored() == (0, 0, 0)


def test_a_forwarded_host_changes_no_address(client: PortalClient) -> None:
    forged = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    answer = client.get("/ban-bien-tap/tai-khoan", headers=forged)
    assert answer.headers["Location"] == "/ban-bien-tap/dang-nhap?next=/ban-bien-tap/tai-khoan"


AWAY = [
    *("https://evil.example", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "/%09/evil.example"),
    *("/%2F/evil.example", "javascript:alert(1)", "data:text/html,x", " /a", "/ a", "/.", "/..//evil.example", "/a#b", "/a@b"),
    *("http:evil.example", "evil.example", "/đ", "/\u2028a", "/;a", "/a//b:c@d"),
]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("away", AWAY)
def test_the_way_on_never_leaves_the_site(client: PortalClient, user: User, away: str) -> None:
    answer = sign_in(client, user.email, next=away)
    assert answer.status_code in {303, 400}
    assert answer.headers.get("Location", "/ban-bien-tap") == "/ban-bien-tap"
    assert "evil" not in client.get(SIGN_IN, query_string={"next": away}).headers.get("Location", "")


def test_the_english_pages_lead_back_to_themselves(client: PortalClient, user: User) -> None:
    led = client.get("/en/ban-bien-tap/tai-khoan").headers["Location"]
    assert led == "/en/ban-bien-tap/dang-nhap?next=/en/ban-bien-tap/tai-khoan"
    assert sign_in(client, user.email, next="/en/ban-bien-tap/tai-khoan").headers["Location"] == "/en/ban-bien-tap/tai-khoan"
