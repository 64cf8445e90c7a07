"""Instants and days. An instant is an int: milliseconds since 1970-01-01T00:00Z. A day is a date in the site's time zone."""

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import current_app

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def now_ms() -> int:
    """Return the present instant. The one place where the wall clock is read."""
    return time.time_ns() // 1_000_000


def zone() -> ZoneInfo:
    """Return the site's time zone."""
    return ZoneInfo(current_app.config["TIME_ZONE"])


def local(instant: int) -> datetime:
    """Return an instant as an aware datetime in the site's time zone."""
    return datetime.fromtimestamp(instant / 1000, UTC).astimezone(zone())


def day_of(instant: int) -> date:
    """Return the day, in the site's time zone, on which an instant falls."""
    return local(instant).date()


def start_of(day: date) -> int:
    """Return the first instant of a day in the site's time zone."""
    return int(datetime(day.year, day.month, day.day, tzinfo=zone()).timestamp() * 1000)


def next_midnight(instant: int) -> int:
    """Return the first instant of the day after the one on which `instant` falls."""
    return start_of(day_of(instant) + timedelta(days=1))


def instant_at(text: str) -> int:
    """Return the instant of an ISO local time such as "2022-03-17T08:00" in the site's time zone."""
    return int(datetime.fromisoformat(text).replace(tzinfo=zone()).timestamp() * 1000)
