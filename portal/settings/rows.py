"""Lines of a setting as rows of a table: read in order with their levels, and stored so that each keeps its row."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol, TypeVar

from sqlalchemy.orm import Session

from portal.settings.groups import Values


class Placed(Protocol):
    """A row in a list: most have a position, those of a tree a parent_id."""

    id: Any


T = TypeVar("T", bound=Placed)


def in_order(rows: Iterable[T], *, levels: int = 1) -> list[tuple[T, int]]:
    """Return rows, which come by position, with their levels from 1: each below its parent, those too deep on the last level.

    One whose parent is not among them, or that stands in a ring, stands at the top.
    """
    found, below = {row.id: row for row in rows}, defaultdict[int | None, list[T]](list)
    for row in found.values():
        parent = getattr(row, "parent_id", None)
        below[parent if parent in found else None].append(row)
    listed, seen = list[tuple[T, int]](), set[int]()

    def list_below(parent: int | None, level: int) -> None:
        for row in below[parent]:
            if row.id not in seen:
                seen.add(row.id)
                listed.append((row, min(level, levels)))
                list_below(row.id, level + 1)

    list_below(None, 1)
    for row in found.values():
        if row.id not in seen:
            seen.add(row.id)
            listed.append((row, 1))
            list_below(row.id, 2)
    return listed


def store(
    session: Session,
    there: Sequence[T],
    values: Sequence[Values],
    *,
    make: Callable[[], T],
    assign: Callable[[T, Values], None],
    remove: Callable[[T], None] | None = None,
) -> None:
    """Have rows be what the values say: those with a known id are changed, others made, what is not named is removed.

    `assign` gets each row with its values once it has an id; a line's place and what it stands below are set here.
    """
    known, above = {row.id: row for row in there}, dict[int, int | None]({0: None})
    kept = [known.pop(value["id"], None) for value in values]
    for place, (row, value) in enumerate(zip(kept, values, strict=True), start=1):
        one = row if row is not None else make()
        for name, said in (("position", place), ("parent_id", above[value["level"] - 1])):
            if hasattr(one, name):
                setattr(one, name, said)
        if row is None:
            assign(one, value)
            session.add(one)
            session.flush()
        else:
            assign(one, value)
        above[value["level"]] = one.id
    session.flush()
    for one, _level in reversed(in_order(known.values())):
        (remove or session.delete)(one)
        session.flush()
