"""Signing in with a passkey: alone it is both steps, since its device verifies whose it is; after a password, the second."""

import logging
from dataclasses import dataclass

from flask import request
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.accounts import brakes, challenges, passkeys
from portal.accounts.brakes import Braked
from portal.accounts.later import ceremonies
from portal.accounts.models import Passkey, User
from portal.accounts.passkeys import PasskeyRefused, Place, Use
from portal.accounts.permissions import may_work
from portal.accounts.signing_in import Known, NotOpened, Opened, is_still, open_wholly, refuse
from portal.core import clock, sessions
from portal.core.db import changed, db, write
from portal.core.sessions import CODE

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answered:
    """A true answer: the question that it uses up, and what to store of the passkey's use."""

    question: bytes
    use: Use


def by_passkey(answer: str, place: Place, *, device: str) -> Opened | NotOpened:
    """Sign in with a browser's answer to the question that it was asked. The session that the browser has ends.

    An answer after a password must be of the same account.
    """
    row = sessions.current()
    held = None if row is None else (row.key_hash, row.user_id)  # it may be ended meanwhile
    first = row.first if row is not None and row.stage == CODE else "passkey"
    owner = row.user_id if row is not None and row.stage == CODE else None
    name = _credential_id(answer)
    keys = brakes.keys_of(f"passkey {name.hex()}", request.remote_addr or "")
    spared = brakes.KNOWN_PASSKEY if _find(name)[0] is not None else ()
    attempt = write(lambda session: brakes.begin(session, keys, spared=spared))
    if isinstance(attempt, Braked):
        return NotOpened(attempt.retry_after_s)
    passkey, user = _find(name)  # anew: a write ends what was read before it
    answered = _true(answer, place, passkey, user)
    if passkey is None or user is None or answered is None or owner not in {None, user.id}:
        return refuse(attempt, user, "wrong_passkey")
    if not may_work(user):
        return refuse(attempt, user, "disabled_account")
    passkey_id, before, known = passkey.id, passkey.sign_count, Known.of(user)

    def store(session: Session) -> Opened | str:
        if not is_still(session, known):
            return "too_late"
        if not challenges.use_up(session, answered.question) or not _store_use(session, passkey_id, before, answered.use):
            return "wrong_passkey"
        if held is not None and not sessions.end_session(session, *held) and owner is not None:
            return "too_late"
        return open_wholly(session, user, keys, first=first, second="passkey", device=device)

    opened = write(store)
    return opened if isinstance(opened, Opened) else refuse(attempt, user, opened)


def has_passkey(user: User) -> bool:
    """Tell whether somebody has a passkey."""
    return db.session.scalar(select(Passkey.id).where(Passkey.user_id == user.id).limit(1)) is not None


def _credential_id(answer: str) -> bytes:
    """Return which passkey answers, b"" where that cannot be read: then it is none of this site, and told once it is counted."""
    try:
        return ceremonies.credential_id(answer)
    except PasskeyRefused:
        return b""


def _find(credential_id: bytes) -> tuple[Passkey | None, User | None]:
    found = select(Passkey, User).join(User, User.id == Passkey.user_id).where(Passkey.credential_id == credential_id)
    passkey, user = db.session.execute(found).one_or_none() or (None, None)
    return passkey, user


def _true(answer: str, place: Place, passkey: Passkey | None, user: User | None) -> Answered | None:
    """Return what follows from a true answer, or None; why it is none goes to the log."""
    if passkey is None or user is None or user.passkey_handle is None:
        _tell("no passkey of this site")
        return None
    known = passkeys.Passkey(
        credential_id=passkey.credential_id,
        user_handle=user.passkey_handle,
        public_key=passkey.public_key,
        sign_count=passkey.sign_count,
        backup_eligible=passkey.backup_eligible,
        backed_up=passkey.backed_up,
    )
    try:
        question = challenges.carried(challenges.SIGNING_IN, answer)
        return Answered(question, ceremonies.used(answer, place, question, passkey=known))
    except PasskeyRefused as refused:
        _tell(refused.why)
        return None


def _tell(why: str) -> None:
    logger.info("a passkey's answer was refused", extra={"fields": {"why": why}})


def _store_use(session: Session, passkey_id: int, before: int, use: Use) -> bool:
    """Store a use; False where the passkey was used meanwhile, or is gone."""
    unchanged = (Passkey.id == passkey_id, Passkey.sign_count == before)
    values = {"sign_count": use.sign_count, "backed_up": use.backed_up, "used_at": clock.now_ms()}
    return changed(session, update(Passkey).where(*unchanged).values(values)) == 1
