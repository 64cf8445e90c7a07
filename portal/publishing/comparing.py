"""What changed between two revisions, part by part, for a page to print."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from portal.core import differences
from portal.core.differences import Change
from portal.core.differences import Piece as Run
from portal.publishing import kinds
from portal.publishing.models import Content, Piece

BESIDE = 1
"""Unchanged paragraphs that stand before and after a change, so that one knows where one is."""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Paragraphs that are the same and are not printed."""

    number: int


@dataclass(frozen=True, slots=True)
class Compared:
    """A part of a text: its words woven (`runs`), or its paragraphs (`blocks`)."""

    label: str
    is_changed: bool
    runs: tuple[Run, ...] = ()
    blocks: tuple[Change | Unchanged, ...] = ()


def compared(piece: Piece, old: Content, new: Content) -> list[Compared]:
    """Return all parts of two contents of a piece, with what changed in each."""
    kind = kinds.of(piece)
    both = zip(kind.parts_of(old), kind.parts_of(new), strict=True)
    return [_html(was.label, was.text, now.text) if was.is_html else _plain(was.label, was.text, now.text) for was, now in both]


def _plain(label: str, old: str, new: str) -> Compared:
    return Compared(label, old != new, runs=differences.compared_texts(old, new))


def _html(label: str, old: str, new: str) -> Compared:
    if old == new:
        return Compared(label, is_changed=False)
    changes = differences.compare(old, new)
    return Compared(label, is_changed=True, blocks=tuple(_shortened(changes)))


def _shortened(changes: list[Change]) -> Iterator[Change | Unchanged]:
    """Yield what changed with its neighbours, and how much stands between."""
    changed = [place for place, change in enumerate(changes) if change.kind != "same"]
    shown = _near(changed, len(changes))
    left_out = 0
    for place, change in enumerate(changes):
        if place not in shown:
            left_out += 1
            continue
        if left_out:
            yield Unchanged(left_out)
            left_out = 0
        yield change
    if left_out:
        yield Unchanged(left_out)


def _near(places: Iterable[int], number: int) -> set[int]:
    return {near for place in places for near in range(max(0, place - BESIDE), min(number, place + BESIDE + 1))}
