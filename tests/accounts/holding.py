"""What a browser with a passkey does: it asks for a question, and sends its device's answer."""

import json
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.accounts.models import Passkey, User
from portal.audit.models import Entry
from portal.core.db import db
from portal.core.sessions import cookie_name
from tests import cast
from tests.accounts.authenticator import Authenticator
from tests.accounts.browser import SIGN_IN, token_of
from tests.client import PortalClient

KEYS, OWN = "/ban-bien-tap/khoa", "/ban-bien-tap/tai-khoan"
STEP = SIGN_IN + "/khoa"
SECOND = "/ban-bien-tap/ma-xac-thuc"
REFUSED = "Chưa đăng nhập được bằng khóa truy cập. Hãy thử lại hoặc đăng nhập bằng mật khẩu."


def asked(client: PortalClient, where: str = KEYS, page: str = "") -> tuple[str, dict[str, Any]]:
    """Return the token of a page, and the question for the passkey; who adds one is asked for the password."""
    token = token_of(client, page or (KEYS if where == KEYS else SIGN_IN))
    answer = client.submit(where + "/cau-hoi", {"token": token, "again": cast.PASSWORD if where == KEYS else ""})
    assert answer.status_code == 200
    assert answer.get_json() is not None
    return token, answer.get_json()


def add(client: PortalClient, device: Authenticator, **fields: str) -> TestResponse:
    token, question = asked(client)
    return client.submit(KEYS, {"token": token, "answer": json.dumps(device.create(question)), **fields})


def enter(client: PortalClient, device: Authenticator, *, page: str = SIGN_IN, **fields: str) -> TestResponse:
    token, question = asked(client, STEP, page)
    return client.submit(STEP, {"token": token, "answer": json.dumps(device.get(question)), **fields})


def actions() -> list[str]:
    return list(db.session.scalars(select(Entry.action).order_by(Entry.id)))


def fields_of(action: str) -> dict[str, Any]:
    found = db.session.scalars(select(Entry.fields).where(Entry.action == action).order_by(Entry.id.desc())).first()
    return dict(json.loads(found or "{}"))


def passkeys() -> list[Passkey]:
    db.session.rollback()
    return list(db.session.scalars(select(Passkey).order_by(Passkey.id)))


def rows(kind: Any) -> int:
    db.session.rollback()
    return len(db.session.scalars(select(kind)).all())


def assert_refused(answer: TestResponse, *causes: str) -> None:
    assert (answer.status_code, answer.get_json()) == (422, {"said": REFUSED})
    assert "Set-Cookie" not in answer.headers
    assert fields_of("sign_in_refused")["cause"] in causes


def publisher_with_passkey(app: Flask, device: Authenticator, **values: Any) -> User:
    user = cast.somebody("publisher", password=cast.PASSWORD, **values)
    browser: PortalClient = app.test_client()  # type: ignore[assignment]
    browser.set_cookie(cookie_name(app), cast.session_of(user))
    assert add(browser, device).status_code == 200
    return user
