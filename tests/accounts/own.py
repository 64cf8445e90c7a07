"""Somebody at their own account, as tests meet them: signed in on a browser, with an authenticator app, with trusted devices."""

import re
from dataclasses import dataclass

import pyotp
from flask import Flask
from sqlalchemy import func, insert, select

from portal.accounts import devices, totp
from portal.accounts.models import Passkey, RecoveryCode, User
from portal.accounts.sealed import seal, unseal
from portal.audit.models import Entry
from portal.core import clock, sessions
from portal.core.db import db, write
from portal.core.sessions import StaffSession, cookie_name
from tests import cast
from tests.accounts.browser import token_of
from tests.client import PortalClient

ACCOUNT = "/ban-bien-tap/tai-khoan"
PASSWORD_PAGE = f"{ACCOUNT}/mat-khau"
CODES = f"{ACCOUNT}/ma-du-phong"
REMOVAL = f"{ACCOUNT}/bo-buoc-hai"
SET_UP = "/ban-bien-tap/buoc-hai"
QR = f"{SET_UP}/qr.svg"
SIGN_IN = "/ban-bien-tap/dang-nhap"


@dataclass(frozen=True, slots=True)
class AtWork:
    """Somebody signed in on a browser."""

    user: User
    browser: PortalClient
    key: str

    def asks(self, path: str = ACCOUNT) -> int:
        return self.browser.get(path).status_code

    def sends(self, path: str, page: str = ACCOUNT, **fields: str) -> tuple[int, str]:
        """Send a form of a page; return the status and where it leads, or what is shown."""
        answer = self.browser.submit(path, {"token": token_of(self.browser, page), **fields})
        return answer.status_code, answer.headers.get("Location", answer.text)


def at_work(app: Flask, user: User, **session: str) -> AtWork:
    """Sign somebody in on a browser of their own."""
    browser: PortalClient = app.test_client()  # type: ignore[assignment]
    key = cast.session_of(user, **session)
    browser.set_cookie(cookie_name(app), key)
    return AtWork(user, browser, key)


def key_of(app: Flask, browser: PortalClient) -> str:
    """Return the session's key that a browser holds."""
    cookie = browser.get_cookie(cookie_name(app))
    assert cookie is not None
    return str(cookie.value)


def with_app(role: str = "author", **values: object) -> tuple[User, str]:
    """Store somebody with an authenticator app and two recovery codes, and return them with the app's secret."""
    secret = pyotp.random_base32(32)
    user = cast.somebody(role, password=cast.PASSWORD, totp_secret=seal(secret), **values)
    return user, secret


def code_of(secret: str, *, steps: int = 0) -> str:
    """Return the code that an app shows, some steps of 30 seconds from now."""
    return str(pyotp.TOTP(secret).at(clock.now_ms() // 1000 + 30 * steps))


def recovery_code(app: Flask, user: User) -> str:
    """Store a recovery code of somebody and return it."""
    (code, *_) = totp.new_recovery_codes()
    kept = totp.recovery_hash(code, key=app.config["SECRET_KEY"].encode(), user_id=user.id)
    write(lambda session: session.execute(insert(RecoveryCode).values(hash=kept, user_id=user.id)))
    return code


def a_passkey(user: User) -> None:
    """Store a passkey of somebody."""
    kept = {"name": "Máy tính", "credential_id": b"c" * 16, "public_key": b"k", "sign_count": 0}
    flags = {"backup_eligible": False, "backed_up": False, "created_at": clock.now_ms()}
    write(lambda session: session.add(Passkey(user_id=user.id, **kept, **flags)))


def a_trusted_device(user: User, name: str = "Firefox, Linux") -> tuple[int, str]:
    """Store a trusted device of somebody and return its row's id and the key for its cookie."""
    key, device = write(lambda session: devices.trust(session, user, name))
    return device.id, key


def secret_on(page: str) -> str:
    """Return the secret that a set-up page shows."""
    found = re.search(r'<code class="factor-secret">([A-Z2-7 ]+)</code>', page)
    assert found is not None
    return found[1].replace(" ", "")


def codes_on(page: str) -> list[str]:
    """Return the recovery codes that a page shows."""
    return re.findall(r"<li><code>([A-Z0-9-]+)</code></li>", page)


def actions() -> list[str]:
    """Return what was recorded, in order."""
    return list(db.session.scalars(select(Entry.action).order_by(Entry.id)))


def keys_of(user: User) -> set[bytes]:
    """Return the hashes of the keys of somebody's sessions."""
    return set(db.session.scalars(select(StaffSession.key_hash).where(StaffSession.user_id == user.id)))


def hash_of(key: str) -> bytes:
    return sessions.hash_of(key)


def confirm(somebody: AtWork, secret: str, /, **more: str) -> tuple[int, str]:
    """Send the set-up form with the password, and the code that an app with this secret shows now."""
    return somebody.sends(SET_UP, SET_UP, **{"code": code_of(secret), "again": cast.PASSWORD, **more})


def shown(somebody: AtWork) -> str:
    """Return the secret that somebody is shown for a new app."""
    return secret_on(somebody.browser.get(SET_UP).text)


def kept(user: User) -> str | None:
    """Return the secret of somebody's app."""
    sealed = db.session.scalar(select(User.totp_secret).where(User.id == user.id))
    return None if sealed is None else unseal(sealed)


def number_of_codes() -> int:
    return db.session.scalar(select(func.count()).select_from(RecoveryCode)) or 0
