"""The sums that are kept, and how they are read: exact within a shared commit, and for a page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.core.commits import read
from portal.core.statements import Statement, Transaction
from portal.visits.models import SITE

ALL_TIME = 0
THIS_PAGE = -1

FIND = Statement("""
    SELECT period, views, visits FROM site_figures WHERE site_id = :site AND period IN (0, :month, :day)
    UNION ALL SELECT -1, views, 0 FROM page_views WHERE site_id = :site AND page = :page AND period = 0
""")


@dataclass(frozen=True, slots=True)
class Sums:
    """What this site has counted itself: of all pages, and of one."""

    views: int
    visits: int
    visits_today: int
    visits_this_month: int
    views_of_page: int


def day_period(day: date) -> int:
    """Return a day as the number under which its sums are kept: 20220317."""
    return day.year * 10_000 + day.month * 100 + day.day


def month_period(day: date) -> int:
    """Return a day's month as the number under which its sums are kept: 202203."""
    return day.year * 100 + day.month


def sums_of(page: str, today: date) -> Sums:
    """Return the sums for a page such as "article:12" as this request's reading sees them."""
    return _sums(today, read(FIND, **_asked(page, today)))


def sums_within(transaction: Transaction, page: str, today: date) -> Sums:
    """Return the sums for a page as they will be after this commit."""
    return _sums(today, transaction.run(FIND, **_asked(page, today)).fetchall())


def _asked(page: str, today: date) -> dict[str, Any]:
    return {"site": SITE, "page": page, "day": day_period(today), "month": month_period(today)}


def _sums(today: date, rows: list[Any]) -> Sums:
    of_page = next((views for period, views, _ in rows if period == THIS_PAGE), 0)
    return sums_from(today, rows, views_of_page=of_page)


def sums_from(today: date, rows: Iterable[Any], *, views_of_page: int) -> Sums:
    """Return the sums from rows of period, views and visits."""
    found = {period: (views, visits) for period, views, visits in rows}
    views, visits = found.get(ALL_TIME, (0, 0))
    return Sums(
        views=views,
        visits=visits,
        visits_today=found.get(day_period(today), (0, 0))[1],
        visits_this_month=found.get(month_period(today), (0, 0))[1],
        views_of_page=views_of_page,
    )
