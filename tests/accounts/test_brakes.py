"""Guessing is braked where it is done, for a while, also many at once; nobody else notices, and no address is kept."""

import hashlib
import ipaddress
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore, Lock
from typing import Any

import pyotp
import pytest
from flask import Flask
from sqlalchemy import func, select, text, update
from werkzeug.test import TestResponse

from portal import create_app
from portal.accounts import brakes, devices, passwords, sweeping
from portal.accounts.models import Attempt, User
from portal.accounts.sealed import seal
from portal.audit.models import Entry
from portal.core import clock
from portal.core.db import Model, db, write
from portal.core.sessions import StaffSession, cookie_name
from tests import cast
from tests.accounts.browser import SIGN_IN, token_of
from tests.client import PortalClient

OFFICE, HOME = "198.51.100.7", "203.0.113.9"
CODE_PAGE = "/ban-bien-tap/ma-xac-thuc"
WRONG = "một mật khẩu khác"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", cast.QUICK)


def attempt(app: Flask, email: str, password: str = WRONG, *, address: str = OFFICE, **headers: str) -> TestResponse:
    """Try to sign in on a fresh browser at an address."""
    browser: PortalClient = app.test_client()  # type: ignore[assignment]
    form = {"token": token_of(browser, SIGN_IN), "email": email, "password": password}
    return browser.submit(SIGN_IN, form, headers=headers, environ_overrides={"REMOTE_ADDR": address})


def statuses(app: Flask, number: int, email: str, **more: str) -> list[int]:
    return [attempt(app, email, **more).status_code for _ in range(number)]


def actions() -> list[str]:
    return list(db.session.scalars(select(Entry.action).order_by(Entry.id)))


@pytest.mark.slow(why="fifty attempts at once")
def test_of_fifty_at_once_ten_are_looked_at(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    user, looked, lock = cast.somebody("author", password=cast.PASSWORD), list[str](), Lock()
    verify = passwords.verify

    def counted(kept: str | None, password: str) -> bool:
        with lock:
            looked.append(password)
        return verify(kept, password)

    monkeypatch.setattr(passwords, "verify", counted)
    monkeypatch.setattr(passwords, "_places", BoundedSemaphore(12))
    with ThreadPoolExecutor(12) as pool:
        answered = sorted(pool.map(lambda _: attempt(app, user.email).status_code, range(50)))
    assert answered == 10 * [422] + 40 * [429]
    assert len(looked) == 10
    assert sorted(actions()) == ["braked"] + 10 * ["sign_in_refused"]


def test_another_network_and_another_account_are_not_touched(app: Flask) -> None:
    user, colleague = (cast.somebody("author", password=cast.PASSWORD) for _ in range(2))
    assert statuses(app, 11, user.email) == 10 * [422] + [429]
    assert attempt(app, user.email, cast.PASSWORD, address=HOME).status_code == 303
    assert attempt(app, colleague.email, cast.PASSWORD).status_code == 303
    assert attempt(app, user.email, cast.PASSWORD).status_code == 429


def test_signing_in_elsewhere_does_not_lift_the_brake_here(app: Flask) -> None:
    user = cast.somebody("author", password=cast.PASSWORD)
    statuses(app, 10, user.email)
    attempt(app, user.email, cast.PASSWORD, address=HOME)
    assert attempt(app, user.email).status_code == 429


@pytest.mark.slow(why="a hundred attempts")
def test_a_hundred_failures_of_an_office_lock_no_colleague_out(app: Flask) -> None:
    colleague = cast.somebody("author", password=cast.PASSWORD)
    for number in range(100):
        assert attempt(app, f"nguoi-khac-{number}@example.vn").status_code == 422
    assert attempt(app, colleague.email, cast.PASSWORD).status_code == 303
    assert attempt(app, "nguoi-khac-101@example.vn").status_code == 422
    assert attempt(app, colleague.email, cast.PASSWORD).status_code == 429
    assert attempt(app, colleague.email, cast.PASSWORD, address=HOME).status_code == 303


def test_all_networks_together_are_braked_too(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(brakes.MOST, "everybody", 5)
    tried = [attempt(app, f"nguoi-{number}@example.vn", address=f"198.51.100.{number + 1}").status_code for number in range(6)]
    assert tried == 5 * [422] + [429]
    assert actions()[-1] == "braked"


def test_it_ends_by_itself_when_it_said(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    user, now = cast.somebody("author", password=cast.PASSWORD), clock.now_ms()
    monkeypatch.setattr(clock, "now_ms", lambda: now)
    statuses(app, 10, user.email)
    monkeypatch.setattr(clock, "now_ms", lambda: now + 60_000)
    wait = int(attempt(app, user.email).headers["Retry-After"])
    assert wait == 240
    for later, status in ((wait - 1, 429), (wait, 303)):
        monkeypatch.setattr(clock, "now_ms", lambda later=later: now + 60_000 + later * 1_000)
        assert attempt(app, user.email, cast.PASSWORD).status_code == status


def test_a_braked_attempt_does_not_make_it_longer(app: Flask) -> None:
    statuses(app, 30, "nguoi-0@example.vn")
    assert db.session.scalar(select(func.count()).select_from(Attempt)) == 10


def test_another_spelling_of_an_address_is_no_other_account(app: Flask) -> None:
    user = cast.somebody("author", password=cast.PASSWORD)
    rest = user.email[1:]
    tried = [
        attempt(app, spelling).status_code for spelling in 5 * (user.email, user.email.upper(), f"ｎ{rest}", f" {user.email} ")
    ]
    assert tried == 10 * [422] + 10 * [429]


class TestAddresses:
    """Kept for a day, and only as hashes that nobody can make without the site's key."""

    def test_those_of_yesterday_are_erased_with_the_next_attempt(self, app: Flask) -> None:
        attempt(app, "nguoi-0@example.vn")
        write(lambda session: session.execute(update(Attempt).values(at=clock.now_ms() - clock.DAY)))
        attempt(app, "nguoi-1@example.vn")
        assert db.session.scalar(select(func.count()).select_from(Attempt)) == 1

    def test_those_of_yesterday_are_erased_where_nobody_tries_again(self, app: Flask) -> None:
        attempt(app, "nguoi-0@example.vn")
        attempt(app, "nguoi-0@example.vn")
        newest = db.session.scalar(select(func.max(Attempt.id)))
        write(lambda session: session.execute(update(Attempt).where(Attempt.id < newest).values(at=clock.now_ms() - clock.DAY)))
        sweeping.sweep({})
        assert list(db.session.scalars(select(Attempt.id))) == [newest]

    def test_no_table_holds_one_or_its_digest(self, app: Flask) -> None:
        user = cast.somebody("author", password=cast.PASSWORD)
        statuses(app, 11, user.email)
        attempt(app, user.email, cast.PASSWORD, address="2001:db8::7")
        assert [row for row in rows() for trace in traces(OFFICE, "2001:db8::7") if trace in row] == []

    def test_another_site_s_key_gives_another_hash(self, settings: dict[str, Any]) -> None:
        keys = []
        for secret in (32 * "a", 32 * "b"):
            app = create_app({**settings, "SECRET_KEY": secret})
            with app.app_context():
                keys.append(brakes.keys_of("nguoi-0@example.vn", OFFICE))
                app.extensions["sqlalchemy"].engine.dispose()
        assert keys[0].network != keys[1].network
        assert keys[0].account != keys[1].account


def rows() -> list[bytes]:
    """Return every row of every table, what is binary as it is."""
    db.session.rollback()
    return [
        b"|".join(bytes(cell) if isinstance(cell, (bytes, memoryview)) else str(cell).encode() for cell in row)
        for table in Model.metadata.sorted_tables
        for row in db.session.execute(text(f'SELECT * FROM "{table.name}"'))
    ]


def traces(*addresses: str) -> list[bytes]:
    """Return each address as text and packed, and what anybody can compute of either."""
    plain = [form for one in addresses for form in (one.encode(), ipaddress.ip_address(one).packed)]
    digests = [hashlib.new(name, form).digest() for form in plain for name in ("md5", "sha1", "sha256", "blake2b", "sha3_256")]
    shortened = [digest[:16] for digest in digests]
    return plain + shortened + [digest.hex().encode() for digest in shortened]


def test_forwarded_addresses_are_not_believed_without_a_proxy(app: Flask) -> None:
    forged = [
        {"X-Forwarded-For": f"203.0.113.{number}", "Forwarded": f"for=203.0.113.{number}", "X-Real-IP": f"203.0.113.{number}"}
        for number in range(11)
    ]
    assert [attempt(app, "nguoi-0@example.vn", **headers).status_code for headers in forged] == 10 * [422] + [429]


def test_a_configured_proxy_is_believed_and_nobody_else(settings: dict[str, Any]) -> None:
    app = create_app({**settings, "TRUSTED_PROXIES": ("192.0.2.1",)})
    app.test_client_class = PortalClient
    with app.app_context():
        behind = {"address": "192.0.2.1", "X-Forwarded-For": f"10.9.9.9, {HOME}"}
        assert statuses(app, 11, "nguoi-0@example.vn", **behind) == 10 * [422] + [429]
        assert attempt(app, "nguoi-0@example.vn", **{**behind, "X-Forwarded-For": f"{HOME}, {OFFICE}"}).status_code == 422
        forged = [
            attempt(app, "nguoi-1@example.vn", **{"X-Forwarded-For": f"10.0.0.{number}"}).status_code for number in range(11)
        ]
        assert forged == 10 * [422] + [429]
        app.extensions["sqlalchemy"].session.remove()
        app.extensions["sqlalchemy"].engine.dispose()


class TestSecondStep:
    """Whoever has the password guesses no codes."""

    @pytest.fixture
    def secret(self) -> str:
        return pyotp.random_base32(32)

    @pytest.fixture
    def user(self, app: Flask, secret: str) -> User:
        return cast.somebody("author", password=cast.PASSWORD, totp_secret=seal(secret))

    def first(self, app: Flask, user: User) -> PortalClient:
        """Take the first step on a fresh browser."""
        browser: PortalClient = app.test_client()  # type: ignore[assignment]
        form = {"token": token_of(browser, SIGN_IN), "email": user.email, "password": cast.PASSWORD}
        assert browser.submit(SIGN_IN, form).status_code == 303
        return browser

    def code(self, browser: PortalClient, code: str) -> TestResponse:
        return browser.submit(CODE_PAGE, {"token": token_of(browser, CODE_PAGE), "code": code})

    def test_the_eleventh_code_is_refused_also_the_right_one(self, app: Flask, user: User, secret: str) -> None:
        browser = self.first(app, user)
        assert [self.code(browser, "000000").status_code for _ in range(10)] == 10 * [422]
        answer = self.code(browser, pyotp.TOTP(secret).at(clock.now_ms() // 1000))
        assert answer.status_code == 429
        assert 0 < int(answer.headers["Retry-After"]) <= 300
        assert actions() == 10 * ["sign_in_refused"] + ["braked"]

    def test_the_right_password_in_between_forgives_no_wrong_code(self, app: Flask, user: User) -> None:
        for _ in range(9):
            assert self.code(self.first(app, user), "000000").status_code == 422
        browser = self.first(app, user)
        assert [self.code(browser, "000000").status_code for _ in range(2)] == [422, 429]
        assert attempt(app, user.email, cast.PASSWORD, address="127.0.0.1").status_code == 429

    def test_wrong_passwords_and_wrong_codes_count_together(self, app: Flask, user: User) -> None:
        browser = self.first(app, user)
        assert [attempt(app, user.email, address="127.0.0.1").status_code for _ in range(6)] == 6 * [422]
        assert [self.code(browser, "000000").status_code for _ in range(5)] == 4 * [422] + [429]

    def test_codes_at_once_are_no_more_than_ten(self, app: Flask, user: User) -> None:
        browsers = [self.first(app, user) for _ in range(15)]
        with ThreadPoolExecutor(8) as pool:
            answered = sorted(pool.map(lambda one: self.code(one, "000000").status_code, browsers))
        assert answered == 10 * [422] + 5 * [429]

    def test_both_steps_together_forget_the_failures(self, app: Flask, user: User, secret: str) -> None:
        browser = self.first(app, user)
        self.code(browser, "000000")
        assert self.code(browser, pyotp.TOTP(secret).at(clock.now_ms() // 1000)).status_code == 303
        assert db.session.scalars(select(Attempt)).all() == []
        assert len(db.session.scalars(select(StaffSession)).all()) == 1

    def test_codes_are_braked_from_all_networks_together(self, app: Flask, user: User, secret: str) -> None:
        """Whoever knows the password and has many addresses would else try a million codes in a day or two."""
        keys = [brakes.keys_of(user.email, f"192.0.2.{number}") for number in range(40)]
        begun = [write(lambda session, keys=one: brakes.begin(session, keys, codes_of=user.id)) for one in keys]  # type: ignore[misc]
        assert [isinstance(one, brakes.Braked) for one in begun] == [False] * 30 + [True] * 10
        assert self.code(self.first(app, user), pyotp.TOTP(secret).at(clock.now_ms() // 1000)).status_code == 429

    def test_a_trusted_device_is_not_touched_by_what_others_do(
        self, app: Flask, monkeypatch: pytest.MonkeyPatch, user: User
    ) -> None:
        monkeypatch.setitem(brakes.MOST, "everybody", 5)
        assert statuses(app, 6, "khac@example.vn")[-1] == 429
        known: PortalClient = app.test_client()  # type: ignore[assignment]
        token, (key, _device) = token_of(known, SIGN_IN), write(lambda session: devices.trust(session, user, "Chrome"))
        known.set_cookie(cookie_name(app, devices.COOKIE), key)
        form = {"token": token, "email": user.email, "password": cast.PASSWORD}
        assert known.submit(SIGN_IN, form).headers["Location"] == "/ban-bien-tap"
        assert attempt(app, user.email, cast.PASSWORD).status_code == 429
