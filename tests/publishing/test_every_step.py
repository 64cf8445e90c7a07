"""Every state with every step: what is possible is declared here once more, and nothing else is."""

import pytest

from portal.core.staff import Permission
from portal.publishing.models import Piece
from portal.publishing.rules import RULES, Step, permission_for, possible

BEFORE = {Step.SUBMIT, Step.PUBLISH_URGENTLY}
REVIEWED = {Step.RECALL, Step.PUBLISH, Step.SCHEDULE, Step.PUBLISH_URGENTLY}
IN_REVIEW = REVIEWED | {Step.RETURN, Step.APPROVE}

POSSIBLE: dict[tuple[str, str], set[Step]] = {
    ("draft", "unpublished"): BEFORE,
    ("draft", "published"): BEFORE | {Step.DISCARD, Step.TAKE_DOWN},
    ("draft", "withdrawn"): BEFORE | {Step.DISCARD},
    ("returned", "unpublished"): BEFORE,
    ("returned", "published"): BEFORE | {Step.DISCARD, Step.TAKE_DOWN},
    ("returned", "withdrawn"): BEFORE | {Step.DISCARD},
    ("in_review", "unpublished"): IN_REVIEW,
    ("in_review", "published"): IN_REVIEW | {Step.TAKE_DOWN},
    ("in_review", "withdrawn"): IN_REVIEW,
    ("approved", "unpublished"): REVIEWED,
    ("approved", "published"): REVIEWED | {Step.TAKE_DOWN},
    ("approved", "withdrawn"): REVIEWED,
    ("scheduled", "unpublished"): {Step.RECALL},
    ("scheduled", "published"): {Step.RECALL, Step.TAKE_DOWN},
    ("scheduled", "withdrawn"): {Step.RECALL},
    ("settled", "published"): {Step.TAKE_DOWN},
    ("settled", "withdrawn"): {Step.PUT_BACK},
    ("settled", "unpublished"): BEFORE,
}
"""(settled, unpublished) is no state that a piece comes to; it counts as a draft."""


@pytest.mark.parametrize(("state", "standing"), POSSIBLE, ids="-".join)
def test_what_is_possible_is_what_is_declared(state: str, standing: str) -> None:
    piece = Piece(state=state, standing=standing)
    assert set(possible(piece)) == POSSIBLE[state, standing]


@pytest.mark.parametrize(("state", "standing"), POSSIBLE, ids="-".join)
def test_what_was_published_urgently_is_confirmed_while_the_public_sees_it(state: str, standing: str) -> None:
    piece = Piece(state=state, standing=standing, check_until=1)
    assert set(possible(piece)) - POSSIBLE[state, standing] == ({Step.CONFIRM} if standing == "published" else set())


@pytest.mark.parametrize(("state", "standing"), POSSIBLE, ids="-".join)
def test_a_writer_alone_puts_nothing_before_the_public_and_takes_nothing_away(state: str, standing: str) -> None:
    piece = Piece(state=state, standing=standing, check_until=1)
    by_writers = {step for step in RULES if permission_for(step, piece) is Permission.WRITE}
    own = {Step.SUBMIT, Step.DISCARD}
    assert by_writers == (own if state in {"approved", "scheduled"} else own | {Step.RECALL})
