"""Whole percents that are fair: equal counts show equal, the order is never inverted, and the sum is 100 where it can be."""

from collections import Counter
from collections.abc import Sequence


def of_total(counts: Sequence[int]) -> list[int]:
    """Return the percents of counts in their sum, by largest remainder over groups of equal counts.

    Each is the exact percent rounded down, or one more. The points that rounding down leaves over go to whole groups of
    equal counts, largest remainder first, as far as a whole group fits; so the sum may stay below 100 and never exceeds it.
    """
    total = sum(counts)
    if total == 0:
        return [0] * len(counts)
    floors = {count: count * 100 // total for count in counts}
    sizes = Counter(counts)
    left = 100 - sum(floors[count] * size for count, size in sizes.items())
    for count in sorted(sizes, key=lambda c: (-(c * 100 % total), -c)):
        if count * 100 % total and sizes[count] <= left and _keeps_order(count, floors):
            floors[count] += 1
            left -= sizes[count]
    return [floors[count] for count in counts]


def _keeps_order(count: int, percents: dict[int, int]) -> bool:
    """Tell whether one point more for `count` would leave no larger count with a smaller percent."""
    return all(percents[larger] > percents[count] for larger in percents if larger > count)


def of_voters(counts: Sequence[int], voters: int) -> list[int]:
    """Return the percents of counts among `voters`, each rounded half up: a voter may take several choices."""
    return [0 if voters == 0 else (count * 200 + voters) // (2 * voters) for count in counts]
