"""Clean HTML as blocks: paragraphs, headings, items of lists, tables, pictures, each with its text. A pure rule."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from html import unescape

from portal.core.elements import ATTRIBUTE, TAG, VOID

OPENED = frozenset({"ul", "ol", "blockquote"})
"""What holds blocks of its own."""
WHOLE = frozenset({"p", "h2", "h3", "h4", "li", "table", "figure", "figcaption", "caption", "hr"})

MOST_TAGS = 40_000
"""Four times those of a plan of 50 pages with 20 tables; more would take seconds."""

LINE_TAG = re.compile(r'</?(?:p|h[2-4]|li|[uo]l|blockquote|[bh]r|t[rdh]|(?:fig)?caption|table|figure)(?: [a-z]+="[^"]*")*>')
"""Tags between which a text has a line of its own; in cells and items they keep words apart."""
PICTURE = re.compile(r'<img src="([^"]*)" alt="([^"]*)"[^>]*>')
SPACE = re.compile(r"[^\S\v]+")
LINES = re.compile(r" ?(?:\v ?)+")


@dataclass(frozen=True)
class Block:
    """A part of a body that stands by itself."""

    html: str
    tag: str
    """The element; "" for text that stands in none."""
    start: int = 0
    """Where it begins in the body."""
    within: str = ""
    """The tag of the list or quotation that it stands in, as it is written."""
    is_first: bool = False
    """Whether that list or quotation begins with it."""

    @property
    def key(self) -> tuple[str, str]:
        """What is equal for blocks that are the same."""
        return self.within, self.html

    @cached_property
    def text(self) -> str:
        return text_of(self.html)

    @cached_property
    def words(self) -> frozenset[str]:
        """The words by which it is known again after a change; a picture's address is one."""
        return frozenset(self.text.split()).union(source for source, _ in PICTURE.findall(self.html))


def blocks(html: str) -> list[Block]:
    """Return the blocks of clean HTML in order; `joined` puts them together again. A body of more than MOST_TAGS is one block."""
    return list(_blocks(html)) if html.count("<") <= MOST_TAGS else [Block(html, "")]


def joined(some: Iterable[Block]) -> str:
    """Return the HTML of blocks, each back in its list or quotation; white space between blocks is left out.

    Texts that stand in no element, and come together from two versions, get a line each.
    """
    parts, within, is_loose = list[str](), "", False
    for block in some:
        if block.within != within or block.is_first:
            parts += [_end(within), block.within]
            within, is_loose = block.within, False
        parts += ["<br>"] * (is_loose and not block.tag)
        parts.append(block.html)
        is_loose = not block.tag
    return "".join([*parts, _end(within)])


def outermost(html: str, names: frozenset[str]) -> list[Block]:
    """Return the elements of some names in a piece of clean HTML, without those that stand in another of them."""
    found, depth, begun = list[Block](), 0, 0
    for tag in TAG.finditer(html):
        if depth:
            depth += (not tag[1]) - bool(tag[1]) if tag[2] not in VOID else 0
            if not depth:
                found.append(Block(html[begun : tag.end()], html[begun + 1 : begun + 1 + len(tag[2])], begun))
        elif tag[2] in names and not tag[1]:
            depth, begun = 1, tag.start()
    return found


def text_of(html: str) -> str:
    """Return what a reader reads in a piece of clean HTML: white space folded, a line for each line, a picture as [its words]."""
    text = TAG.sub("", PICTURE.sub(r"[\2]", LINE_TAG.sub("\v", html.replace("\v", " "))))
    return LINES.sub("\n", SPACE.sub(" ", unescape(text))).strip()


def attributes_of(html: str) -> dict[str, str]:
    """Return the attributes of the element with which a piece of clean HTML begins."""
    found = TAG.match(html)
    return {name: unescape(value) for name, value in ATTRIBUTE.findall(found[3])} if found else {}


def _blocks(html: str) -> Iterator[Block]:
    """Yield blocks; a run of text and inline elements between two of them is one too."""
    within, is_first, reached = "", False, 0
    for first, last, tag in _spans(html):
        for start, end, name in ((reached, first, ""), (first, last, tag)):
            piece = html[start:end]
            if name in OPENED and piece.startswith("</"):
                within = ""
            elif name in OPENED and not piece.endswith(f"</{name}>"):
                within, is_first = piece, True
            elif piece and not piece.isspace():
                indent = len(piece) - len(piece.lstrip())
                yield Block(piece.strip(), name, start + indent, within, is_first and bool(within))
                is_first = False
        reached = last


def _spans(html: str) -> Iterator[tuple[int, int, str]]:
    """Yield the place and name of each whole element, and of both tags of a list or quotation; at last the end."""
    is_open, depth, begun, name = False, 0, 0, ""
    for tag in TAG.finditer(html):
        if depth:
            depth += 0 if tag[2] in VOID else -1 if tag[1] else 1
            if not depth and name:
                yield begun, tag.end(), name
        elif tag[2] in OPENED and is_open == bool(tag[1]):
            is_open = not is_open
            yield tag.start(), tag.end(), tag[2]
        elif tag[2] == "hr":
            yield tag.start(), tag.end(), "hr"
        elif tag[2] not in VOID:
            depth, begun, name = 1, tag.start(), tag[2] if tag[2] in WHOLE or tag[2] in OPENED else ""
    yield len(html), len(html), ""


def _end(written: str) -> str:
    found = TAG.match(written)
    return f"</{found[2]}>" if found else ""
