"""Staff sessions: rows, so that they can be ended. A visitor has none, and a public page never reads or sets a cookie.

The cookie carries 256 random bits; the row keeps their hash, so that a copy of the database signs nobody in. A session ends after
an hour without work, and twelve hours after it began. Its key is a new one at each step of signing in.
"""

import hashlib
import hmac
import secrets
from typing import Any

from flask import Flask, Request, Response, current_app, g, request, session
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy import ForeignKey, LargeBinary, String, delete, select, text, update
from sqlalchemy.exc import OperationalError, TimeoutError
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core import clock
from portal.core.db import Instant, Model, changed, db, write
from portal.core.gate import REFUSED

LONGEST_MS = 12 * clock.HOUR
IDLE_MS = clock.HOUR
STEP_MS = 10 * clock.MINUTE
"""How long a session that has not come all the way waits for the next step."""

NOTED_AFTER_MS = clock.MINUTE
"""How old the note of somebody's last work may grow before it is written anew."""

MOST = 20
"""Sessions of one user: nobody works on so many browsers at once."""

FULL, CODE, SET_UP = "full", "code", "set_up"
"""How far somebody has signed in: wholly; up to the second factor; up to having one, which some roles must."""


class StaffSession(Model):
    """Somebody who signs in, or has signed in, on one browser."""

    __tablename__ = "staff_session"

    key_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    stage: Mapped[str] = mapped_column(String(10), server_default=FULL)
    first: Mapped[str] = mapped_column(String(10), server_default="password")
    """The first step: "password" or "passkey"."""
    device: Mapped[str] = mapped_column(String(80), server_default=text("''"))
    """The browser's kind in words, as its owner knows it."""
    created_at: Mapped[Instant]
    seen_at: Mapped[Instant] = mapped_column(server_default="0")
    expires_at: Mapped[Instant]

    def is_over(self, now: int) -> bool:
        """Tell whether it has ended; a clock that was set back ends nothing."""
        return self.left_ms(now) <= 0

    def left_ms(self, now: int) -> int:
        """Return for how long it goes on if nobody works from here on."""
        return min(self.expires_at, self.seen_at + IDLE_MS) - now


def open_session(session: Session, user_id: int, *, stage: str = FULL, first: str = "password", device: str = "") -> str:
    """Store a new session for a user and return the key for its cookie. One too many ends the one that was used longest ago."""
    _make_room(session, user_id)
    key, now = secrets.token_urlsafe(32), clock.now_ms()
    times = {"created_at": now, "seen_at": now, "expires_at": now + (LONGEST_MS if stage == FULL else STEP_MS)}
    session.add(StaffSession(key_hash=hash_of(key), user_id=user_id, stage=stage, first=first, device=device, **times))
    return key


def end_sessions(session: Session, user_id: int, *, but: bytes | None = None) -> int:
    """End a user's sessions, all but one if that is said by its key's hash, and return how many were ended."""
    ended = delete(StaffSession).where(StaffSession.user_id == user_id)
    if but is not None:
        ended = ended.where(StaffSession.key_hash != but)
    return changed(session, ended)


def end_session(session: Session, key_hash: bytes, user_id: int) -> bool:
    """End one session of a user; return False where it was over already."""
    ended = delete(StaffSession).where(StaffSession.key_hash == key_hash, StaffSession.user_id == user_id)
    return changed(session, ended) == 1


def cookie_name(app: Flask, noun: str = "staff") -> str:
    """Return a staff cookie's name: with the __Host- prefix once the site is served over HTTPS."""
    return f"__Host-{noun}" if app.config["SECURE"] else noun


def give_cookie(response: Response, value: str, noun: str = "staff", *, days: int | None = None) -> None:
    """Have the browser keep a staff cookie: until it is closed, or for so many days."""
    age = None if days is None else days * 24 * 3600
    secure = current_app.config["SECURE"]
    response.set_cookie(cookie_name(current_app, noun), value, max_age=age, secure=secure, httponly=True, samesite="Lax")


def take_cookie(response: Response, noun: str = "staff") -> None:
    """Have the browser forget a staff cookie."""
    secure = current_app.config["SECURE"]
    response.delete_cookie(cookie_name(current_app, noun), secure=secure, httponly=True, samesite="Lax")


class RowSession(dict[str, Any], SessionMixin):
    """What Flask and Flask-Login see of a session: the user's id, read only, and only once somebody has signed in wholly."""

    row: StaffSession | None = None


class Rows(SessionInterface):
    """Reads the session's row where the cookie is there; never sets or varies by a cookie on its own."""

    def open_session(self, app: Flask, request: Request) -> RowSession:
        key = request.cookies.get(cookie_name(app), "") if "HTTP_COOKIE" in request.environ else ""
        try:
            row = _row_of(key) if key else None
        except (OperationalError, TimeoutError):  # Flask asks before it can handle errors: the gate's hook answers
            request.environ[REFUSED], row = 503, None
        opened = RowSession(_user_id=str(row.user_id), _fresh=True) if row is not None and row.stage == FULL else RowSession()
        opened.row = row
        return opened

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep nothing: what a session holds is in its row."""


def current() -> StaffSession | None:
    """Return the row of the session that asks, as it was when it did and however far it has come, or None."""
    return session.row if isinstance(session._get_current_object(), RowSession) else None  # type: ignore[attr-defined]


def be_active() -> None:
    """Note that somebody works, once a minute."""
    row, now = current(), clock.now_ms()
    if row is not None and not 0 <= now - row.seen_at < NOTED_AFTER_MS:
        seen = update(StaffSession).where(StaffSession.key_hash == row.key_hash).values(seen_at=now)
        write(lambda session: session.execute(seen))
        row.seen_at = now


def form_token() -> str:
    """Return what a form of this browser must carry: it follows from the session's key, or from the cookie of `start_form`.

    The cookie of a session that is over, or never was, counts for nothing: somebody else may have put it there.
    """
    noun = "start" if current() is None else "staff"
    return token_of(g.get("started") or request.cookies.get(cookie_name(current_app, noun)) or secrets.token_hex(16))


def token_of(key: str) -> str:
    """Return what follows from the key of a browser: 64 hexadecimal digits."""
    secret = current_app.config["SECRET_KEY"].encode()
    return hmac.digest(secret, b"form:" + key.encode(), hashlib.sha256).hex()


def start_form(response: Response) -> Response:
    """Give a browser that has no session a cookie of its own, by which the form in this answer is known to be from here."""
    if "started" in g:
        give_cookie(response, g.started, "start")
    return response


def left_s() -> int:
    """Return for how many whole seconds the session of somebody who has signed in wholly goes on; 0 for anybody else."""
    row = current()
    return max(0, row.left_ms(clock.now_ms()) // 1_000) if row is not None and row.stage == FULL else 0


def begin_form() -> None:
    """Prepare for `form_token` in a page for somebody without a session; the answer goes through `start_form`."""
    if current() is None and not request.cookies.get(cookie_name(current_app, "start")):
        g.started = secrets.token_urlsafe(16)


def hash_of(key: str) -> bytes:
    """Return under which hash a key is kept: of 256 random bits, so a quick one tells nothing."""
    return hashlib.sha256(key.encode()).digest()


def _make_room(session: Session, user_id: int) -> None:
    """End what is too much for one more; first what has not come all the way, or whoever knows a password would end others."""
    order = (StaffSession.stage != FULL, StaffSession.seen_at.desc(), StaffSession.created_at.desc())
    stay = select(StaffSession.key_hash).where(StaffSession.user_id == user_id).order_by(*order).limit(MOST - 1)
    session.execute(delete(StaffSession).where(StaffSession.user_id == user_id, StaffSession.key_hash.not_in(stay)))


def _row_of(key: str) -> StaffSession | None:
    row: StaffSession | None = db.session.scalar(select(StaffSession).where(StaffSession.key_hash == hash_of(key)))
    if row is None or row.is_over(clock.now_ms()):
        return None
    db.session.expunge(row)  # stays as it was when the request began: another one may end it meanwhile
    return row


def init_app(app: Flask) -> None:
    app.session_interface = Rows()
    app.jinja_env.globals |= {"form_token": form_token, "session_left": left_s}
