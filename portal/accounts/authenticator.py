"""Somebody's authenticator app: begun, confirmed by a right code, given new recovery codes, taken away.

Until it is confirmed its secret is kept nowhere and no form carries it: it follows from the site's key, the session's row and the
ten minutes in which the page was shown (RFC 6238, 5.1, lets secrets be derived). So a reload and a second tab show the same one;
a copy of the database does not tell it; in another session, or after twenty minutes, it is worth nothing. That is why there is
neither a column, which would have to be swept, nor a hidden value, which a reload would replace by another. Each change gives the
session another key, from which another secret would follow: none is ever used twice.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass

from flask import current_app, request
from sqlalchemy import Select, delete, exists, func, insert, select, update
from sqlalchemy.orm import Session

from portal import audit
from portal.accounts import asked_again, brakes, changing, codes, own_sessions, totp
from portal.accounts.asked_again import Asked
from portal.accounts.later import sealed
from portal.accounts.models import Passkey, RecoveryCode, User
from portal.accounts.own_sessions import Asking
from portal.accounts.permissions import SECOND_FACTOR_REQUIRED, is_one_of
from portal.accounts.signing_in import open_wholly
from portal.audit import vocabulary
from portal.core import clock, sessions
from portal.core.db import db, write
from portal.core.sessions import FULL

PERIOD_MS = 10 * clock.MINUTE


@dataclass(frozen=True, slots=True)
class Begun:
    """A secret that a code has confirmed, and the time step of that code."""

    secret: str
    step: int


@dataclass(frozen=True, slots=True)
class SetUp:
    """The key for the cookie of the session that goes on, and the recovery codes, which nobody can be shown again."""

    key: str
    codes: list[str]


def open_to(asking: Asking) -> Select[User]:
    """Select the user of a session who may set up an app: has none; and before signing in wholly, no passkey either."""
    found = select(User).where(User.id == asking.user_id, User.active, User.totp_secret.is_(None))
    return found if asking.stage == FULL else found.where(~exists().where(Passkey.user_id == User.id))


def pending(asking: Asking) -> str:
    """Return the secret that a session is shown in these ten minutes."""
    return _derived(asking, clock.now_ms() // PERIOD_MS)


def confirmed(asking: Asking, typed: str) -> Begun | None:
    """Return the secret that a code is of: the one of these ten minutes, or of the ten before."""
    now = clock.now_ms()
    for period in (now // PERIOD_MS, now // PERIOD_MS - 1):
        secret = _derived(asking, period)
        step = totp.matched_step(secret, typed, now_ms=now)
        if step is not None:
            return Begun(secret, step)
    return None


def set_up(asking: Asking, user: User, begun: Begun) -> SetUp | None:
    """Keep a confirmed app with new recovery codes; None where another tab was first, or the session is over.

    Somebody who was signed in goes on with another key. Somebody who had to do this first is signed in by it.
    """
    secret, made = sealed.seal(begun.secret), totp.new_recovery_codes()
    key_hash, user_id, first = asking.key_hash, asking.user_id, asking.first
    hashes, is_in = _hashes(made, user_id), asking.stage == FULL
    keys = brakes.keys_of(user.email, request.remote_addr or "")

    def store(session: Session) -> SetUp | None:
        actor = session.scalar(open_to(asking).with_for_update(of=User))
        if actor is None or not own_sessions.hold(session, key_hash):
            return None
        session.execute(update(User).where(User.id == user_id).values(totp_secret=secret, totp_step=begun.step))
        _replace_codes(session, user_id, hashes)
        audit.record(session, vocabulary.SECOND_FACTOR_SET_UP, actor=actor, thing=f"user:{user_id}")
        if is_in:
            return SetUp(own_sessions.renew(session, key_hash), made)
        sessions.end_session(session, key_hash, user_id)
        opened = open_wholly(session, actor, keys, first=first, second="code", device=asking.device)
        return SetUp(opened.key, made)

    return write(store)


def may_remove(user: User) -> bool:
    """Tell whether somebody may do without the app: a role that needs a second factor needs a passkey then."""
    return not is_one_of(user, SECOND_FACTOR_REQUIRED) or db.session.scalar(_passkey_of(user.id)) is not None


def remove(asking: Asking, asked: Asked) -> str | None:
    """Take an app and its recovery codes away and return the key for this session's cookie.

    None where the code was used meanwhile, the role needs the app, or the session is over; then nothing has changed.
    """
    key_hash, user_id = asking.key_hash, asking.user_id

    def store(session: Session) -> str | None:
        user = session.scalar(select(User).where(User.id == user_id, User.active).with_for_update(of=User))
        if user is None or not own_sessions.hold(session, key_hash):
            return None
        needed = is_one_of(user, SECOND_FACTOR_REQUIRED) and session.scalar(_passkey_of(user_id)) is None
        if needed or not asked_again.take(session, user_id, asked):
            return None
        session.execute(update(User).where(User.id == user_id).values(totp_secret=None, totp_step=None))
        session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
        key, ended = own_sessions.begin_anew(session, user_id, key_hash)
        codes.tell(session, user, asked.code)
        audit.record(session, vocabulary.SECOND_FACTOR_REMOVED, actor=user, thing=f"user:{user_id}")
        changing.record_expelled(session, ended, user_id, user, "rights_changed")
        return key

    return write(store)


def renew_codes(user_id: int, asked: Asked) -> list[str] | None:
    """Make new recovery codes in place of the old ones; None where the code was used meanwhile."""
    made = totp.new_recovery_codes()
    hashes = _hashes(made, user_id)

    def store(session: Session) -> list[str] | None:
        has_app = select(User).where(User.id == user_id, User.active, User.totp_secret.is_not(None)).with_for_update(of=User)
        user = session.scalar(has_app)
        if user is None or not asked_again.take(session, user_id, asked):
            return None
        _replace_codes(session, user_id, hashes)
        codes.tell(session, user, asked.code)
        audit.record(session, vocabulary.RECOVERY_CODES_MADE, actor=user, thing=f"user:{user_id}")
        return made

    return write(store)


def codes_left(user_id: int) -> int:
    """Return how many recovery codes somebody has left."""
    return db.session.scalar(select(func.count()).where(RecoveryCode.user_id == user_id)) or 0


def still_good(user_id: int, codes: list[str]) -> list[str]:
    """Return those of some codes, as their owner's page sent them back, that are recovery codes of this user still."""
    known = set(db.session.scalars(select(RecoveryCode.hash).where(RecoveryCode.user_id == user_id)))
    return [code for code, kept in zip(codes, _hashes(codes, user_id), strict=True) if kept in known]


def _derived(asking: Asking, period: int) -> str:
    key = current_app.config["SECRET_KEY"].encode()
    message = b"accounts.pending:" + asking.key_hash + f":{asking.user_id}:{period}".encode()
    return base64.b32encode(hmac.digest(key, message, hashlib.sha256)[:20]).decode("ascii")


def _hashes(codes: list[str], user_id: int) -> list[bytes | None]:
    key = current_app.config["SECRET_KEY"].encode()
    return [totp.recovery_hash(code, key=key, user_id=user_id) for code in codes]


def _replace_codes(session: Session, user_id: int, hashes: list[bytes | None]) -> None:
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    session.execute(insert(RecoveryCode), [{"hash": kept, "user_id": user_id} for kept in hashes])


def _passkey_of(user_id: int) -> Select[int]:
    return select(Passkey.id).where(Passkey.user_id == user_id).limit(1)
