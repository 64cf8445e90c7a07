"""The urgent band: one notice at a time, which begins and ends by itself."""

from dataclasses import dataclass

from sqlalchemy import select

from portal.core import formats, language
from portal.core.caching import fresh_until
from portal.core.db import db
from portal.site.models import Urgent

MOST_WAITING = 20


@dataclass(frozen=True, slots=True)
class Band:
    """An urgent notice as the band prints it; `url` is empty where there is no more to read."""

    text: str
    url: str
    said_at: str
    said_iso: str


def band(site_id: int, now: int) -> Band | None:
    """Return the notice that began last of those that run; the page is told when it ends or the next one begins."""
    rows = select(Urgent).where(Urgent.site_id == site_id, Urgent.language == language.current(), Urgent.ends_at > now)
    shown = None
    for row in db.session.scalars(rows.order_by(Urgent.begins_at, Urgent.id).limit(MOST_WAITING)):
        if row.begins_at > now:
            fresh_until(row.begins_at)
            break
        fresh_until(row.ends_at)
        shown = row
    if shown is None:
        return None
    return Band(shown.text, shown.url, formats.moment(shown.begins_at), formats.iso(shown.begins_at))
