"""One's own trusted devices: listed with their end, forgotten one by one or all; then they are asked for a code again."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import audit
from portal.accounts import devices
from portal.accounts.models import TrustedDevice
from portal.core import clock
from portal.core.db import db, write
from portal.core.sessions import cookie_name
from tests import cast
from tests.accounts.browser import sign_in, token_of
from tests.accounts.own import ACCOUNT, AtWork, a_trusted_device, actions, at_work, with_app
from tests.client import PortalClient

ALL = f"{ACCOUNT}/thiet-bi/quen-tat-ca"


@pytest.fixture
def author(app: Flask) -> AtWork:
    return at_work(app, with_app()[0])


def one(device: int) -> str:
    return f"{ACCOUNT}/thiet-bi/{device}/quen"


def left() -> list[int]:
    return list(db.session.scalars(select(TrustedDevice.id).order_by(TrustedDevice.id)))


def asked_for_a_code(app: Flask, author: AtWork, key: str) -> bool:
    browser: PortalClient = app.test_client()  # type: ignore[assignment]
    browser.set_cookie(cookie_name(app, devices.COOKIE), key)
    return sign_in(browser, author.user.email).headers["Location"].endswith("/ma-xac-thuc")


def test_they_are_listed_until_they_end(author: AtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now_ms", lambda: clock.instant_at("2026-03-17T08:05"))
    a_trusted_device(author.user, "Chrome, Android")
    a_trusted_device(cast.somebody("editor"), "Edge, Windows")
    page = author.browser.get(ACCOUNT).text
    assert "Chrome, Android" in page
    assert "Đến 08:05 ngày 16/04/2026" in page
    assert "Edge, Windows" not in page


def test_one_that_is_over_is_not_listed(author: AtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    began = clock.now_ms()
    monkeypatch.setattr(clock, "now_ms", lambda: began - 31 * clock.DAY)
    a_trusted_device(author.user, "Chrome, Android")
    monkeypatch.setattr(clock, "now_ms", lambda: began)
    assert "Chrome, Android" not in author.browser.get(ACCOUNT).text


def test_a_forgotten_device_is_asked_for_a_code_again(app: Flask, author: AtWork) -> None:
    (first, key), (second, other) = a_trusted_device(author.user), a_trusted_device(author.user)
    assert not asked_for_a_code(app, author, key)
    assert author.sends(one(first)) == (303, f"{ACCOUNT}?xong=thiet-bi")
    assert left() == [second]
    assert asked_for_a_code(app, author, key)
    assert not asked_for_a_code(app, author, other)
    assert actions().count("device_forgotten") == 1


def test_all_are_forgotten_and_nobody_else_s(author: AtWork) -> None:
    for _ in range(3):
        a_trusted_device(author.user)
    colleague, _key = a_trusted_device(cast.somebody("editor"))
    assert [author.sends(ALL)[0] for _ in range(2)] == [303, 303]
    assert left() == [colleague]
    assert actions() == ["device_forgotten"] * 3


def test_somebody_else_s_or_none_at_all_is_left_in_silence(author: AtWork) -> None:
    colleague, _key = a_trusted_device(cast.somebody("editor"))
    assert author.sends(one(colleague)) == author.sends(one(colleague + 1)) == author.sends(one(2_147_483_647))
    assert author.sends(one(2_147_483_648))[0] == 404
    assert left() == [colleague]
    assert actions() == []


def test_killed_half_way_none_is_forgotten(author: AtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = [a_trusted_device(author.user)[0] for _ in range(2)]
    token = token_of(author.browser, ACCOUNT)

    def fail(session: Session, *_: object, **__: object) -> None:
        raise RuntimeError("killed")

    monkeypatch.setattr(audit, "record", fail)
    for path in (ALL, one(kept[0])):
        with pytest.raises(RuntimeError, match="killed"):
            author.browser.submit(path, {"token": token})
    db.session.rollback()
    assert left() == kept


@pytest.mark.parametrize("token", ["", "0" * 64])
def test_without_the_token_none_is_forgotten(author: AtWork, token: str) -> None:
    device, _key = a_trusted_device(author.user)
    for path in (ALL, one(device)):
        assert author.browser.submit(path, {"token": token}).status_code == 403
        assert author.browser.get(path).status_code == 405
    assert left() == [device]


def test_forgetting_all_within_a_write_tells_which_they_were(app: Flask) -> None:
    user = cast.somebody("author")
    kept = [a_trusted_device(user)[0] for _ in range(2)]
    assert write(lambda session: devices.forget_all(session, user.id)) == kept
    assert write(lambda session: devices.forget_all(session, user.id)) == []
