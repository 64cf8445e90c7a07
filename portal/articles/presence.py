"""Who has a piece open (cùng mở): noted while their page asks, forgotten soon after it has stopped."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from portal.core import clock
from portal.core.db import db, insert, write
from portal.publishing.models import Presence

GONE_MS = 90 * 1_000
"""A page asks every thirty seconds: one that has missed twice is closed, or asleep."""


def note(piece_id: int, user_id: int) -> None:
    """Note that somebody has a piece open now."""
    now = clock.now_ms()

    def store(session: Session) -> None:
        seen = insert(session, Presence).values(piece_id=piece_id, user_id=user_id, seen_at=now)
        session.execute(seen.on_conflict_do_update(index_elements=["piece_id", "user_id"], set_={"seen_at": now}))
        session.execute(delete(Presence).where(Presence.piece_id == piece_id, Presence.seen_at < now - GONE_MS))

    write(store)


def others(piece_id: int, user_id: int) -> list[str]:
    """Return the names of the others who have a piece open."""
    here = select(Presence).where(Presence.piece_id == piece_id, Presence.user_id != user_id)
    seen = here.where(Presence.seen_at >= clock.now_ms() - GONE_MS).options(joinedload(Presence.user))
    return [row.user.name for row in db.session.scalars(seen.order_by(Presence.seen_at.desc()))]
