"""What a poll's ballots say so far, for staff: by choice, by time, by where the box stood, and what does not count."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, case, func, select

from portal.core import clock, formats
from portal.core.db import db
from portal.core.language import _
from portal.polls import box
from portal.polls.models import Ballot, Channel, Poll
from portal.polls.tallies import tally_of

MOST_HOURS = 72
"""A poll that ran longer is told by the day."""
MOST_TIMES = 400
MOST_PLACES = 200
CHANNELS = {
    Channel.PAGE: _l("its own page"),
    Channel.HOME: _l("the home page"),
    Channel.ARTICLE: _l("an article"),
    Channel.EMBED: _l("another site"),
}
REASONS = {"network": _l("Beyond the allowance of their network"), "staff": _l("Annulled by staff")}
COUNTED = Ballot.status == "counted"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: ballots counted, and those that are not; `percent` is of the longest bar, 0 to 100."""

    name: str
    counted: int
    uncounted: int
    percent: int

    @property
    def said(self) -> tuple[str, str]:
        return formats.number(self.counted), formats.number(self.uncounted)


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """A choice with its votes; `percent` as readers see it, 0 to 100."""

    letter: str
    label: str
    votes: int
    percent: int

    @property
    def said(self) -> str:
        return formats.number(self.votes)


@dataclass(frozen=True, slots=True)
class Results:
    """All of it, read at one instant."""

    at: int
    voters: int
    uncounted: int
    choices: list[ChoiceRow]
    times: list[Row]
    by_day: bool
    places: list[Row]
    reasons: list[tuple[str, int]]

    @property
    def lines(self) -> list[str]:
        """Return in sentences how many votes count, how many do not, and why."""
        counted = _("Votes counted: %(number)s.", number=formats.number(self.voters))
        uncounted = _("Votes not counted: %(number)s.", number=formats.number(self.uncounted))
        return [counted, uncounted, *(f"{reason}: {formats.number(number)}." for reason, number in self.reasons)]


def of(poll: Poll) -> Results:
    """Return what a poll's ballots say now."""
    tally = tally_of(poll.id)
    percents = box.percents_of(poll, tally) if tally.voters else {}
    choices = [
        ChoiceRow(box.letter(place), box.label(choice), tally.votes.get(choice.id, 0), percents.get(choice.id, 0))
        for place, choice in enumerate(poll.choices)
        if not choice.removed or tally.votes.get(choice.id)
    ]
    times, by_day = _times(poll.id)
    return Results(clock.now_ms(), tally.voters, tally.uncounted, choices, times, by_day, _places(poll.id), _reasons(poll.id))


def _times(poll_id: int) -> tuple[list[Row], bool]:
    """Return ballots by the hour, or by the day where there are many hours, the latest first."""
    span: Any = select(func.min(Ballot.cast_at), func.max(Ballot.cast_at)).where(_of(poll_id))
    first, last = db.session.execute(span).one()
    if first is None:
        return [], False
    by_day = last - first > MOST_HOURS * clock.HOUR
    step, shift = (clock.DAY if by_day else clock.HOUR), int(clock.local(last).utcoffset().total_seconds() * 1000)  # type: ignore[union-attr]
    bucket = (Ballot.cast_at + shift) // step
    found = _grouped(poll_id, bucket).order_by(bucket.desc()).limit(MOST_TIMES)
    said = formats.day if by_day else formats.moment
    return _rows([(said(int(at) * step - shift), *numbers) for at, *numbers in db.session.execute(found)]), by_day


def _places(poll_id: int) -> list[Row]:
    """Return ballots by where the box stood, the most first."""
    found = _grouped(poll_id, Ballot.channel, Ballot.embedded_at).order_by(func.count().desc()).limit(MOST_PLACES)
    return _rows([(_place(channel, site), *numbers) for channel, site, *numbers in db.session.execute(found)])


def _place(channel: str, site: str | None) -> str:
    said = str(CHANNELS[Channel(channel)])
    if channel != Channel.EMBED:
        return said
    return f"{said}: {site or _('a site that does not say its name')}"


def _reasons(poll_id: int) -> list[tuple[str, int]]:
    found = select(Ballot.reason, func.count()).where(_of(poll_id), ~COUNTED).group_by(Ballot.reason)
    return [(str(REASONS.get(reason or "", reason)), int(number)) for reason, number in db.session.execute(found)]


def _grouped(poll_id: int, *by: Any) -> Select[Any]:
    counted = func.sum(case((COUNTED, 1), else_=0))
    return select(*by, counted, func.count() - counted).where(_of(poll_id)).group_by(*by)


def _rows(found: list[tuple[Any, ...]]) -> list[Row]:
    most = max((int(counted) for _name, counted, _uncounted in found), default=0) or 1
    return [Row(name, int(counted), int(uncounted), 100 * int(counted) // most) for name, counted, uncounted in found]


def _of(poll_id: int) -> ColumnElement[bool]:
    return Ballot.poll_id == poll_id
