"""The figures behind the counters, read for a page or a fragment."""

from collections.abc import Collection
from dataclasses import dataclass
from time import monotonic

from flask import current_app

from portal.core import clock
from portal.core.caching import remember
from portal.core.commits import read
from portal.core.db import db
from portal.core.language import _
from portal.core.statements import Statement
from portal.visits.models import SITE, Baseline
from portal.visits.sums import Sums, sums_of

ONLINE_MS = 5 * clock.MINUTE
ONLINE_KEPT_S = 1.0

COUNT_ONLINE = Statement("SELECT count(*) FROM visitor WHERE site_id = :site AND last_at > :since")


@dataclass(frozen=True, slots=True)
class Row:
    """A figure; `name` is what the site calls it when it leaves it out."""

    name: str
    label: str
    value: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The counter block: rows as printed, and since when the totals run as dd/mm/yyyy, or None."""

    rows: list[Row]
    since: str | None


@dataclass(frozen=True, slots=True)
class Seen:
    """What one page prints: the site's figures, and how often it was itself seen since this site counts."""

    figures: Figures
    views: int


def seen(page: str) -> Seen:
    """Return the figures for a page such as "article:12"."""
    now = clock.now_ms()
    return printed(sums_of(page, clock.day_of(now)), online=_online(now))


def just_seen(sums: Sums) -> Seen:
    """Return the figures for a page that was counted in this moment; so its reader is online."""
    return printed(sums, online=max(1, _online(clock.now_ms())))


def printed(sums: Sums, *, online: int) -> Seen:
    """Return sums as the counter block prints them: with what the former site had counted."""
    base = remember("visits.baseline", _baseline)
    rows = [
        Row("online", _("Online now"), online),
        Row("today", _("Visits today"), sums.visits_today),
        Row("month", _("Visits this month"), sums.visits_this_month),
        Row("visits", _("Visits"), sums.visits + base.visits),
        Row("views", _("Page views"), sums.views + base.views),
    ]
    left_out: Collection[str] = current_app.extensions["figures_left_out"]()
    return Seen(Figures([row for row in rows if row.name not in left_out], base.since), sums.views_of_page)


@dataclass(frozen=True, slots=True)
class Before:
    """What the former site had counted."""

    views: int
    visits: int
    since: str | None


def _baseline() -> Before:
    base = db.session.get(Baseline, SITE)
    return Before(base.views, base.visits, base.since_on.strftime("%d/%m/%Y")) if base else Before(0, 0, None)


def _online(now: int) -> int:
    """Return how many visitors had a view within five minutes; asked of the database once a second at most."""
    known: tuple[float, int] | None = current_app.extensions.get("visitors_online")
    if known is not None and monotonic() - known[0] < ONLINE_KEPT_S:
        return known[1]
    number = int(read(COUNT_ONLINE, site=SITE, since=now - ONLINE_MS)[0][0])
    current_app.extensions["visitors_online"] = (monotonic(), number)
    return number
