"""Staff sessions: rows, so that they can be ended. A visitor has none, and a public page never reads or sets a cookie.

The cookie carries 256 random bits; the row keeps their hash, so that a copy of the database signs nobody in.
"""

import hashlib
import secrets
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy import ForeignKey, LargeBinary, select
from sqlalchemy.exc import OperationalError, TimeoutError
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core import clock
from portal.core.db import Instant, Model, db
from portal.core.gate import REFUSED

LONGEST_MS = 12 * clock.HOUR


class StaffSession(Model):
    """Somebody signed in on one browser."""

    __tablename__ = "staff_session"

    key_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]


def open_session(session: Session, user_id: int) -> str:
    """Store a new session for a user and return the key for its cookie."""
    key, now = secrets.token_urlsafe(32), clock.now_ms()
    session.add(StaffSession(key_hash=_hash(key), user_id=user_id, created_at=now, expires_at=now + LONGEST_MS))
    return key


def cookie_name(app: Flask) -> str:
    """Return the session cookie's name: with the __Host- prefix once the site is served over HTTPS."""
    return "__Host-staff" if app.config["SECURE"] else "staff"


class RowSession(dict[str, Any], SessionMixin):
    """What Flask and Flask-Login see of a session: the user's id, read only."""


class Rows(SessionInterface):
    """Reads the session's row where the cookie is there; never sets or varies by a cookie on its own."""

    def open_session(self, app: Flask, request: Request) -> RowSession:
        key = request.cookies.get(cookie_name(app), "") if "HTTP_COOKIE" in request.environ else ""
        try:
            user_id = _user_of(key) if key else None
        except (OperationalError, TimeoutError):  # Flask asks before it can handle errors: the gate's hook answers
            request.environ[REFUSED], user_id = 503, None
        return RowSession() if user_id is None else RowSession(_user_id=str(user_id), _fresh=True)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep nothing: what a session holds is in its row."""


def _user_of(key: str) -> int | None:
    found = select(StaffSession.user_id).where(StaffSession.key_hash == _hash(key), StaffSession.expires_at > clock.now_ms())
    return db.session.scalar(found)


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()


def init_app(app: Flask) -> None:
    app.session_interface = Rows()
