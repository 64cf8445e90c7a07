"""The table of steps: from which states each leads where, and what it takes. Pure values."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from portal.core import clock
from portal.core.staff import Permission
from portal.publishing.models import Piece
from portal.publishing.states import State, state_of

CHECK_MS = 24 * clock.HOUR
"""Within which a second person looks at what was published urgently."""
FURTHEST_MS = 366 * clock.DAY
"""How far ahead something can be scheduled: whoever writes 3022 means 2022."""
SOONEST_MS = clock.MINUTE


class Step(Enum):
    """What somebody does with a piece; the value is stored."""

    SUBMIT = "submit"
    RECALL = "recall"
    RETURN = "return"
    APPROVE = "approve"
    PUBLISH = "publish"
    SCHEDULE = "schedule"
    APPEAR = "appear"
    """The clock's: what was scheduled is there."""
    PUBLISH_URGENTLY = "publish_urgently"
    CONFIRM = "confirm"
    """A second person's, after an urgent publication."""
    TAKE_DOWN = "take_down"
    PUT_BACK = "put_back"
    DISCARD = "discard"
    """Give up what was changed; the public copy is the present text again."""


@dataclass(frozen=True, slots=True)
class Rule:
    """From which states a step leads where. `to` None: the state stays."""

    permission: Permission
    of: frozenset[State]
    to: str | None
    is_approval: bool = False
    """Whether a second person must take it, where the site says so."""


BEFORE = {State.DRAFT, State.RETURNED, State.REVISING}

RULES: Mapping[Step, Rule] = {
    Step.SUBMIT: Rule(Permission.WRITE, frozenset(BEFORE), "in_review"),
    Step.RECALL: Rule(Permission.WRITE, frozenset({State.IN_REVIEW, State.APPROVED, State.SCHEDULED}), "draft"),
    Step.RETURN: Rule(Permission.EDIT, frozenset({State.IN_REVIEW}), "returned"),
    Step.APPROVE: Rule(Permission.PUBLISH, frozenset({State.IN_REVIEW}), "approved", is_approval=True),
    Step.PUBLISH: Rule(Permission.PUBLISH, frozenset({State.IN_REVIEW, State.APPROVED}), "settled", is_approval=True),
    Step.SCHEDULE: Rule(Permission.PUBLISH, frozenset({State.IN_REVIEW, State.APPROVED}), "scheduled", is_approval=True),
    Step.PUBLISH_URGENTLY: Rule(Permission.PUBLISH, frozenset({*BEFORE, State.IN_REVIEW, State.APPROVED}), "settled"),
    Step.CONFIRM: Rule(Permission.PUBLISH, frozenset({State.PUBLISHED}), None, is_approval=True),
    Step.TAKE_DOWN: Rule(Permission.PUBLISH, frozenset({State.PUBLISHED, State.REVISING}), None),
    Step.PUT_BACK: Rule(Permission.PUBLISH, frozenset({State.WITHDRAWN}), None),
    Step.DISCARD: Rule(Permission.WRITE, frozenset(BEFORE), "settled"),
}


def possible(piece: Piece) -> list[Step]:
    """Return the steps that a piece's state allows, whoever asks."""
    return [step for step in RULES if is_possible(step, piece)]


def is_possible(step: Step, piece: Piece) -> bool:
    """Tell whether a piece's state allows a step."""
    rule = RULES[step]
    if step is Step.CONFIRM:
        return piece.check_until is not None and piece.standing == "published"
    if step is Step.TAKE_DOWN:
        return piece.standing == "published"
    if step is Step.PUT_BACK:
        return piece.standing == "withdrawn" and piece.state == "settled"
    if step is Step.DISCARD and piece.standing == "unpublished":
        return False
    return state_of(piece) in rule.of


def permission_for(step: Step, piece: Piece) -> Permission:
    """Return what a step takes: what was approved already, its writer cannot recall alone."""
    if step is Step.RECALL and piece.state in {"approved", "scheduled"}:
        return Permission.PUBLISH
    return RULES[step].permission
