"""Codes of the second factor as they are typed: what one may be, and using it up. Each counts once."""

from dataclasses import dataclass

from flask import current_app
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from portal import audit
from portal.accounts import totp
from portal.accounts.later import sealed
from portal.accounts.models import RecoveryCode, UsedCode, User
from portal.audit import vocabulary
from portal.core import clock
from portal.core.db import changed, db, insert

KEPT_STEPS = clock.DAY // totp.STEP_MS
"""How many steps of the past are kept as used: those that a clock which was set back by a day makes good again."""


@dataclass(frozen=True, slots=True)
class Code:
    """What a typed code may be: a time step of the kept secret, or the hash of a recovery code."""

    secret: str | None
    """The app's secret that it was compared with, as it is kept."""
    step: int | None
    recovery: bytes | None
    was_used: bool
    """True where it was right, but has counted already."""

    @property
    def cause(self) -> str:
        """Why it is refused, in the words of the audit."""
        if self.was_used or self.step is not None:  # in time, or by another who was quicker
            return "used_code"
        return "wrong_code" if self.recovery is None else "wrong_recovery_code"


def read(user: User, typed: str) -> Code:
    """Return what a code may be; whether it is, and was not used meanwhile, `take` tells in the write."""
    kept, now, step, was_used = user.totp_secret, clock.now_ms(), None, False
    if kept is not None:
        secret = sealed.unseal(kept)
        used = {user.totp_step, *db.session.scalars(select(UsedCode.step).where(UsedCode.user_id == user.id))}
        step = totp.matched_step(secret, typed, now_ms=now, used=used)
        was_used = step is None and totp.matched_step(secret, typed, now_ms=now) is not None
    recovery = totp.recovery_hash(typed, key=current_app.config["SECRET_KEY"].encode(), user_id=user.id)
    return Code(kept, step, recovery, was_used)


def take(session: Session, user_id: int, code: Code) -> bool:
    """Use a code up; False where it is none, was used meanwhile, or the app is another one by now."""
    if code.step is not None:
        same = (User.id == user_id, User.totp_secret == code.secret, User.totp_step.is_distinct_from(code.step))
        if session.scalar(select(User.id).where(*same).with_for_update()) is None:
            return False
        once = (
            insert(session, UsedCode)
            .values(user_id=user_id, step=code.step)
            .on_conflict_do_nothing(index_elements=["user_id", "step"])
        )
        return session.scalar(once.returning(UsedCode.step)) is not None
    if code.recovery is None:
        return False
    return changed(session, delete(RecoveryCode).where(RecoveryCode.hash == code.recovery, RecoveryCode.user_id == user_id)) == 1


def sweep(session: Session, now: int) -> None:
    """Erase used codes whose time was more than a day ago; one that was used while the clock was ahead stays until then."""
    session.execute(delete(UsedCode).where(UsedCode.step < now // totp.STEP_MS - KEPT_STEPS))


def tell(session: Session, user: User, code: Code) -> None:
    """Record that a recovery code was used, and how many are left; last in the work."""
    if code.step is None:
        left = session.scalar(select(func.count()).where(RecoveryCode.user_id == user.id)) or 0
        audit.record(session, vocabulary.RECOVERY_CODE_USED, actor=user, thing=f"user:{user.id}", left=left)
