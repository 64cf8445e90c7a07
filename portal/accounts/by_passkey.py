"""Signing in with a passkey: alone it is both steps, since its device verifies whose it is; after a password, the second."""

from flask import request
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.accounts import brakes, challenges, passkeys
from portal.accounts.brakes import Braked
from portal.accounts.models import Passkey, User
from portal.accounts.passkeys import PasskeyRefused, Place, Use
from portal.accounts.permissions import may_work
from portal.accounts.signing_in import Known, NotOpened, Opened, is_still, open_wholly, refuse
from portal.core import clock, sessions
from portal.core.db import changed, db, write
from portal.core.sessions import CODE


def by_passkey(answer: str, place: Place, *, device: str) -> Opened | NotOpened:
    """Sign in with a browser's answer to the question that it was asked. The session that the browser has ends.

    An answer after a password must be of the same account.
    """
    row = sessions.current()
    held = None if row is None else (row.key_hash, row.user_id)  # it may be ended meanwhile
    first = row.first if row is not None and row.stage == CODE else "passkey"
    owner = row.user_id if row is not None and row.stage == CODE else None
    challenge, name = challenges.take(challenges.SIGNING_IN), _credential_id(answer)
    keys = brakes.keys_of(f"passkey {name.hex()}", request.remote_addr or "")
    attempt = write(lambda session: brakes.begin(session, keys))
    if isinstance(attempt, Braked):
        return NotOpened(attempt.retry_after_s)
    passkey, user = _find(name)
    use = _use(answer, place, challenge, passkey, user)
    if passkey is None or user is None or use is None or owner not in {None, user.id}:
        return refuse(attempt, user, "wrong_passkey")
    if not may_work(user):
        return refuse(attempt, user, "disabled_account")
    passkey_id, before, known = passkey.id, passkey.sign_count, Known.of(user)

    def store(session: Session) -> Opened | None:
        if not is_still(session, known) or not _store_use(session, passkey_id, before, use):
            return None
        if held is not None and not sessions.end_session(session, *held) and owner is not None:
            return None
        return open_wholly(session, user, keys, first=first, second="passkey", device=device)

    return write(store) or refuse(attempt, user, "wrong_passkey")


def has_passkey(user: User) -> bool:
    """Tell whether somebody has a passkey."""
    return db.session.scalar(select(Passkey.id).where(Passkey.user_id == user.id).limit(1)) is not None


def _credential_id(answer: str) -> bytes:
    """Return which passkey answers, b"" where that cannot be read."""
    try:
        return passkeys.credential_id(answer)
    except PasskeyRefused:
        return b""


def _find(credential_id: bytes) -> tuple[Passkey | None, User | None]:
    found = select(Passkey, User).join(User, User.id == Passkey.user_id).where(Passkey.credential_id == credential_id)
    passkey, user = db.session.execute(found).one_or_none() or (None, None)
    return passkey, user


def _use(answer: str, place: Place, challenge: bytes | None, passkey: Passkey | None, user: User | None) -> Use | None:
    """Return what to store of a true answer, or None."""
    if challenge is None or passkey is None or user is None or user.passkey_handle is None:
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
        return passkeys.used(answer, place, challenge, passkey=known)
    except PasskeyRefused:
        return None


def _store_use(session: Session, passkey_id: int, before: int, use: Use) -> bool:
    """Store a use; False where the passkey was used meanwhile, or is gone."""
    unchanged = (Passkey.id == passkey_id, Passkey.sign_count == before)
    values = {"sign_count": use.sign_count, "backed_up": use.backed_up, "used_at": clock.now_ms()}
    return changed(session, update(Passkey).where(*unchanged).values(values)) == 1
