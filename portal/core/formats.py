"""Figures and dates as the interface prints them: 1.957.856 · 1,2 MB · 17/03/2022 · 10:32 (LOOK 2)."""

from babel.numbers import format_decimal
from flask import Flask

from portal.core import clock
from portal.core.language import _, current, grouped

UNITS = ("B", "kB", "MB", "GB")


def number(value: int) -> str:
    """Return an integer with the language's thousands mark."""
    return grouped(value)


def size(octets: int) -> str:
    """Return a file's size in decimal units with at most one place, as "1,2 MB"."""
    value, unit = float(octets), 0
    while value >= 999.95 and unit < len(UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{format_decimal(round(value, 1), locale=current())} {UNITS[unit]}"


def day(instant: int) -> str:
    """Return the day of an instant as dd/mm/yyyy."""
    return clock.local(instant).strftime("%d/%m/%Y")


def moment(instant: int) -> str:
    """Return an instant as "10:32 ngày 17/03/2022"."""
    local = clock.local(instant)
    return _("%(time)s on %(day)s", time=local.strftime("%H:%M"), day=local.strftime("%d/%m/%Y"))


def iso(instant: int) -> str:
    """Return an instant as ISO 8601 with the site's offset, to the second."""
    return clock.local(instant).isoformat(timespec="seconds")


def init_app(app: Flask) -> None:
    app.add_template_filter(number)
    app.add_template_filter(size)
