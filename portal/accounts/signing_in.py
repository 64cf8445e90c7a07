"""Signing in: from what somebody typed to a session, or to a refusal that says the same whatever was wrong."""

from dataclasses import dataclass

from flask import current_app, request
from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from portal import audit
from portal.accounts import brakes, passwords, totp
from portal.accounts.brakes import Begun, Braked, Keys
from portal.accounts.devices import is_trusted
from portal.accounts.emails import canonical
from portal.accounts.models import Passkey, RecoveryCode, User
from portal.accounts.permissions import SECOND_FACTOR_REQUIRED, Role
from portal.accounts.sealed import unseal
from portal.audit import vocabulary
from portal.core import clock, sessions
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


def by_password(email: str, password: str, *, device: str, trusted: str) -> Opened | NotOpened:
    """Sign in with a password. `device` is the browser in words, `trusted` the key of its cookie, "" where it has none."""
    keys = brakes.keys_of(email, request.remote_addr or "")
    attempt = write(lambda session: brakes.begin(session, keys))
    if isinstance(attempt, Braked):
        return NotOpened(attempt.retry_after_s)
    user = find(email)
    kept = user.password_hash if user is not None else None
    is_right = passwords.verify(kept, password)
    if user is None or not is_right or not user.active:
        cause = "unknown_account" if user is None else "wrong_password" if not is_right else "disabled_account"
        return refuse(attempt, user, cause)
    renewed = passwords.hash_of(password) if passwords.needs_rehash(user.password_hash or "") else None
    stage = _stage_after_password(user, trusted)
    second = "trusted_device" if stage == FULL and user.totp_secret else "none"

    def store(session: Session) -> Opened | NotOpened:
        if not _still(session, user, kept):
            return NotOpened()
        if renewed is not None:
            session.execute(update(User).where(User.id == user.id, User.password_hash == kept).values(password_hash=renewed))
        if stage != FULL:
            brakes.forgive(session, attempt)
            key = sessions.open_session(session, user.id, stage=stage, device=device)
            return Opened(key, stage, user.id)
        return _sign_in(session, user, keys, first="password", second=second, device=device)

    return write(store)


def by_code(row: StaffSession, typed: str) -> Opened | NotOpened:
    """Take the second step of a session that waits for it: a code from the app, or a recovery code."""
    user = db.session.get_one(User, row.user_id)
    keys = brakes.keys_of(user.email, request.remote_addr or "")
    attempt = write(lambda session: brakes.begin(session, keys))
    if isinstance(attempt, Braked):
        return NotOpened(attempt.retry_after_s)
    used, now = user.totp_step, clock.now_ms()
    step = totp.matched_step(unseal(user.totp_secret), typed, now_ms=now, used=used) if user.totp_secret else None
    recovery = totp.recovery_hash(typed, key=current_app.config["SECRET_KEY"].encode(), user_id=user.id)

    def store(session: Session) -> Opened | None:
        if not (_take_step(session, user, step) if step is not None else _take_recovery(session, user, recovery)):
            return None
        if not sessions.end_session(session, row.key_hash, user.id) or not _still(session, user, user.password_hash):
            return None
        second = "code" if step is not None else "recovery_code"
        return _sign_in(session, user, keys, first=row.first, second=second, device=row.device)

    return write(store) or refuse(attempt, user, "wrong_code" if recovery is None else "wrong_recovery_code")


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
    if Role(user.role) not in SECOND_FACTOR_REQUIRED:
        return FULL
    has_passkey = db.session.scalar(select(Passkey.id).where(Passkey.user_id == user.id).limit(1)) is not None
    return CODE if has_passkey else SET_UP


def _sign_in(session: Session, user: User, keys: Keys, *, first: str, second: str, device: str) -> Opened:
    brakes.release(session, keys)
    key = sessions.open_session(session, user.id, first=first, device=device)
    audit.record(session, vocabulary.SIGN_IN, actor=user, thing=f"user:{user.id}", first=first, second=second)
    return Opened(key, FULL, user.id)


def _still(session: Session, user: User, kept: str | None) -> bool:
    """Tell, in the write itself, whether an account is still as it was read: active, with the password that was checked."""
    found = select(User.id).where(User.id == user.id, User.active, User.password_hash.is_not_distinct_from(kept))
    return session.scalar(found.with_for_update()) is not None


def _take_step(session: Session, user: User, step: int) -> bool:
    """Use a code's time step; False where it, or a later one, was used meanwhile."""
    unused = or_(User.totp_step.is_(None), User.totp_step < step)
    taken = session.execute(update(User).where(User.id == user.id, unused).values(totp_step=step))
    return int(taken.rowcount) == 1  # type: ignore[attr-defined]


def _take_recovery(session: Session, user: User, recovery: bytes | None) -> bool:
    """Use a recovery code; False where it is none, or was used."""
    if recovery is None:
        return False
    taken = session.execute(delete(RecoveryCode).where(RecoveryCode.hash == recovery, RecoveryCode.user_id == user.id))
    return int(taken.rowcount) == 1  # type: ignore[attr-defined]
