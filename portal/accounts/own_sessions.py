"""Somebody's sessions: the one that asks and another key for it, which of them last, the end of all others."""

import secrets
from dataclasses import dataclass

from flask import g
from flask import session as flask_session
from sqlalchemy import Select, func, inspect, select, update
from sqlalchemy.orm import Session

from portal import audit
from portal.accounts import devices
from portal.accounts.changing import Expelled
from portal.accounts.models import User
from portal.audit import vocabulary
from portal.core import clock, sessions
from portal.core.db import db
from portal.core.sessions import FULL, IDLE_MS, RowSession, StaffSession, hash_of


@dataclass(frozen=True, slots=True)
class Asking:
    """The session that asks, as it was when it did: nothing that it is told here is read again while something is written."""

    key_hash: bytes
    user_id: int
    stage: str
    first: str
    device: str
    began_at: int


def asking() -> Asking | None:
    """Return the session that asks, however far it has come; None where there is none, or another request has just ended it."""
    known = sessions.current()
    identity = None if known is None else inspect(known).identity
    if identity is None:
        return None
    found = select(StaffSession).where(StaffSession.key_hash == identity[0]).execution_options(populate_existing=True)
    row = db.session.scalar(found)
    return None if row is None else Asking(row.key_hash, row.user_id, row.stage, row.first, row.device, row.created_at)


def go_on(key: str) -> None:
    """Have the page that answers this very request know its session by the key that it has just been given."""
    opened = flask_session._get_current_object()  # type: ignore[attr-defined]
    if isinstance(opened, RowSession):
        opened.row = db.session.get(StaffSession, hash_of(key))
    g.started = key  # the page's forms come back with it


def lasting(user_id: int) -> Select[StaffSession]:
    """Select a user's sessions that have come all the way and are not over."""
    now = clock.now_ms()
    still = (StaffSession.expires_at > now, StaffSession.seen_at > now - IDLE_MS)
    return select(StaffSession).where(StaffSession.user_id == user_id, StaffSession.stage == FULL, *still)


def hold(session: Session, key_hash: bytes) -> bool:
    """Tell, in the write itself, whether the session that asks is there still; until the commit nobody ends it."""
    found = select(StaffSession.key_hash).where(StaffSession.key_hash == key_hash)
    return session.scalar(found.with_for_update()) is not None


def renew(session: Session, key_hash: bytes) -> str:
    """Give a session that is held another key, for its cookie, and return it. It lasts no longer for that."""
    key = secrets.token_urlsafe(32)
    session.execute(update(StaffSession).where(StaffSession.key_hash == key_hash).values(key_hash=hash_of(key)))
    return key


def end_others(session: Session, user_id: int, *, but: bytes) -> int:
    """End all of a user's sessions but one, and return how many of them lasted still."""
    found = lasting(user_id).where(StaffSession.key_hash != but).with_only_columns(func.count())
    lasted = session.scalar(found) or 0
    sessions.end_sessions(session, user_id, but=but)
    return lasted


def begin_anew(session: Session, user_id: int, key_hash: bytes) -> tuple[str, Expelled]:
    """Do what follows where what somebody signs in with was changed: no other session, no trusted device, another key.

    Return the key for this session's cookie, and what was lost, to be recorded after the change.
    """
    ended = Expelled(end_others(session, user_id, but=key_hash), devices.forget_all(session, user_id))
    return renew(session, key_hash), ended


def tell_ended(session: Session, user: User, number: int, *, cause: str) -> None:
    """Record that sessions were ended, where there were some."""
    if number:
        audit.record(session, vocabulary.SESSION_ENDED, actor=user, thing=f"user:{user.id}", cause=cause, sessions=number)
