"""Clean HTML read as tags and text. In what `core.html.clean` returns tags are whole, values quoted, `<` and `>` escaped."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [a-z]+="[^"]*")*)>')
ATTRIBUTE = re.compile(r' ([a-z]+)="([^"]*)"')
VOID = frozenset({"br", "hr", "img"})


@dataclass(frozen=True, slots=True)
class Token:
    """A tag, or a run of text between two tags, with its place in the source."""

    start: int
    end: int
    tag: str = ""
    """"" for text."""
    is_end: bool = False
    written: str = ""
    """The attributes as they stand in the source."""

    @property
    def attributes(self) -> dict[str, str]:
        return {name: unescape(value) for name, value in ATTRIBUTE.findall(self.written)}


def tokens(html: str) -> Iterator[Token]:
    """Yield the tags and texts of clean HTML in order; together they are the whole of it."""
    reached = 0
    for found in TAG.finditer(html):
        if found.start() > reached:
            yield Token(reached, found.start())
        yield Token(found.start(), found.end(), found[2], bool(found[1]), found[3])
        reached = found.end()
    if reached < len(html):
        yield Token(reached, len(html))
