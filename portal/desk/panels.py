"""What the desk's first page gathers: what waits for whoever asks, their drafts, what goes on around them. Each list is short,
has what is overdue before all else, and leads to the whole list."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import case, select

from portal.core.db import db
from portal.core.formats import number
from portal.core.staff import Permission, may
from portal.desk import listing
from portal.desk.asking import MINE
from portal.desk.lines import Line, line
from portal.desk.listing import MOST_COUNTED, Filters, Sort
from portal.desk.reach import Rows
from portal.desk.scopes import Scope, overdue

MOST_LINES = 5


@dataclass(frozen=True, slots=True)
class Asking:
    """What a panel asks for: the words of its whole list's address, and for whom it is there."""

    title: Any
    scope: Scope
    mine: bool = False
    sort: Sort = Sort.CHANGED
    needs: Permission = Permission.WRITE
    not_with: Permission | None = None
    """Who has this permission finds the same in another panel."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A short list with the number of all that it is of, and the whole list's address."""

    key: str
    title: str
    lines: list[Line]
    number: str
    url: str


FOR_ME = (
    Asking(_l("Waiting for my review"), Scope.FOR_ME, sort=Sort.WAITING, needs=Permission.EDIT),
    Asking(_l("Published urgently, to be confirmed"), Scope.UNCHECKED, needs=Permission.PUBLISH),
    Asking(_l("Approved, to be published"), Scope.APPROVED, needs=Permission.PUBLISH),
    Asking(_l("Returned to me"), Scope.RETURNED, mine=True, sort=Sort.WAITING),
)
AROUND = (
    Asking(_l("My drafts"), Scope.DRAFT, mine=True),
    Asking(_l("Mine being revised"), Scope.REVISING, mine=True),
    Asking(_l("Mine in review"), Scope.IN_REVIEW, mine=True, sort=Sort.WAITING, needs=Permission.EDIT),
    Asking(_l("In review"), Scope.IN_REVIEW, sort=Sort.WAITING, not_with=Permission.EDIT),
    Asking(_l("Scheduled"), Scope.SCHEDULED, sort=Sort.SOONEST),
    Asking(_l("Recently published"), Scope.PUBLISHED, sort=Sort.PUBLISHED),
    Asking(_l("Taken down"), Scope.WITHDRAWN),
)


def gathered(now: int, *, user_id: int) -> tuple[list[Panel], list[Panel]]:
    """Return what waits for somebody, and what goes on around them; what is empty is left out."""
    asked = [one for one in (*FOR_ME, *AROUND) if may(one.needs) and not (one.not_with and may(one.not_with))]
    chosen = [_filters(one, now, user_id).select() for one in asked]
    numbers = db.session.execute(select(*(listing.counting(rows).scalar_subquery() for rows in chosen))).one()
    panels = {one: _panel(one, rows, said, now) for one, rows, said in zip(asked, chosen, numbers, strict=True) if said}
    return [panels[one] for one in FOR_ME if one in panels], [panels[one] for one in AROUND if one in panels]


def bounded(count: int) -> str:
    """Return a number that was counted to MOST_COUNTED, as "99+" where it may be more."""
    return f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else number(count)


def _filters(asked: Asking, now: int, user_id: int) -> Filters:
    return Filters(scope=asked.scope, author=user_id if asked.mine else None, sort=asked.sort, now=now)


def _panel(asked: Asking, chosen: Rows, count: int, now: int) -> Panel:
    late_first = chosen.order_by(case((overdue(now), 0), else_=1)) if asked.sort is Sort.WAITING else chosen
    rows = db.session.execute(listing.in_order(late_first, asked.sort).limit(MOST_LINES))
    sort = asked.sort.value if asked.sort is not Sort.CHANGED else None
    words: dict[str, Any] = {"trang-thai": asked.scope.value, "nguoi": MINE if asked.mine else None, "sap": sort}
    return Panel(
        key=f"{asked.scope.value}{'-cua-toi' if asked.mine else ''}",
        title=str(asked.title),
        lines=[line(row, now) for row in rows],
        number=bounded(count),
        url=url_for("desk.index", **words),
    )
