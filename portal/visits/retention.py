"""Forgetting: load ids, visitor keys and salts are gone 48 hours after their last use."""

from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.db import write
from portal.visits.models import PageLoad, RecentView, Salt, Visitor

KEPT_MS = 48 * clock.HOUR
RECENT_MS = clock.MINUTE


def forget(_payload: dict[str, Any]) -> None:
    """Delete what has been kept for 48 hours. A recurring job."""
    write(_forget)


def _forget(session: Session) -> None:
    now = clock.now_ms()
    session.execute(delete(PageLoad).where(PageLoad.at <= now - KEPT_MS))
    session.execute(delete(Visitor).where(Visitor.last_at <= now - KEPT_MS))
    session.execute(delete(RecentView).where(RecentView.at <= now - RECENT_MS))
    session.execute(delete(Salt).where(Salt.day <= clock.day_of(now - KEPT_MS)))
