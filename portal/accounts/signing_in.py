"""Signing in: from what somebody typed to a session, or to a refusal that says the same whatever was wrong."""

from dataclasses import dataclass

from flask import request
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import audit
from portal.accounts import brakes, codes, devices, passwords
from portal.accounts.brakes import Begun, Braked, Keys
from portal.accounts.devices import is_trusted
from portal.accounts.emails import canonical
from portal.accounts.models import Passkey, User
from portal.accounts.permissions import SECOND_FACTOR_REQUIRED, is_one_of, may_work
from portal.audit import vocabulary
from portal.core import sessions
from portal.core.db import db, write
from portal.core.errors import Refused
from portal.core.sessions import CODE, FULL, SET_UP, StaffSession


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that was begun: the key for its cookie, and how far it has come."""

    key: str
    stage: str
    user_id: int


@dataclass(frozen=True, slots=True)
class NotOpened:
    """A refusal; `retry_after_s` where it will be another one before then, whatever is typed."""

    retry_after_s: int | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """An account as it was read before a write, in which the row itself is read anew."""

    id: int
    role: str
    password_hash: str | None
    totp_secret: str | None

    @classmethod
    def of(cls, user: User) -> "Known":
        return cls(user.id, user.role, user.password_hash, user.totp_secret)


def by_password(email: str, password: str, *, device: str, trusted: str) -> Opened | NotOpened:
    """Sign in with a password. `device` is the browser in words, `trusted` the key of its cookie, "" where it has none.

    The session that the browser has ends. Raises Busy, before anything is counted, where too many sign in at this moment.
    """
    with passwords.place():
        return _by_password(email, password, device=device, trusted=trusted)


def _by_password(email: str, password: str, *, device: str, trusted: str) -> Opened | NotOpened:
    row = sessions.current()
    held = None if row is None else (row.key_hash, row.user_id)
    keys = brakes.keys_of(email, request.remote_addr or "")
    user = find(email)
    spared = brakes.KNOWN_BROWSER if user is not None and is_trusted(user, trusted) else ()
    attempt = write(lambda session: brakes.begin(session, keys, spared=spared))
    if isinstance(attempt, Braked):
        return NotOpened(attempt.retry_after_s)
    user = find(email)  # anew: a write ends what was read before it
    kept = user.password_hash if user is not None else None
    is_right = passwords.verify(kept, password)
    if user is None or not is_right or not may_work(user):
        cause = "unknown_account" if user is None else "wrong_password" if not is_right else "disabled_account"
        return refuse(attempt, user, cause)
    renewed = passwords.hash_of(password) if passwords.needs_rehash(user.password_hash or "") else None
    stage = _stage_after_password(user, trusted)
    second = "trusted_device" if stage == FULL and user.totp_secret else "none"
    known = Known.of(user)

    def store(session: Session) -> Opened | None:
        if not is_still(session, known):
            return None
        if second == "trusted_device" and not devices.hold(session, known.id, trusted):
            return None
        if held is not None:
            sessions.end_session(session, *held)
        if renewed is not None:
            session.execute(update(User).where(User.id == user.id, User.password_hash == kept).values(password_hash=renewed))
        if stage != FULL:
            brakes.forgive(session, attempt)
            key = sessions.open_session(session, user.id, stage=stage, device=device)
            return Opened(key, stage, user.id)
        return open_wholly(session, user, keys, first="password", second=second, device=device)

    return write(store) or refuse(attempt, user, "too_late")


def by_code(row: StaffSession, typed: str) -> Opened | NotOpened:
    """Take the second step of a session that waits for it: a code from the app, or a recovery code."""
    user = db.session.get_one(User, row.user_id)
    keys, user_id = brakes.keys_of(user.email, request.remote_addr or ""), user.id
    attempt = write(lambda session: brakes.begin(session, keys, codes_of=user_id))
    if isinstance(attempt, Braked):
        return NotOpened(attempt.retry_after_s)
    code, known = codes.read(user, typed), Known.of(user)

    def store(session: Session) -> Opened | str:
        if not codes.take(session, user.id, code):
            return code.cause
        if not sessions.end_session(session, row.key_hash, user.id) or not is_still(session, known):
            return "too_late"
        second = "code" if code.step is not None else "recovery_code"
        opened = open_wholly(session, user, keys, first=row.first, second=second, device=row.device)
        codes.tell(session, user, code)
        return opened

    opened = write(store)
    return opened if isinstance(opened, Opened) else refuse(attempt, user, opened)


def refuse(attempt: Begun, user: User | None, cause: str) -> NotOpened:
    """Note a refusal, and that it was the last one before the brakes."""
    thing = f"user:{user.id}" if user is not None else ""

    def store(session: Session) -> None:
        audit.record(session, vocabulary.SIGN_IN_REFUSED, actor=audit.NOBODY, thing=thing, cause=cause)
        if attempt.brakes is not None:
            failures = brakes.MOST[attempt.brakes]
            audit.record(session, vocabulary.BRAKED, actor=audit.NOBODY, thing=thing, brake=attempt.brakes, failures=failures)

    write(store)
    return NotOpened()


def find(email: str) -> User | None:
    """Return the user with an address, however it is typed."""
    try:
        address = canonical(email)
    except Refused:
        return None
    return db.session.scalar(select(User).where(User.email == address))


def _stage_after_password(user: User, trusted: str) -> str:
    """Return how far somebody has come whose password is right."""
    if user.totp_secret is not None:
        return FULL if is_trusted(user, trusted) else CODE
    if not is_one_of(user, SECOND_FACTOR_REQUIRED):
        return FULL
    has_passkey = db.session.scalar(select(Passkey.id).where(Passkey.user_id == user.id).limit(1)) is not None
    return CODE if has_passkey else SET_UP


def open_wholly(session: Session, user: User, keys: Keys, *, first: str, second: str, device: str) -> Opened:
    """Open the session of somebody who has taken both steps, and forget earlier failures."""
    brakes.release(session, keys, user.id)
    key = sessions.open_session(session, user.id, first=first, device=device)
    audit.record(session, vocabulary.SIGN_IN, actor=user, thing=f"user:{user.id}", first=first, second=second)
    return Opened(key, FULL, user.id)


def is_still(session: Session, known: Known) -> bool:
    """Tell, in the write itself, whether an account is still as it was read: active, its role, what it signs in with."""
    same = (
        User.password_hash.is_not_distinct_from(known.password_hash),
        User.totp_secret.is_not_distinct_from(known.totp_secret),
    )
    found = select(User.id).where(User.id == known.id, User.active, User.role == known.role, *same)
    return session.scalar(found.with_for_update()) is not None
