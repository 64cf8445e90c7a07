"""What the agency lists by itself: its menu, its links, and the strip on the home page; in the language of the request."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from portal.core import clock, language
from portal.core.caching import fresh_until
from portal.core.db import db
from portal.files.pictures import Still, leads_at
from portal.site.models import Link, MenuItem, Strip

MOST_LINES = 9
"""First-level lines of the menu (LOOK 1.4)."""
MOST_TASKS = 6
MOST_ROWS = 200
"""What one list reads at most: nobody writes more by hand, and a page must not grow with it."""


@dataclass(frozen=True, slots=True)
class Named:
    """A link with its words."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class MenuLine:
    """A line of the menu; `url` is empty where it only opens its second level."""

    title: str
    url: str
    children: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class StripLine:
    """The strip of these days, with its picture where it has one that is ready."""

    title: str
    url: str
    picture: Still | None = None


def menu(site_id: int) -> tuple[MenuLine, ...]:
    """Return the menu's first nine lines, each with its second level; rows deeper than that are not shown."""
    rows = select(MenuItem).where(
        MenuItem.site_id == site_id, MenuItem.language == language.current(), MenuItem.hidden.is_(False)
    )
    children: dict[int | None, list[MenuItem]] = defaultdict(list)
    for row in db.session.scalars(rows.order_by(MenuItem.position, MenuItem.id).limit(MOST_ROWS)):
        children[row.parent_id].append(row)
    return tuple(
        MenuLine(line.label, line.url, tuple(Named(child.label, child.url) for child in children[line.id] if child.url))
        for line in children[None][:MOST_LINES]
    )


def links(site_id: int) -> dict[str, tuple[Named, ...]]:
    """Return the links by their place: "task", "link" and "foot", each in order."""
    rows = select(Link).where(Link.site_id == site_id, Link.language == language.current())
    found: dict[str, tuple[Named, ...]] = {"task": (), "link": (), "foot": ()}
    for row in db.session.scalars(rows.order_by(Link.position, Link.id).limit(MOST_ROWS)):
        found[row.place] = (*found[row.place], Named(row.title, row.url))
    return found


def strip(site_id: int, now: int) -> StripLine | None:
    """Return the first strip whose days hold today; the page is told when one begins or ends."""
    today = clock.day_of(now)
    rows = select(Strip).where(Strip.site_id == site_id, Strip.language == language.current(), Strip.last_on >= today)
    running = []
    for row in db.session.scalars(rows.order_by(Strip.first_on, Strip.position, Strip.id).limit(MOST_ROWS)):
        if row.first_on > today:
            fresh_until(clock.start_of(row.first_on))
        else:
            fresh_until(clock.start_of(row.last_on + timedelta(days=1)))
            running.append(row)
    shown = min(running, key=lambda row: row.position, default=None)
    return StripLine(shown.title, shown.url, leads_at([shown.place]).get(shown.place)) if shown else None


def is_public(strip_id: int) -> bool:
    """Tell whether a strip's days hold today: its picture is to be seen no earlier and no longer."""
    today = clock.day_of(clock.now_ms())
    running = select(Strip.id).where(Strip.id == strip_id, Strip.first_on <= today, Strip.last_on >= today)
    return db.session.scalar(running) is not None
