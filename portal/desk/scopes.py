"""What can be looked for by state: the states of pieces, and what waits for somebody. Each is a condition on `Piece`."""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import ColumnElement, and_, not_, or_

from portal.articles.models import Section
from portal.core import clock
from portal.core.db import db
from portal.core.staff import Permission, may
from portal.publishing import second_person
from portal.publishing.models import Piece
from portal.publishing.states import NAMES, State


class Scope(Enum):
    """What pieces are looked for together; the value is its word in an address."""

    FOR_ME = "cho-toi-duyet"
    OVERDUE = "qua-han"
    UNCHECKED = "duyet-sau"
    DRAFT = "ban-nhap"
    IN_REVIEW = "cho-duyet"
    RETURNED = "tra-lai"
    APPROVED = "da-duyet"
    SCHEDULED = "hen-gio"
    PUBLISHED = "da-dang"
    REVISING = "dang-sua"
    WITHDRAWN = "da-go"


LABELS: Mapping[Scope, Any] = {
    Scope.FOR_ME: _l("Waiting for my review"),
    Scope.OVERDUE: _l("Overdue in review"),
    Scope.UNCHECKED: _l("Published urgently, to be confirmed"),
    **{Scope[state.name]: name for state, name in NAMES.items()},
}


def offered() -> list[Scope]:
    """Return what whoever asks can look for."""
    mine = {Scope.FOR_ME: Permission.EDIT, Scope.UNCHECKED: Permission.PUBLISH}
    return [scope for scope in Scope if scope not in mine or may(mine[scope])]


def condition(scope: Scope, now: int) -> ColumnElement[bool]:
    """Return what holds for the pieces of a scope."""
    special = SPECIAL.get(scope)
    return special(now) if special is not None else in_state(State[scope.name])


def in_state(state: State) -> ColumnElement[bool]:
    """Return what holds for the pieces of which `publishing.states.state_of` says this state."""
    if state is State.PUBLISHED:
        return and_(Piece.state == "settled", Piece.standing == "published")
    if state is State.WITHDRAWN:
        return and_(Piece.state == "settled", Piece.standing == "withdrawn")
    if state is State.REVISING:
        return and_(Piece.state == "draft", Piece.standing == "published")
    if state is State.DRAFT:
        begun = and_(Piece.state == "draft", Piece.standing.in_(("unpublished", "withdrawn")))
        return or_(begun, and_(Piece.state == "settled", Piece.standing == "unpublished"))
    found: ColumnElement[bool] = Piece.state == state.value
    return found


def _for_me(_now: int) -> ColumnElement[bool]:
    """In review, and whoever asks can answer it: approve what is not their own, or else return what others wrote."""
    waits = in_state(State.IN_REVIEW)
    if not may(Permission.PUBLISH):
        return and_(waits, Piece.author_id.is_distinct_from(current_user.id))
    return and_(waits, not_(second_person.own_text(current_user.id))) if second_person.is_wanted(db.session()) else waits


def overdue(now: int) -> ColumnElement[bool]:
    """In review for longer than its section says; the listing joins sections."""
    return and_(in_state(State.IN_REVIEW), Piece.waits_since + Section.review_hours * clock.HOUR < now)


def _unchecked(_now: int) -> ColumnElement[bool]:
    """Published urgently, by somebody else where two must be."""
    waits = and_(Piece.check_until > 0, Piece.standing == "published")
    return and_(waits, not_(second_person.own_urgent(current_user.id))) if second_person.is_wanted(db.session()) else waits


SPECIAL: Mapping[Scope, Callable[[int], ColumnElement[bool]]] = {
    Scope.FOR_ME: _for_me,
    Scope.OVERDUE: overdue,
    Scope.UNCHECKED: _unchecked,
}
