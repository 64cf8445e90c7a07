"""Lines are moved by buttons: what stands below a line goes with it."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.settings import ordering


@dataclass(frozen=True)
class Line:
    name: str
    level: int


def lines(text: str) -> list[Line]:
    """Return lines of a picture such as "a .b .c d": a dot for each level below the first."""
    return [Line(word.lstrip("."), 1 + word.count(".")) for word in text.split()]


def picture(rows: list[Line]) -> str:
    return " ".join("." * (row.level - 1) + row.name for row in rows)


UP, DOWN, OUT, OFF = ordering.moved_up, ordering.moved_down, ordering.moved_out, ordering.without


def moved_in(rows: list[Line], place: int) -> list[Line]:
    return ordering.moved_in(rows, place, levels=2)


@pytest.mark.parametrize(
    ("move", "before", "place", "after"),
    [
        (UP, "a b c", 2, "a c b"),
        (UP, "a b c", 0, "a b c"),
        (UP, "a .x b .y .z", 2, "b .y .z a .x"),
        (UP, "a .x b .y .z", 4, "a .x b .z .y"),
        (UP, "a .x b .y .z", 3, "a .x b .y .z"),
        (DOWN, "a b c", 2, "a b c"),
        (DOWN, "a .x b .y c", 0, "b .y a .x c"),
        (DOWN, "a .x .y b", 1, "a .y .x b"),
        (DOWN, "a .x b", 1, "a .x b"),
        (moved_in, "a b", 1, "a .b"),
        (moved_in, "a b", 0, "a b"),
        (moved_in, "a b .x", 1, "a b .x"),
        (moved_in, "a .x", 1, "a .x"),
        (OUT, "a .x .y b", 1, "a .y x b"),
        (OUT, "a .x b", 1, "a x b"),
        (OUT, "a b", 1, "a b"),
        (OFF, "a .x .y b", 0, "x y b"),
        (OFF, "a b", 1, "a"),
    ],
)
def test_a_line_goes_where_its_button_says(move: Callable[..., list[Line]], before: str, place: int, after: str) -> None:
    assert picture(move(lines(before), place)) == after


@given(st.lists(st.integers(1, 3), max_size=8), st.lists(st.tuples(st.integers(0, 4), st.integers(0, 7)), max_size=12))
def test_no_button_loses_a_line_or_leaves_one_hanging(levels: list[int], acts: list[tuple[int, int]]) -> None:
    rows = list[Line]()
    for number, level in enumerate(levels):
        rows.append(Line(str(number), min(level, rows[-1].level + 1 if rows else 1)))
    names = {row.name for row in rows}
    for act, place in acts:
        if place < len(rows):
            rows = (UP, DOWN, OUT, moved_in, moved_in)[act](rows, place)
        assert {row.name for row in rows} == names
        assert ordering.hanging(rows) is None
