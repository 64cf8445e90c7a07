"""The archive (lưu trữ): the years and months of a list that hold something, found by asking each whether it does."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date
from flask import abort
from sqlalchemy import select

from portal.articles.lines import stay_fresh
from portal.articles.listing import listing
from portal.articles.scopes import Scope, newest, rising
from portal.core import clock, language
from portal.core.caching import remember
from portal.core.db import db

FIRST_YEAR = 1970
"""Instants begin there."""
AT_ONCE = 240
"""Periods that one statement asks for: a database takes only so many columns."""
MOST_VALUES = 24_000
"""Values that one statement bears, of which each period takes its sections'."""
MONTH = "LLLL"
MONTH_OF_YEAR = {"vi": "LLLL 'năm' yyyy", "en": "LLLL yyyy"}


@dataclass(frozen=True, slots=True)
class Period:
    """A year, or a month of it, in the site's time zone."""

    year: int
    month: int | None = None

    @property
    def since(self) -> int:
        """Its first instant."""
        return clock.start_of(date(self.year, self.month or 1, 1))

    @property
    def before(self) -> int:
        """The first instant after it."""
        if self.month in {None, 12}:
            return clock.start_of(date(self.year + 1, 1, 1))
        return clock.start_of(date(self.year, (self.month or 0) + 1, 1))

    @property
    def name(self) -> str:
        """What its page calls it: "Tháng 3 năm 2022", "2022"."""
        return self._said(MONTH_OF_YEAR[language.current()])

    @property
    def short_name(self) -> str:
        """What a list of its year calls it: "Tháng 3"."""
        return self._said(MONTH)

    def _said(self, pattern: str) -> str:
        if self.month is None:
            return str(self.year)
        return format_date(date(self.year, self.month, 1), pattern, locale=language.current())

    @property
    def path(self) -> str:
        """Its part of an address: "2022/3", "2022"."""
        return f"{self.year}/{self.month}" if self.month else str(self.year)

    def of(self, scope: Scope) -> Scope:
        """Return what a list holds of this period."""
        return Scope(scope.sections, self.since, self.before)


def values(scope: Scope, year: int, month: int | None, root: str, path: list[str]) -> dict[str, Any]:
    """Return what the page of a year or month prints, below the address and the path of what it belongs to.

    Aborts with 404 where the period cannot be or holds nothing.
    """
    now = clock.now_ms()
    here = period(year, month, now) or abort(404)
    shown = listing(here.of(scope), now, f"{root}/{here.path}")
    if not shown.lines:
        abort(404)
    newer, older = neighbours(scope, here, now)
    around = months(scope, year, now)
    return {
        "period": here.name,
        "path": [*path, str(year), f"{root}/{year}"] if month else path,
        "url": f"{root}/{here.path}",
        "listing": shown,
        "months": [(one.short_name, f"{root}/{one.path}", one == here) for one in around],
        "newer": (newer.name, f"{root}/{newer.path}") if newer else None,
        "older": (older.name, f"{root}/{older.path}") if older else None,
    }


def period(year: int, month: int | None, now: int) -> Period | None:
    """Return a year or month that is no future one and can be; None for others."""
    if not FIRST_YEAR <= year <= clock.day_of(now).year or not 1 <= (month or 1) <= 12:
        return None
    return Period(year, month)


def years(scope: Scope, now: int) -> list[Period]:
    """Return the years of a list that hold something, the latest first; remembered."""
    return remember(("years", language.current(), scope), lambda: _years(scope, now))


def _years(scope: Scope, now: int) -> list[Period]:
    stay_fresh(now)
    oldest, latest = rising(scope, now, limit=1), newest(scope, now, limit=1)
    if not oldest or not latest:
        return []
    last, first = clock.day_of(latest[0][0]).year, clock.day_of(oldest[0][0]).year
    return _holding([Period(year) for year in range(last, first - 1, -1)], scope, now)


def months(scope: Scope, year: int, now: int) -> list[Period]:
    """Return the months of a year that hold something, the latest first; remembered."""
    return remember(("months", language.current(), scope, year), lambda: _months(scope, year, now))


def _months(scope: Scope, year: int, now: int) -> list[Period]:
    stay_fresh(now)
    return _holding([Period(year, month) for month in range(12, 0, -1)], scope, now)


def every_month(scope: Scope, now: int) -> list[Period]:
    """Return all months of a list that hold something, the latest first."""
    return _holding([Period(one.year, month) for one in years(scope, now) for month in range(12, 0, -1)], scope, now)


def neighbours(scope: Scope, here: Period, now: int) -> tuple[Period | None, Period | None]:
    """Return the nearest later and earlier period of the same kind that hold something."""
    later = rising(scope, now, limit=1, start=(here.before, 0))
    earlier = newest(scope, now, limit=1, after=(here.since, 0))
    newer, older = (_around(found[0][0], here) if found else None for found in (later, earlier))
    return newer, older


def _around(instant: int, like: Period) -> Period:
    day = clock.day_of(instant)
    return Period(day.year, day.month if like.month else None)


def _holding(periods: list[Period], scope: Scope, now: int) -> list[Period]:
    """Return those that hold something; one statement asks for all that it can bear."""
    size = max(1, min(AT_ONCE, MOST_VALUES // (len(scope.sections or ()) + 1)))
    batches = [periods[first : first + size] for first in range(0, len(periods), size)]
    return [one for batch in batches for one in _holding_of(batch, scope, now)]


def _holding_of(periods: list[Period], scope: Scope, now: int) -> list[Period]:
    asked = [one.of(scope).select(now).order_by(None).exists() for one in periods]
    answers = db.session.execute(select(*(found.label(f"p{place}") for place, found in enumerate(asked)))).one()
    return [one for one, found in zip(periods, answers, strict=True) if found]
