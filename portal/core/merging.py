"""Two versions of a text that grew from one base, to be chosen from paragraph by paragraph. Pure functions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from portal.core.aligning import Budget, align
from portal.core.blocks import Block, blocks, joined
from portal.core.html import clean

State = Literal["same", "mine", "theirs", "both"]
"""Who changed a paragraph. "same": nobody, or both did the same."""
Choice = Literal["base", "mine", "theirs", "both"]


@dataclass(frozen=True, slots=True)
class Group:
    """A paragraph, table or picture in three versions; None where a version does not have it."""

    state: State
    base: Block | None
    mine: Block | None
    theirs: Block | None

    def html(self, side: Choice) -> str:
        """Return the clean HTML of a side, in its list or quotation; "" where it has none. "both" is mine, then theirs."""
        return joined(self._blocks(side))

    def _blocks(self, side: Choice) -> list[Block]:
        chosen = {"base": [self.base], "mine": [self.mine], "theirs": [self.theirs], "both": [self.mine, self.theirs]}[side]
        return [block for block in chosen if block is not None]


def merged(base: str, mine: str, theirs: str) -> list[Group]:
    """Return three versions of clean HTML as groups in order. Only those in the state "both" need somebody's choice."""
    budget = Budget()
    was = blocks(base)
    my_pairs, my_own = _by_base(was, blocks(mine), budget)
    their_pairs, their_own = _by_base(was, blocks(theirs), budget)
    groups = list[Group]()
    for place in range(len(was) + 1):
        groups += _inserted(my_own[place], their_own[place], budget)
        if place < len(was) and (my_pairs[place] or their_pairs[place]):
            groups.append(_group(was[place], my_pairs[place], their_pairs[place]))
    return groups


def assemble(groups: Sequence[Group], choices: Mapping[int, Choice]) -> str:
    """Return clean HTML of the side chosen for each group, by its place.

    A group without a choice gets what was changed; where both changed it, both, so that nothing is lost.
    """
    of_state: dict[State, Choice] = {"same": "mine", "mine": "mine", "theirs": "theirs", "both": "both"}
    sides = (choices.get(place, of_state[group.state]) for place, group in enumerate(groups))
    return clean(joined(block for group, side in zip(groups, sides, strict=True) for block in group._blocks(side)))


def _by_base(base: list[Block], version: list[Block], budget: Budget) -> tuple[list[Block | None], list[list[Block]]]:
    """Return for each block of the base what became of it, and what a version has of its own before each and at the end."""
    became, own = list[Block | None](), [list[Block]() for _ in range(len(base) + 1)]
    for was, now in align(base, version, budget):
        if was is not None:
            became.append(now)
        elif now is not None:
            own[len(became)].append(now)
    return became, own


def _inserted(mine: list[Block], theirs: list[Block], budget: Budget) -> Iterator[Group]:
    for my, their in align(mine, theirs, budget):
        yield _group(None, my, their)


def _group(base: Block | None, mine: Block | None, theirs: Block | None) -> Group:
    keys = [block and block.key for block in (base, mine, theirs)]
    state: State = "same" if keys[1] == keys[2] else "mine" if keys[0] == keys[2] else "theirs" if keys[0] == keys[1] else "both"
    if mine and theirs:
        is_first = mine.is_first if base is None or mine.is_first != base.is_first else theirs.is_first
        mine, theirs = replace(mine, is_first=is_first), replace(theirs, is_first=is_first)
    return Group(state, base, mine, theirs)
