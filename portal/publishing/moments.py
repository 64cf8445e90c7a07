"""The minute of a schedule: from what a form sends to an instant, and back into words."""

import re
from datetime import UTC, datetime

from babel.dates import format_date

from portal.core import clock, formats
from portal.core.errors import Refused
from portal.core.language import _, current

LOCAL = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}")


def instant_of(text: str) -> int:
    """Return the instant of a local time such as "2026-03-24T08:00".

    Raises Refused where there is no such time, and where clocks that are put back have it twice.
    """
    try:
        naive = datetime.fromisoformat(text) if LOCAL.fullmatch(text) else None
        first, second = (_at(naive, fold) for fold in (0, 1)) if naive is not None else (0, 0)
    except (ValueError, OverflowError) as error:
        raise Refused(_("There is no such date and time.")) from error
    if naive is None:
        raise Refused(_("Give the day and the time."))
    if second > first:
        raise Refused(_("This time comes twice that night, because the clocks are put back. Choose another."))
    if second < first:
        raise Refused(_("There is no such time that night, because the clocks are put forward. Choose another."))
    return first


def said(instant: int) -> str:
    """Return an instant in words, with the day of the week: it is where a wrong day is noticed."""
    return f"{formats.moment(instant)} ({format_date(clock.day_of(instant), 'EEEE', locale=current())})"


def _at(naive: datetime, fold: int) -> int:
    return int(naive.replace(tzinfo=clock.zone(), fold=fold).astimezone(UTC).timestamp() * 1000)
