"""What happens between two steps of a request: an account, a session or a device is another by the time that it is written."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.accounts import codes, devices, passwords, signing_in, views
from portal.accounts.models import TrustedDevice, User
from portal.accounts.sealed import seal
from portal.core import sessions
from portal.core.db import db, write
from portal.core.sessions import CODE, StaffSession, cookie_name
from tests import cast
from tests.accounts.browser import sign_in, token_of
from tests.accounts.own import ACCOUNT, AtWork, actions, at_work, code_of, with_app
from tests.client import PortalClient

STEP = "/ban-bien-tap/ma-xac-thuc"


@pytest.mark.parametrize("values", [{"role": "administrator"}, {"totp_secret": "app"}, {"active": False}])
def test_who_needs_a_second_factor_since_the_hash_began_is_not_let_in_by_the_password(
    app: Flask, client: PortalClient, monkeypatch: pytest.MonkeyPatch, values: dict[str, object]
) -> None:
    user = cast.somebody("author", password=cast.PASSWORD)
    changed = values | ({"totp_secret": seal("A" * 32)} if "totp_secret" in values else {})
    user_id, verify = user.id, passwords.verify

    def slow(kept: str | None, password: str) -> bool:
        with app.app_context():
            write(lambda session: session.execute(update(User).where(User.id == user_id).values(**changed)))
        return verify(kept, password)

    monkeypatch.setattr(passwords, "verify", slow)
    assert sign_in(client, user.email).status_code == 422
    assert client.get(ACCOUNT).status_code == 303


def test_a_session_ended_meanwhile_is_signed_out_all_the_same(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    author = at_work(app, cast.somebody("author"))
    token = token_of(author.browser, ACCOUNT)

    def after_another(work: Callable[[Session], object]) -> object:
        with app.app_context():
            write(lambda session: session.execute(delete(StaffSession)))
        return write(work)

    monkeypatch.setattr(views, "write", after_another)
    assert author.browser.submit("/ban-bien-tap/dang-xuat", {"token": token}).status_code == 303


def waiting(app: Flask) -> tuple[AtWork, str]:
    user, secret = with_app()
    return at_work(app, user, stage=CODE), secret


def test_of_one_code_sent_twice_at_once_the_second_is_refused(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    author, secret = waiting(app)
    form = {"token": token_of(author.browser, STEP), "code": code_of(secret)}
    read, statuses = codes.read, list[int]()

    def after_the_first(user: User, typed: str) -> codes.Code:
        code = read(user, typed)
        monkeypatch.setattr(codes, "read", read)
        with app.app_context():
            first: PortalClient = app.test_client()  # type: ignore[assignment]
            first.set_cookie(cookie_name(app), author.key)
            statuses.append(first.submit(STEP, form).status_code)
        return code

    monkeypatch.setattr(codes, "read", after_the_first)
    statuses.append(author.browser.submit(STEP, form).status_code)
    assert statuses == [303, 422]
    assert actions() == ["sign_in", "sign_in_refused"]


def test_a_device_is_not_trusted_after_its_session_was_ended(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    author, secret = waiting(app)
    by_code = signing_in.by_code

    def then_ended(row: StaffSession, typed: str) -> object:
        opened = by_code(row, typed)
        write(lambda session: sessions.end_sessions(session, author.user.id))
        return opened

    monkeypatch.setattr(signing_in, "by_code", then_ended)
    form = {"token": token_of(author.browser, STEP), "code": code_of(secret), "trust": "y"}
    assert author.browser.submit(STEP, form).status_code == 303
    assert author.browser.get_cookie(cookie_name(app, devices.COOKIE)) is None
    assert db.session.scalars(select(TrustedDevice)).all() == []


def test_signing_in_again_ends_the_session_that_the_browser_had(app: Flask) -> None:
    first = at_work(app, cast.somebody("author"))
    other = cast.somebody("editor", password=cast.PASSWORD)
    form = {"token": token_of(first.browser, ACCOUNT), "email": other.email, "password": cast.PASSWORD}
    assert first.browser.submit("/ban-bien-tap/dang-nhap", form).status_code == 303
    assert db.session.scalars(select(StaffSession.user_id)).all() == [other.id]
