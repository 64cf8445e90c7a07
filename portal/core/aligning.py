"""Which block of one text stands for which of another: equal ones first, then those that read alike. Pure, in bounded time."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from portal.core.blocks import Block

ALIKE = 0.4
"""Two blocks are one that was changed where they share this part of their words."""
APART = frozenset({"table", "figure", "hr", "tr"})
"""What is changed into its own kind only. Paragraphs, headings and items become each other."""

Pair = tuple[Block | None, Block | None]


@dataclass(slots=True)
class Budget:
    """How much work a comparison may still be: steps of about a tenth of a microsecond."""

    left: int = 8_000_000

    def allows(self, steps: int) -> bool:
        """Return whether so many steps are left, and take them."""
        if steps > self.left:
            return False
        self.left -= steps
        return True


def align(old: Sequence[Block], new: Sequence[Block], budget: Budget) -> list[Pair]:
    """Return the blocks of both in order: pairs, and those that only the old or only the new has.

    Blocks that stand once in each are anchors. Between anchors the pairing with the most words in common is found, as long as the
    budget allows; beyond it what is not equal counts as removed and added.
    """
    pairs = list[Pair]()
    places = [(-1, -1), *_anchors(old, new), (len(old), len(new))]
    for (was_old, was_new), (at_old, at_new) in pairwise(places):
        pairs += _between(old[was_old + 1 : at_old], new[was_new + 1 : at_new], budget)
        if at_old < len(old):
            pairs.append((old[at_old], new[at_new]))
    return pairs


def _anchors(old: Sequence[Block], new: Sequence[Block]) -> list[tuple[int, int]]:
    """Return the longest rising run of places of blocks that stand once in each text."""
    in_old, in_new = _once(old), _once(new)
    places = [(in_old[key], in_new[key]) for key in in_old if key in in_new]
    ends, tops, before = list[int](), list[int](), list[int]()
    for number, (_, place) in enumerate(places):
        length = bisect_left(tops, place)
        before.append(ends[length - 1] if length else -1)
        tops[length : length + 1] = [place]
        ends[length : length + 1] = [number]
    run, number = list[tuple[int, int]](), ends[-1] if ends else -1
    while number >= 0:
        run.append(places[number])
        number = before[number]
    return run[::-1]


def _once(some: Sequence[Block]) -> dict[tuple[str, str], int]:
    numbers = Counter(block.key for block in some)
    return {block.key: place for place, block in enumerate(some) if numbers[block.key] == 1}


def _between(old: Sequence[Block], new: Sequence[Block], budget: Budget) -> Iterator[Pair]:
    head = _equal(old, new)
    yield from zip(old[:head], new[:head], strict=True)
    old, new = old[head:], new[head:]
    tail = _equal(old[::-1], new[::-1])
    old_core, new_core = old[: len(old) - tail], new[: len(new) - tail]
    if (
        old_core
        and new_core
        and budget.allows(len(old_core) * (10 * len(new_core) + sum(len(block.words) for block in new_core)))
    ):
        yield from _alike(old_core, new_core)
    else:
        yield from ((block, None) for block in old_core)
        yield from ((None, block) for block in new_core)
    yield from zip(old[len(old_core) :], new[len(new_core) :], strict=True)


def _equal(old: Sequence[Block], new: Sequence[Block]) -> int:
    """Return how many blocks are equal from the beginning on."""
    both = zip(old, new, strict=False)
    return next((place for place, (one, other) in enumerate(both) if one.key != other.key), min(len(old), len(new)))


def _alike(old: Sequence[Block], new: Sequence[Block]) -> list[Pair]:
    """Return the pairing in order whose blocks have the most in common."""
    likeness = [[_likeness(one, other) for other in new] for one in old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            paired = likeness[i][j] + best[i + 1][j + 1] if likeness[i][j] else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    pairs, i, j = list[Pair](), 0, 0
    while i < len(old) and j < len(new):
        if likeness[i][j] and best[i][j] == likeness[i][j] + best[i + 1][j + 1]:
            pairs.append((old[i], new[j]))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            pairs.append((old[i], None))
            i += 1
        else:
            pairs.append((None, new[j]))
            j += 1
    return [*pairs, *((block, None) for block in old[i:]), *((None, block) for block in new[j:])]


def _likeness(one: Block, other: Block) -> float:
    """Return 2 for equal blocks, the part of the words that two have in common, 0 where it is too little."""
    if one.key == other.key:
        return 2.0
    if one.tag != other.tag and (one.tag in APART or other.tag in APART):
        return 0.0
    total = len(one.words) + len(other.words)
    shared = 2 * len(one.words & other.words) / total if total else 1.0
    return shared if shared >= ALIKE else 0.0
