"""Passages of a text that were typed in TCVN3 or VNI: found with their place, and written in Unicode. Pure functions.

What is found is a question to the writer, never a verdict.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape

from portal.core.blocks import PICTURE, blocks
from portal.core.elements import TAG, tokens
from portal.core.old_encodings import BEYOND, WORD, Encoding, converted, goes_with, looks_like, needs

INLINE = frozenset({"a", "br", "em", "s", "strong", "sub", "sup", "u"})
"""Elements that stand within a passage; any other begins one."""
OLD = re.compile("[¡-ÿμ]")
"""Without such a letter a passage is in no old encoding."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A line, paragraph, heading, item, cell, caption, or the description of a picture."""

    name: str
    """Of the text that it stands in."""
    paragraph: int
    """The block of clean HTML or the line of plain text, from 1. A table is one block."""
    encoding: Encoding
    before: str
    """As a reader sees it."""
    after: str
    edits: tuple[tuple[int, int, str], ...]
    """Where something changes in the source, and to what, in order."""

    @property
    def mark(self) -> str:
        """A short name of the passage that its words alone give it."""
        return hashlib.sha256(f"{self.encoding} {self.before}".encode("utf-8", "surrogatepass")).hexdigest()[:8]


def found(sources: Mapping[str, str]) -> list[Passage]:
    """Return the passages in old encodings of texts that belong together, by their names, plain or clean HTML; in order.

    One that is too short to say goes with the others, where it can be nothing else.
    """
    units = [unit for name, source in sources.items() for unit in _units(name, source)]
    said = [looks_like(unit.text) for unit in units]
    usual = [encoding for encoding, _times in Counter(one for one in said if one).most_common()]
    told = (own or next((one for one in usual if goes_with(unit.text, one)), None) for unit, own in zip(units, said, strict=True))
    passages = [_passage(sources[unit.name], unit, encoding) for unit, encoding in zip(units, told, strict=True) if encoding]
    return [passage for passage in passages if passage.edits]


def rewritten(sources: Mapping[str, str], some: Iterable[Passage]) -> dict[str, str]:
    """Return the texts with these passages in Unicode; nothing else changes, and no tag but the description of a picture."""
    edits: dict[str, list[tuple[int, int, str]]] = {name: [] for name in sources}
    for one in some:
        edits[one.name] += one.edits
    return {name: _with(source, sorted(edits[name])) for name, source in sources.items()}


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is judged as one: runs of source between tags, with what a reader sees of them."""

    name: str
    paragraph: int
    runs: tuple[tuple[int, int], ...]
    text: str


def _units(name: str, source: str) -> Iterator[_Unit]:
    if not OLD.search(source):
        return
    for paragraph, runs in _runs(source):
        text = "".join(unescape(source[start:end]) or "\n" for start, end in runs)
        if OLD.search(text):
            yield _Unit(name, paragraph, tuple(runs), text)


def _runs(source: str) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """Yield the number of a paragraph with the runs of text in each of its parts; a line break is an empty run."""
    if not TAG.search(source):
        for number, line in enumerate(re.finditer("[^\n]+", source), 1):
            yield number, [line.span()]
        return
    for number, block in enumerate(blocks(source), 1):
        runs = list[tuple[int, int]]()
        for token in tokens(block.html):
            start, end = block.start + token.start, block.start + token.end
            if picture := PICTURE.match(source, start, end):
                yield number, [picture.span(2)]
            if not token.tag:
                runs.append((start, end))
            elif token.tag == "br":
                runs.append((end, end))
            elif token.tag not in INLINE:
                yield number, runs
                runs = []
        yield number, runs


def _passage(source: str, unit: _Unit, encoding: Encoding) -> Passage:
    written = [(start, end, _unicode(source[start:end], encoding)) for start, end in unit.runs]
    after = "".join(unescape(new) or "\n" for _start, _end, new in written)
    edits = tuple((start, end, new) for start, end, new in written if new != source[start:end])
    return Passage(unit.name, unit.paragraph, encoding, unit.text, after, edits)


def _unicode(run: str, encoding: Encoding) -> str:
    """Return a run in Unicode; where a part of it is so already, words that can be nothing else change, and those between."""
    if not BEYOND.search(run):
        return converted(run, encoding)
    words = list(WORD.finditer(run))
    known = [needs(word[0], encoding) or (False if BEYOND.search(word[0]) else None) for word in words]
    before, after = list(_nearest(known)), list(_nearest(known[::-1]))[::-1]
    is_old = [
        own or (own is None and True in sides and False not in sides) for own, *sides in zip(known, before, after, strict=True)
    ]
    return _with(run, [(*word.span(), converted(word[0], encoding)) for word, old in zip(words, is_old, strict=True) if old])


def _nearest(known: Iterable[bool | None]) -> Iterator[bool | None]:
    """Yield for each word what is known of the nearest before it of which something is."""
    last = None
    for own in known:
        yield last
        last = last if own is None else own


def _with(source: str, edits: Iterable[tuple[int, int, str]]) -> str:
    parts, reached = list[str](), 0
    for start, end, new in edits:
        parts += [source[reached:start], new]
        reached = end
    return "".join([*parts, source[reached:]])
