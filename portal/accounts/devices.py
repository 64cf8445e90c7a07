"""Browsers: what their owners call them, and those that are not asked for the second factor for thirty days."""

import re
import secrets

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from portal.accounts.models import TrustedDevice, User
from portal.accounts.permissions import NEVER_TRUSTED, is_one_of
from portal.core import clock
from portal.core.db import db
from portal.core.sessions import hash_of

DAYS = 30
COOKIE = "device"
MOST = 10
"""Trusted browsers of one user."""

BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("coc_coc", "Cốc Cốc"), ("Firefox", "Firefox"))
LAST = (("Chrome", "Chrome"), ("Safari", "Safari"))
"""What nearly all browsers say that they are too."""
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"))
DESKS = (("Mac OS X", "macOS"), ("Linux", "Linux"))


def named(agent: str) -> str:
    """Return a browser as its owner knows it, "Chrome, Android"; its exact version is nobody's business."""
    found = [next((name for sign, name in signs if re.search(sign, agent)), "") for signs in (BROWSERS + LAST, SYSTEMS + DESKS)]
    return ", ".join(filter(None, found))


def trust(session: Session, user: User, name: str) -> tuple[str, TrustedDevice]:
    """Store a trusted browser and return the key for its cookie, and its row. One too many ends the one trusted longest ago."""
    newest = (TrustedDevice.created_at.desc(), TrustedDevice.id.desc())
    stay = select(TrustedDevice.id).where(TrustedDevice.user_id == user.id).order_by(*newest).limit(MOST - 1)
    session.execute(delete(TrustedDevice).where(TrustedDevice.user_id == user.id, TrustedDevice.id.not_in(stay)))
    key, now = secrets.token_urlsafe(32), clock.now_ms()
    device = TrustedDevice(user_id=user.id, key_hash=hash_of(key), name=name, created_at=now, expires_at=now + DAYS * clock.DAY)
    session.add(device)
    session.flush()
    return key, device


def is_trusted(user: User, key: str) -> bool:
    """Tell whether a browser need not be asked for this user's second factor."""
    if not key or is_one_of(user, NEVER_TRUSTED):
        return False
    return db.session.scalar(_found(user.id, key)) is not None


def hold(session: Session, user_id: int, key: str) -> bool:
    """Tell, in the write itself, whether a browser is trusted still; until the commit nobody forgets it."""
    return session.scalar(_found(user_id, key).with_for_update()) is not None


def forget_all(session: Session, user_id: int) -> list[int]:
    """Forget all of a user's trusted browsers, within the write that changes the password or the role; return their rows' ids."""
    forgotten = delete(TrustedDevice).where(TrustedDevice.user_id == user_id).returning(TrustedDevice.id)
    return sorted(session.scalars(forgotten))


def _found(user_id: int, key: str) -> Select[int]:
    same = (TrustedDevice.key_hash == hash_of(key), TrustedDevice.user_id == user_id)
    return select(TrustedDevice.id).where(*same, TrustedDevice.expires_at > clock.now_ms())
