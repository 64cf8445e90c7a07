"""What a piece's state is called, and which states there are to look for. Pure values."""

from enum import Enum

from flask_babel import lazy_gettext as _l

from portal.publishing.models import Piece


class State(Enum):
    """A state as people call it: how far the text has come, and whether the public sees a copy."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    REVISING = "revising"
    WITHDRAWN = "withdrawn"


NAMES = {
    State.DRAFT: _l("Draft"),
    State.IN_REVIEW: _l("In review"),
    State.RETURNED: _l("Returned"),
    State.APPROVED: _l("Approved"),
    State.SCHEDULED: _l("Scheduled"),
    State.PUBLISHED: _l("Published"),
    State.REVISING: _l("Being revised (the published copy stays)"),
    State.WITHDRAWN: _l("Taken down"),
}

SETTLED = {"published": State.PUBLISHED, "withdrawn": State.WITHDRAWN, "unpublished": State.DRAFT}
WRITABLE = {"draft", "returned", "settled"}
"""States in which whoever may write it goes on writing."""
UNDER_REVIEW = {"in_review"}
"""States in which only who may edit what others wrote does."""


def is_writable(piece: Piece, *, may_edit: bool) -> bool:
    """Tell whether a piece's text may be changed as it stands, by somebody who may write it."""
    return piece.state in WRITABLE or (piece.state in UNDER_REVIEW and may_edit)


def state_of(piece: Piece) -> State:
    """Return what a piece's state is called."""
    if piece.state == "settled":
        return SETTLED[piece.standing]
    if piece.state == "draft" and piece.standing == "published":
        return State.REVISING
    return State(piece.state)


def is_seen(piece: Piece) -> bool:
    """Tell whether the public sees a copy."""
    return piece.standing == "published"
