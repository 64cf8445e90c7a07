"""Passages of an article in TCVN3 or VNI: told beside the text with their place, and written in Unicode on one click.

Who keeps one as it is says so to the form, which remembers it for as long as it goes from page to page.
"""

import re
from dataclasses import dataclass

from portal.articles.content import WRITTEN, place_of
from portal.core.old_passages import Passage, found, rewritten
from portal.publishing.models import Content

NAMES = {"tcvn3": "TCVN3", "vni": "VNI"}
ALL = "all"
"""In place of a passage: whatever is told."""
LONGEST_ASKED = 40
"""Characters of the longest that names a passage: its field, its paragraph, its mark."""
MARKS = re.compile("[0-9a-f]{8}(?: [0-9a-f]{8})*")
MOST_MARKS = 100
LONGEST = 9 * MOST_MARKS - 1
"""Characters of so many marks."""
MOST_TOLD = 3
"""Passages that are shown; all of them can be converted at once."""
WORDS_BEFORE, WORDS = 2, 9
"""How many words of a passage are shown: some before the first that changes, and with those that follow."""


@dataclass(frozen=True, slots=True)
class Told:
    """A passage as it is told."""

    mark: str
    asked: str
    """What asks for its conversion, though somebody has typed on in it meanwhile."""
    encoding: str
    where: str
    before: str
    after: str


def marks(said: str) -> tuple[str, ...]:
    """Return the marks of passages that stay as they are, from what a form or an address says; none where it is none of ours."""
    return tuple(dict.fromkeys(said.split())) if MARKS.fullmatch(said) else ()


def told(content: Content, kept: tuple[str, ...]) -> tuple[list[Told], int]:
    """Return the first passages in old encodings that nobody has kept as they are, and how many there are."""
    some = [one for one in _found(content) if one.mark not in kept]
    return [_told(one) for one in some[:MOST_TOLD]], len(some)


def in_unicode(content: Content, asked: str, kept: tuple[str, ...]) -> Content:
    """Return a content with the passage that is asked for, or with all but those that are kept, in Unicode."""
    passages = _found(content)
    some = [one for one in passages if one.mark not in kept] if asked == ALL else _meant(passages, asked)
    return {**content, **rewritten(_sources(content), some)}


def _meant(passages: list[Passage], asked: str) -> list[Passage]:
    """Return the passages with the words that are asked for; where these are other words by now, those of the place."""
    place, _hyphen, mark = asked.rpartition("-")
    return [one for one in passages if one.mark == mark] or [one for one in passages if _place(one) == place]


def _place(passage: Passage) -> str:
    return f"{passage.name}-{passage.paragraph}"


def _found(content: Content) -> list[Passage]:
    return found(_sources(content))


def _sources(content: Content) -> dict[str, str]:
    return {name: content[name] for name in WRITTEN}


def _told(passage: Passage) -> Told:
    before, after = passage.before.split(), passage.after.split()
    first = next((place for place, (old, new) in enumerate(zip(before, after, strict=False)) if old != new), 0)
    start = max(0, first - WORDS_BEFORE)
    shown = [_some(words, start) for words in (before, after)]
    mark, asked = passage.mark, f"{_place(passage)}-{passage.mark}"
    return Told(mark, asked, NAMES[passage.encoding], place_of(passage.name, passage.paragraph), *shown)


def _some(words: list[str], start: int) -> str:
    some = " ".join(words[start : start + WORDS])
    return f"{'… ' if start else ''}{some}{' …' if len(words) > start + WORDS else ''}"
