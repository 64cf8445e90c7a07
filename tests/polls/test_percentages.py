"""Percents that nobody can call unfair, for any counts."""

from collections import Counter

from hypothesis import example, given
from hypothesis import strategies as st

from portal.polls.percentages import of_total, of_voters

ONE = st.one_of(st.integers(0, 12), st.integers(0, 10**9))
ALIKE = st.lists(st.sampled_from([330, 332, 333, 334, 336]), min_size=2, max_size=8)
"""Counts whose percents are the same but for rounding."""
COUNTS = st.one_of(st.lists(ONE, min_size=1, max_size=30), ALIKE)


@given(COUNTS)
def test_equal_counts_have_equal_percents(counts: list[int]) -> None:
    shown = dict(zip(counts, of_total(counts), strict=True))
    assert of_total(counts) == [shown[count] for count in counts]


@given(COUNTS)
@example([334, 334, 332])
def test_the_order_is_never_inverted(counts: list[int]) -> None:
    pairs = sorted(zip(counts, of_total(counts), strict=True))
    assert [percent for _, percent in pairs] == sorted(percent for _, percent in pairs)


@given(COUNTS)
def test_each_percent_is_the_exact_one_rounded_down_or_up(counts: list[int]) -> None:
    total = sum(counts)
    for count, percent in zip(counts, of_total(counts), strict=True):
        exact = count * 100
        assert percent == 0 if total == 0 else exact // total <= percent <= -(-exact // total)


@given(COUNTS)
def test_the_sum_never_exceeds_100(counts: list[int]) -> None:
    assert sum(of_total(counts)) <= 100


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=30, unique=True))
def test_the_sum_is_100_where_no_two_counts_are_equal(counts: list[int]) -> None:
    assert sum(of_total(counts)) == (100 if sum(counts) else 0)


@given(COUNTS)
def test_the_sum_stays_below_100_only_where_ties_forbid_one_point_more(counts: list[int]) -> None:
    """No group of equal counts that was rounded down could have got its point."""
    total, shown = sum(counts), dict(zip(counts, of_total(counts), strict=True))
    left = 100 - sum(of_total(counts))
    for count, size in Counter(counts).items():
        if total and count * 100 % total and shown[count] == count * 100 // total:
            would_invert = any(other > count and shown[other] <= shown[count] for other in shown)
            assert size > left or would_invert


@given(COUNTS)
def test_the_order_of_the_choices_does_not_matter(counts: list[int]) -> None:
    assert of_total(counts[::-1]) == of_total(counts)[::-1]


@given(COUNTS, st.integers(0, 10**9))
def test_percents_of_voters_are_rounded_half_up(counts: list[int], more: int) -> None:
    voters = max(counts) + more
    for count, percent in zip(counts, of_voters(counts, voters), strict=True):
        assert 0 <= percent <= 100
        assert voters == 0 or abs(percent * voters - count * 100) * 2 <= voters


def test_the_page_that_the_portal_is_modelled_on() -> None:
    assert of_total([0, 1, 1]) == [0, 50, 50]


def test_thirds_are_equal_and_short_of_100() -> None:
    assert of_total([1, 1, 1]) == [33, 33, 33]


def test_nobody_has_voted() -> None:
    assert of_total([0, 0]) == [0, 0]
    assert of_voters([0, 0], 0) == [0, 0]


def test_two_thirds_get_the_point_that_is_left() -> None:
    assert of_total([2, 1]) == [67, 33]
    assert of_voters([2, 1], 3) == [67, 33]
