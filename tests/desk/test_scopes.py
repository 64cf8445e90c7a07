"""What is looked for by state is what the state is called, and how long something waits is said in words."""

import itertools

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.desk import lately, waiting
from portal.desk.scopes import in_state
from portal.publishing.models import Piece
from portal.publishing.states import State, state_of
from tests import cast
from tests.desk.working import a_piece

STATES = ("draft", "in_review", "returned", "approved", "scheduled", "settled")
STANDINGS = ("unpublished", "published", "withdrawn")


def test_every_piece_is_found_under_the_state_that_it_is_called_by_and_no_other(app: Flask) -> None:
    author = cast.somebody("author", unit=cast.a_unit())
    for state, standing in itertools.product(STATES, STANDINGS):
        a_piece(author, state=state, standing=standing)
    pieces = list(db.session.scalars(select(Piece)))
    for state in State:
        found = set(db.session.scalars(select(Piece.id).where(in_state(state))))
        assert found == {piece.id for piece in pieces if state_of(piece) is state}, state


@pytest.mark.parametrize(
    ("ms", "said"),
    [
        (1, "1 phút"),
        (59 * clock.MINUTE, "59 phút"),
        (clock.HOUR, "1 giờ"),
        (47 * clock.HOUR, "47 giờ"),
        (2 * clock.DAY, "2 ngày"),
    ],
)
def test_a_length_of_time_is_said_in_its_largest_whole_unit(app: Flask, ms: int, said: str) -> None:
    assert waiting.span(ms) == said


def test_what_has_waited_longer_than_its_section_allows_is_overdue(app: Flask) -> None:
    now = clock.now_ms()
    since = now - 27 * clock.HOUR
    assert waiting.overdue(since, 24, now) == "Quá hạn 3 giờ"
    assert waiting.overdue(since, 27, now) == waiting.overdue(since, None, now) == waiting.overdue(None, 24, now) == ""


def test_a_remark_is_cut_between_words() -> None:
    assert lately.cut("Sửa  lại\nngày ký") == "Sửa lại ngày ký"
    long = lately.cut("xem lại phần kinh phí " * 20)
    assert len(long) <= lately.LONGEST_REMARK + 1
    assert long.endswith(" xem lại…")
    assert lately.cut("x" * 500) == "x" * (lately.LONGEST_REMARK - 1) + "…"
