"""The figures behind the counters, read for a page or a fragment."""

from dataclasses import dataclass
from time import monotonic

from flask import current_app
from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.core.language import _
from portal.visits.counter import ALL_TIME, day_period, month_period
from portal.visits.models import SITE, Baseline, PageViews, SiteFigures, Visitor

ONLINE_MS = 5 * clock.MINUTE
ONLINE_KEPT_S = 1.0


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    value: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The counter block: rows as printed, and since when the totals run, or None."""

    rows: list[Row]
    since: str | None


def figures(*, reader_is_here: bool = False) -> Figures:
    """Return the site's figures: online, today, this month, visits and views with what the former site had counted.

    A reader who has just been counted is online, even if the number online was asked for a moment before.
    """
    now = clock.now_ms()
    today = clock.day_of(now)
    day, month = day_period(today), month_period(today)
    rows = db.session.execute(
        select(SiteFigures.period, SiteFigures.views, SiteFigures.visits).where(
            SiteFigures.site_id == SITE, SiteFigures.period.in_((ALL_TIME, day, month))
        )
    )
    sums = {period: (views, visits) for period, views, visits in rows}
    base = db.session.get(Baseline, SITE)
    views, visits = sums.get(ALL_TIME, (0, 0))
    return Figures(
        rows=[
            Row(_("Online now"), max(_online(now), int(reader_is_here))),
            Row(_("Visits today"), sums.get(day, (0, 0))[1]),
            Row(_("Visits this month"), sums.get(month, (0, 0))[1]),
            Row(_("Visits"), visits + (base.visits if base else 0)),
            Row(_("Page views"), views + (base.views if base else 0)),
        ],
        since=base.since_on.strftime("%d/%m/%Y") if base else None,
    )


def views_of(page: str) -> int:
    """Return how often a page such as "article:12" was seen since this site counts."""
    found = select(PageViews.views).where(PageViews.site_id == SITE, PageViews.page == page, PageViews.period == ALL_TIME)
    return db.session.scalar(found) or 0


def _online(now: int) -> int:
    """Return how many visitors had a view within five minutes; asked of the database once a second at most."""
    known: tuple[float, int] | None = current_app.extensions.get("visitors_online")
    if known is not None and monotonic() - known[0] < ONLINE_KEPT_S:
        return known[1]
    number = db.session.scalar(select(func.count()).where(Visitor.site_id == SITE, Visitor.last_at > now - ONLINE_MS))
    current_app.extensions["visitors_online"] = (monotonic(), number or 0)
    return number or 0
