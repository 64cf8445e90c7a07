"""Links that count once: one sets a password, one makes the first administrator of a site that has nobody.

Each carries 256 random bits, of which only the hash is kept; a new one voids the one before.
"""

import secrets

from sqlalchemy import ColumnElement, delete, select, text
from sqlalchemy.orm import Session

from portal import audit
from portal.accounts import managers
from portal.accounts.models import OneTimeLink, User
from portal.audit import Actor, vocabulary
from portal.core import clock
from portal.core.db import db, write
from portal.core.errors import Refused
from portal.core.language import _
from portal.core.sessions import hash_of

RESET, SET_UP = "reset", "set_up"
LASTS_MS = {RESET: 30 * clock.MINUTE, SET_UP: clock.DAY}


def find(key: str, purpose: str) -> OneTimeLink | None:
    """Return the link with a key, also one that is over; None where it was never made, was used, or was voided."""
    found = select(OneTimeLink).where(OneTimeLink.key_hash == hash_of(key), OneTimeLink.purpose == purpose)
    return db.session.scalar(found)


def is_over(link: OneTimeLink) -> bool:
    """Tell whether a link that was never used has become too old."""
    return clock.now_ms() >= link.expires_at


def take_reset(session: Session, key: str) -> int | None:
    """Use a reset link, within the write of what it is for, and return whose it is; None where it counts no longer."""
    return session.scalar(delete(OneTimeLink).where(*_counts(key, RESET)).returning(OneTimeLink.user_id))


def take_set_up(session: Session, key: str) -> bool:
    """Use the set-up link, within the write of what it is for; False where it counts no longer. Of two at once one gets it."""
    counts = session.scalar(select(OneTimeLink.purpose).where(*_counts(key, SET_UP))) is not None
    void_set_up(session)
    return counts and not is_peopled(session)


def make_reset(user_id: int, *, actor: Actor, way: str) -> str:
    """Void somebody's reset link and return the key of a new one. `way` is how it is handed out, as the vocabulary says it."""

    def store(session: Session) -> str:
        managers.held(session, actor)
        user = session.scalar(select(User).where(User.id == user_id, User.active).with_for_update(of=User))
        if user is None:
            raise Refused(_("This account is disabled. Enable it first."))
        if user.id == actor.id:
            raise Refused(_("Change your own password on the page “My account”."))
        void(session, user.id)
        key = _add(session, RESET, user.id)
        audit.record(session, vocabulary.RESET_LINK_MADE, actor=actor, thing=f"user:{user.id}", way=way)
        return key

    return write(store)


def void(session: Session, user_id: int) -> None:
    """Void all links of a user."""
    session.execute(delete(OneTimeLink).where(OneTimeLink.user_id == user_id))


def make_set_up() -> str | None:
    """Void the set-up link and return the key of a new one; None where the site has somebody already."""

    def store(session: Session) -> str | None:
        void_set_up(session)
        return None if is_peopled(session) else _add(session, SET_UP, None)

    return write(store) if not is_peopled(db.session()) else None


def void_set_up(session: Session) -> None:
    """Void the set-up link of a site without anybody. Until the commit nobody else makes one, or a user."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text('LOCK TABLE "user" IN SHARE ROW EXCLUSIVE MODE'))
    session.execute(delete(OneTimeLink).where(OneTimeLink.purpose == SET_UP))


def is_peopled(session: Session) -> bool:
    """Tell whether the site has any user."""
    return session.scalar(select(User.id).limit(1)) is not None


def _counts(key: str, purpose: str) -> tuple[ColumnElement[bool], ...]:
    return OneTimeLink.key_hash == hash_of(key), OneTimeLink.purpose == purpose, OneTimeLink.expires_at > clock.now_ms()


def _add(session: Session, purpose: str, user_id: int | None) -> str:
    key, now = secrets.token_urlsafe(32), clock.now_ms()
    times = {"created_at": now, "expires_at": now + LASTS_MS[purpose]}
    session.add(OneTimeLink(key_hash=hash_of(key), purpose=purpose, user_id=user_id, **times))
    session.flush()
    return key
