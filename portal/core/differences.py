"""What changed between two texts, for readers: paragraph by paragraph, tables cell by cell, as values that a template prints."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal

from portal.core.aligning import Budget, Pair, align
from portal.core.blocks import Block, attributes_of, blocks, outermost, text_of

Kind = Literal["same", "added", "removed", "changed", "formatting"]
"""What happened to a block. "formatting": it reads the same, but its marks or its element changed."""

WORD = re.compile(r"\s*(?:\w+(?:[.,/:–-]\w+)*|[^\w\s])")
"""A syllable, a number or a symbol as a whole (1.957.856, 30/KH-UBND), or a sign, with the space before it."""
LINK = re.compile(r'<a href="([^"]*)"')
IMAGE = re.compile(r"<img [^>]*>")
ROWS = frozenset({"tr", "caption"})
CELLS = frozenset({"td", "th"})
MOSTLY = 0.3
"""Texts that share less than this are shown one after the other, not woven."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text: in both versions, or only in one."""

    kind: Literal["same", "added", "removed"]
    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    kind: Kind
    tag: str
    pieces: tuple[Piece, ...]
    colspan: str
    rowspan: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, or its caption as a row of one cell."""

    kind: Kind
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    src: str
    alt: str


@dataclass(frozen=True, slots=True)
class Change:
    """A block of the new text, or one that it no longer has."""

    kind: Kind
    tag: str
    """Its element, "" for text in none; `was` is what it was before, where that is another."""
    was: str = ""
    pieces: tuple[Piece, ...] = ()
    """Its text; of a picture its caption."""
    links: tuple[Piece, ...] = ()
    """Addresses that it led to and no longer does, or leads to now."""
    rows: tuple[Row, ...] = ()
    old_picture: Picture | None = None
    new_picture: Picture | None = None
    alt: tuple[Piece, ...] = ()
    """A picture's words for those who cannot see it, where they changed."""


def compare(old_html: str, new_html: str) -> list[Change]:
    """Return all blocks of two pieces of clean HTML in order, with what changed in each.

    Beyond a budget of work, which no plan reaches, what is not equal counts as removed and added whole.
    """
    budget = Budget()
    return [_change(old, new, budget) for old, new in align(blocks(old_html), blocks(new_html), budget)]


def compared_texts(old: str, new: str) -> tuple[Piece, ...]:
    """Return what changed between two plain texts, such as titles."""
    return _pieces(old, new, Budget())


def _change(old: Block | None, new: Block | None, budget: Budget) -> Change:
    tag, was = (new or old).tag, old.tag if old and new and old.tag != new.tag else ""  # type: ignore[union-attr]
    if tag == "table":
        rows = tuple(_rows(old, new, budget))
        return Change(_kind(old, new, (piece for row in rows for cell in row.cells for piece in cell.pieces)), tag, rows=rows)
    if tag == "figure":
        return _figure(old, new, budget)
    pieces = _pieces(old.text if old else None, new.text if new else None, budget)
    links = _links(old, new) if old and new else ()
    return Change(_kind(old, new, (*pieces, *links)), tag, was, pieces, links)


def _kind(old: Block | None, new: Block | None, pieces: Iterator[Piece] | Sequence[Piece]) -> Kind:
    if old is None or new is None:
        return "added" if old is None else "removed"
    if old.key == new.key:
        return "same"
    return "changed" if any(piece.kind != "same" for piece in pieces) else "formatting"


def _links(old: Block, new: Block) -> tuple[Piece, ...]:
    was, now = list(dict.fromkeys(LINK.findall(old.html))), list(dict.fromkeys(LINK.findall(new.html)))
    gone = (Piece("removed", text_of(address)) for address in was if address not in now)
    return (*gone, *(Piece("added", text_of(address)) for address in now if address not in was))


def _figure(old: Block | None, new: Block | None, budget: Budget) -> Change:
    was, now = _picture(old), _picture(new)
    caption = _pieces(_caption(old) if old else None, _caption(new) if new else None, budget)
    alt = _pieces(was.alt, now.alt, budget) if was and now and was.alt != now.alt else ()
    kind = _kind(old, new, (*caption, *alt))
    if kind == "formatting" and was and now and was.src != now.src:
        kind = "changed"
    return Change(kind, "figure", pieces=caption, old_picture=was, new_picture=now, alt=alt)


def _picture(figure: Block | None) -> Picture | None:
    found = IMAGE.search(figure.html) if figure else None
    has = attributes_of(found[0]) if found else {}
    return Picture(has["src"], has.get("alt", "")) if "src" in has else None


def _caption(figure: Block) -> str:
    return text_of(IMAGE.sub("", figure.html))


def _rows(old: Block | None, new: Block | None, budget: Budget) -> Iterator[Row]:
    for was, now in align(_parts(old, ROWS), _parts(new, ROWS), budget):
        cells = tuple(_cell(one, other, budget) for one, other in _cells(was, now, budget))
        yield Row(_kind(was, now, [piece for cell in cells for piece in cell.pieces]), cells)


def _parts(block: Block | None, names: frozenset[str]) -> list[Block]:
    """Return the rows of a table or the cells of a row; a caption is a row of one cell."""
    if block is None or block.tag == "caption":
        return [block] if block else []
    inner = block.html[len(f"<{block.tag}>") : -len(f"</{block.tag}>")]
    return outermost(inner, names)


def _cells(was: Block | None, now: Block | None, budget: Budget) -> list[Pair]:
    """Pair the cells of two rows: by their place where there are as many, else by what they hold."""
    old, new = _parts(was, CELLS), _parts(now, CELLS)
    return align(old, new, budget) if old and new and len(old) != len(new) else list(zip_longest(old, new))


def _cell(old: Block | None, new: Block | None, budget: Budget) -> Cell:
    pieces = _pieces(old.text if old else None, new.text if new else None, budget)
    shown: Block = new or old  # type: ignore[assignment]
    has = attributes_of(shown.html)
    return Cell(_kind(old, new, pieces), shown.tag, pieces, has.get("colspan", "1"), has.get("rowspan", "1"))


def _pieces(old: str | None, new: str | None, budget: Budget) -> tuple[Piece, ...]:
    """Return the texts woven into each other; None is a text that is not there."""
    if old == new:
        return (Piece("same", new),) if new else ()
    if not old or not new:
        return tuple(Piece(kind, text) for kind, text in (("removed", old), ("added", new)) if text)  # type: ignore[arg-type]
    woven = _woven(WORD.findall(f" {old}"), WORD.findall(f" {new}"), budget)
    same = sum(len(text) for kind, text in woven if kind == "same")
    if 2 * same < MOSTLY * (len(old) + len(new)):
        return Piece("removed", old), Piece("added", new)
    edge = 2 if [kind for kind, _ in woven[:2]] == ["removed", "added"] else 1
    trimmed = [(kind, text.lstrip() if place < edge else text) for place, (kind, text) in enumerate(woven)]
    return tuple(Piece(kind, text) for kind, text in trimmed if text)


def _woven(old: list[str], new: list[str], budget: Budget) -> list[tuple[Literal["same", "added", "removed"], str]]:
    """Return runs of words in order, what was removed before what took its place; a lone sign between two changes joins them."""
    removed, added = list[str](), list[str]()
    woven = list[tuple[Literal["same", "added", "removed"], str]]()

    def close() -> None:
        for kind, run in (("removed", removed), ("added", added)):
            if run:
                woven.append((kind, "".join(run)))  # type: ignore[arg-type]
            run.clear()

    steps = _steps(old, new, budget)
    for place, (is_same, i1, i2, j1, j2) in enumerate(steps):
        run = "".join(old[i1:i2])
        if is_same and not (0 < place < len(steps) - 1 and not any(c.isalnum() for c in run)):
            close()
            woven.append(("same", run))
        else:
            removed += old[i1:i2]
            added += new[j1:j2]
    close()
    return woven


def _steps(old: list[str], new: list[str], budget: Budget) -> list[tuple[bool, int, int, int, int]]:
    """Return runs that are the same or not, as places in both; the work grows with how often words of one stand in the other."""
    often = Counter(new)
    if budget.allows(1000 + 10 * (len(old) + len(new)) + 4 * sum(often[word] for word in old)):
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        return [(step[0] == "equal", *step[1:]) for step in matcher.get_opcodes()]
    head = next((place for place, both in enumerate(zip(old, new, strict=False)) if both[0] != both[1]), min(len(old), len(new)))
    steps = [(True, 0, head, 0, head), (False, head, len(old), head, len(new))]
    return [step for step in steps if step[1:] != (step[2], step[2], step[4], step[4])]
