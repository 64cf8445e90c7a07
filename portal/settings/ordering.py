"""Lines in an order and on levels, moved by buttons: pure rules over anything that has a level from 1.

What stands below a line moves with it.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol, TypeVar


class Levelled(Protocol):
    @property
    def level(self) -> int: ...


T = TypeVar("T", bound=Levelled)


def moved_up(rows: Sequence[T], place: int) -> list[T]:
    """Return the lines with one, and what stands below it, before the one that came before it on its level."""
    begin, before = place, _before(rows, place)
    if before is None:
        return list(rows)
    end = _end(rows, begin)
    return [*rows[:before], *rows[begin:end], *rows[before:begin], *rows[end:]]


def moved_down(rows: Sequence[T], place: int) -> list[T]:
    """Return the lines with one, and what stands below it, after the one that comes after it on its level."""
    after = _end(rows, place)
    if after == len(rows) or rows[after].level != rows[place].level:
        return list(rows)
    return moved_up(rows, after)


def moved_in(rows: Sequence[T], place: int, *, levels: int) -> list[T]:
    """Return the lines with one below the one that comes before it on its level, where there is room for it."""
    end = _end(rows, place)
    deepest = max(row.level for row in rows[place:end])
    if _before(rows, place) is None or deepest >= levels:
        return list(rows)
    return [*rows[:place], *(_on(row, row.level + 1) for row in rows[place:end]), *rows[end:]]


def moved_out(rows: Sequence[T], place: int) -> list[T]:
    """Return the lines with one behind the line below which it stood, and behind all that stays there."""
    level, end = rows[place].level, _end(rows, place)
    if level == 1:
        return list(rows)
    family = next((at for at in range(end, len(rows)) if rows[at].level < level), len(rows))
    moved = [_on(row, row.level - 1) for row in rows[place:end]]
    return [*rows[:place], *rows[end:family], *moved, *rows[family:]]


def without(rows: Sequence[T], place: int) -> list[T]:
    """Return the lines without one; what stood below it takes its level."""
    end = _end(rows, place)
    return [*rows[:place], *(_on(row, row.level - 1) for row in rows[place + 1 : end]), *rows[end:]]


def hanging(rows: Sequence[Levelled]) -> int | None:
    """Return the place of the first line that stands below nothing, None where each has its place."""
    above = 0
    for place, row in enumerate(rows):
        if not 1 <= row.level <= above + 1:
            return place
        above = row.level
    return None


def _end(rows: Sequence[Levelled], place: int) -> int:
    """Return the place behind a line and all that stands below it."""
    return next((at for at in range(place + 1, len(rows)) if rows[at].level <= rows[place].level), len(rows))


def _before(rows: Sequence[Levelled], place: int) -> int | None:
    """Return the place of the line before one on its level, below the same line."""
    for at in range(place - 1, -1, -1):
        if rows[at].level <= rows[place].level:
            return at if rows[at].level == rows[place].level else None
    return None


def _on(row: Any, level: int) -> Any:
    return replace(row, level=level)
