"""Pieces for staff: chosen by filters, in one of a few orders, a page by the piece that it comes after or before.

A page takes two statements of at most 51 rows, however many pieces there are; what matches is counted to 100 and no further.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from portal.accounts.models import Unit, User
from portal.articles.models import Section
from portal.articles.published import KIND
from portal.core import clock
from portal.core.db import db
from portal.core.text import words
from portal.core.web import LARGEST_ID
from portal.desk import scopes
from portal.desk.reach import Rows, within_reach
from portal.desk.scopes import Scope
from portal.publishing.models import NEVER, Piece

PER_PAGE = 50
MOST_COUNTED = 100
MOMENT = re.compile("(0|[1-9][0-9]{0,14})-([1-9][0-9]{0,9})")
NUMBER = re.compile("[1-9][0-9]{0,9}")

Found: TypeAlias = tuple[Piece, str | None, str | None, str | None, int | None]
"""A piece with the names of its author, its unit and its section, and within how many hours that section answers."""
Place: TypeAlias = tuple[Any, int]
"""Where a piece stands in an order: the value that it is ordered by, and its id."""


class Sort(Enum):
    """An order of pieces; the value is its word in an address."""

    CHANGED = "moi-sua"
    TITLE = "tieu-de"
    PUBLISHED = "moi-dang"
    WAITING = "cho-lau"
    SOONEST = "gan-gio"


FAR = 999_999_999_999_999
"""An instant after all others: that of what does not wait, which comes last."""
KEYS: Mapping[Sort, InstrumentedAttribute[Any]] = {
    Sort.CHANGED: Piece.changed_at,
    Sort.TITLE: Piece.title_folded,
    Sort.PUBLISHED: Piece.published_at,
    Sort.WAITING: Piece.waits_since,
    Sort.SOONEST: Piece.publish_at,
}
COLUMNS: Mapping[Sort, ColumnElement[Any]] = {
    sort: func.coalesce(key, FAR) if sort in {Sort.WAITING, Sort.SOONEST} else key.expression for sort, key in KEYS.items()
}
FALLING = {Sort.CHANGED, Sort.PUBLISHED}


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked for: words of the title, a scope, a section, a unit, an author, a language."""

    text: str = ""
    scope: Scope | None = None
    section: int | None = None
    unit: int | None = None
    author: int | None = None
    language: str | None = None
    sort: Sort = Sort.CHANGED
    now: int = field(default_factory=clock.now_ms)

    def select(self) -> Rows:
        """Select what matches and whoever asks may see, in no order."""
        chosen, sought = within_reach(with_names()), words(self.text)
        if self.text.strip() and not sought:
            return chosen.where(false())
        for word in sought:
            chosen = chosen.where(Piece.title_folded.contains(word))
        if self.scope is not None:
            chosen = chosen.where(scopes.condition(self.scope, self.now))
        for column, wanted in (
            (Piece.shelf_id, self.section),
            (Piece.unit_id, self.unit),
            (Piece.author_id, self.author),
            (Piece.language, self.language),
        ):
            if wanted is not None:
                chosen = chosen.where(column == wanted)
        return chosen


@dataclass(frozen=True, slots=True)
class Page:
    """What a page shows, before and after which place the neighbouring pages begin (None: there is none), how many match."""

    found: list[Found]
    before: str | None = None
    after: str | None = None
    number: int = 0


def with_names() -> Rows:
    """Select pieces with what a line of a list says of them."""
    filed = and_(Section.id == Piece.shelf_id, Piece.kind == KIND)
    return (
        select(Piece, User.name, Unit.name, Section.name, Section.review_hours)
        .outerjoin(User, User.id == Piece.author_id)
        .outerjoin(Unit, Unit.id == Piece.unit_id)
        .outerjoin(Section, filed)
    )


def page(filters: Filters, *, after: Place | None = None, before: Place | None = None) -> Page:
    """Return the page that comes after a place, or before one, or the first."""
    chosen, sort, back = filters.select(), filters.sort, before is not None
    place = before or after
    beyond = chosen if place is None else chosen.where(_beyond(sort, place, back=back))
    found: list[Any] = list(db.session.execute(in_order(beyond, sort, back=back).limit(PER_PAGE + 1)))
    has_more, shown = len(found) > PER_PAGE, found[:PER_PAGE][:: -1 if back else 1]
    first, last = (_written(sort, shown[0][0]), _written(sort, shown[-1][0])) if shown else (None, None)
    return Page(
        found=shown,
        before=first if (has_more if back else place is not None) else None,
        after=last if has_more or back else None,
        number=counted(chosen) if place is not None or has_more else len(shown),
    )


def in_order(chosen: Rows, sort: Sort, *, back: bool = False) -> Rows:
    """Put a selection of pieces in order; `back`: the other way round."""
    columns = (COLUMNS[sort], Piece.id)
    return chosen.order_by(*(column.desc() for column in columns) if _falls(sort, back=back) else columns)


def counted(chosen: Rows) -> int:
    """Return how many pieces match, MOST_COUNTED for as many and more."""
    return db.session.scalar(counting(chosen)) or 0


def counting(chosen: Rows) -> Rows:
    """Select how many pieces match, to MOST_COUNTED."""
    some = chosen.with_only_columns(Piece.id).limit(MOST_COUNTED).subquery()
    return select(func.count()).select_from(some)


def place(sort: Sort, text: str) -> Place | None:
    """Return the place that an address names, None where it names none, or a piece that whoever asks may not see."""
    if sort is Sort.TITLE:
        number = int(text) if NUMBER.fullmatch(text) else LARGEST_ID + 1
        named = within_reach(select(Piece.title_folded).where(Piece.id == number))
        title = db.session.scalar(named) if number <= LARGEST_ID else None
        return None if title is None else (title, number)
    match = MOMENT.fullmatch(text)
    is_one = match is not None and int(match[2]) <= LARGEST_ID and (match[1] != str(NEVER) or sort is Sort.PUBLISHED)
    return (int(match[1]), int(match[2])) if match is not None and is_one else None


def _written(sort: Sort, piece: Piece) -> str:
    """Return a piece's place as an address names it: a moment stays the same whatever becomes of the piece."""
    if sort is Sort.TITLE:
        return str(piece.id)
    value = getattr(piece, KEYS[sort].key)
    return f"{FAR if value is None else value}-{piece.id}"


def _falls(sort: Sort, *, back: bool) -> bool:
    return (sort in FALLING) is not back


def _beyond(sort: Sort, place: Place, *, back: bool) -> ColumnElement[bool]:
    column, (value, number) = COLUMNS[sort], place
    if _falls(sort, back=back):
        return and_(column <= value, or_(column < value, Piece.id < number))
    return and_(column >= value, or_(column > value, Piece.id > number))
