"""Entries for people: chosen by filters, newest first, a page by the place that it comes after.

A page takes two statements of at most 51 rows, each along an index, however many entries there are.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from sqlalchemy import Select, or_, select

from portal.audit.models import SITE, Entry
from portal.audit.sheet import sheet
from portal.audit.vocabulary import told
from portal.core import clock
from portal.core.db import db
from portal.core.formats import iso, moment
from portal.core.web import LARGEST_ID

PER_PAGE = 50
BATCH = 500
PLACE = re.compile("([1-9][0-9]{0,14})-([1-9][0-9]{0,9})")
FIRST_DAY, LAST_DAY = date(1970, 1, 2), date(9999, 12, 30)
"""Beyond these there are no instants."""

BYTE_ORDER_MARK = "\ufeff"
"""By which spreadsheet programs know UTF-8."""

Place: TypeAlias = tuple[int, int]
"""Where an entry stands in time: at and id."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked for: an action's name, an actor's id, a thing such as "user:12", days from and to, both included."""

    action: str | None = None
    actor: int | None = None
    thing: str | None = None
    since: date | None = None
    until: date | None = None

    def select(self) -> Select[Entry]:
        """Select the entries that match, newest first."""
        chosen = select(Entry).where(Entry.site_id == SITE).order_by(Entry.at.desc(), Entry.id.desc())
        for column, wanted in ((Entry.action, self.action), (Entry.actor_id, self.actor), (Entry.thing, self.thing)):
            if wanted is not None:
                chosen = chosen.where(column == wanted)
        if self.since is not None:
            chosen = chosen.where(Entry.at >= clock.start_of(max(FIRST_DAY, self.since)))
        if self.until is not None:
            chosen = chosen.where(Entry.at < clock.start_of(max(FIRST_DAY, min(LAST_DAY, self.until)) + timedelta(days=1)))
        return chosen


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as the page prints it."""

    id: int
    at: str
    iso: str
    who: str
    actor_id: int | None
    action: str
    sentence: str
    thing: str


@dataclass(frozen=True, slots=True)
class Page:
    """Lines, and the places after which the neighbouring pages begin: "" for the first page, None where there is none."""

    lines: list[Line]
    newer: str | None
    older: str | None


def page(filters: Filters, after: Place | None = None) -> Page:
    """Return the page of what comes after a place, or the first."""
    chosen = filters.select()
    found = list(db.session.scalars((_after(chosen, after) if after else chosen).limit(PER_PAGE + 1)))
    shown = found[:PER_PAGE]
    return Page(
        lines=[line(entry) for entry in shown],
        newer=None if after is None else _newer(chosen, _place(shown[0]) if shown else (after[0], after[1] - 1)),
        older=_written(shown[-1]) if len(found) > PER_PAGE else None,
    )


def place(text: str) -> Place | None:
    """Return the place that an address names, or None where it names none."""
    match = PLACE.fullmatch(text)
    return (int(match[1]), int(match[2])) if match and int(match[2]) <= LARGEST_ID else None


def line(entry: Entry) -> Line:
    """Return an entry as a page prints it, in the language of the request."""
    return Line(
        id=entry.id,
        at=moment(entry.at),
        iso=iso(entry.at),
        who=entry.actor_name,
        actor_id=entry.actor_id,
        action=entry.action,
        sentence=told(entry.action, json.loads(entry.fields)),
        thing=entry.thing,
    )


def csv_of(filters: Filters) -> Iterator[str]:
    """Yield what matches as CSV, newest first. It reads while it is sent, so whoever sends it keeps the application's context."""
    yield BYTE_ORDER_MARK
    yield from sheet(_batches(filters.select()))


def _batches(chosen: Select[Entry]) -> Iterator[Entry]:
    wanted = chosen
    while batch := list(db.session.scalars(wanted.limit(BATCH))):
        wanted = _after(chosen, _place(batch[-1]))
        db.session.close()  # whoever takes the pieces slowly keeps no transaction open; entries never change
        yield from batch


def _after(chosen: Select[Entry], place: Place) -> Select[Entry]:
    at, number = place
    return chosen.where(Entry.at <= at, or_(Entry.at < at, Entry.id < number))


def _newer(chosen: Select[Entry], first: Place) -> str | None:
    """Return the place after which the page before this one begins, whose first entry stands at `first`."""
    at, number = first
    rising = chosen.where(Entry.at >= at, or_(Entry.at > at, Entry.id > number)).order_by(None).order_by(Entry.at, Entry.id)
    before = list(db.session.scalars(rising.limit(PER_PAGE + 1)))
    if not before:
        return None
    return _written(before[PER_PAGE]) if len(before) > PER_PAGE else ""


def _place(entry: Entry) -> Place:
    return entry.at, entry.id


def _written(entry: Entry) -> str:
    return f"{entry.at}-{entry.id}"
