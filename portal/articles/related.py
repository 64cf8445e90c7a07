"""Related news: the same section, shared words in the title, nearest in time. A pure rule over candidates."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from portal.core.text import words

MOST = 5
CANDIDATES = 100

COMMON = frozenset(
    "va cua cac cho voi ve theo tai trong den tu la mot nhung duoc khi so nam thang ngay tren dia ban tinh "  # noqa: SIM905
    "the of and in on for to a an at by with from".split()
)
"""Folded words that say nothing of a title's subject."""


class Titled(Protocol):
    @property
    def title(self) -> str: ...
    @property
    def published_at(self) -> int: ...


T = TypeVar("T", bound=Titled)


def nearest(article: Titled, candidates: Sequence[T]) -> list[T]:
    """Return up to five candidates: most shared subject words first, among equals the nearest in time."""
    subject = _subject(article.title)

    def distance(candidate: T) -> tuple[int, int]:
        return -len(subject & _subject(candidate.title)), abs(candidate.published_at - article.published_at)

    return sorted(candidates, key=distance)[:MOST]


def _subject(title: str) -> frozenset[str]:
    return frozenset(word for word in words(title) if word not in COMMON and len(word) > 1)
