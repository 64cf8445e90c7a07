"""A body as blocks: paragraphs with what one sees of them, and tables of such paragraphs."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from portal.articles.docx import changes, objects, symbols, trees
from portal.articles.docx.numbering import Mark, Numbering
from portal.articles.docx.objects import Drawn
from portal.articles.docx.styles import Styles, old_encoding
from portal.articles.docx.trees import child, new, value, within

CONTENTS = re.compile(r"toc (?:\d|heading)")
SPACES, LINES = re.compile(r"[^\S\n]+"), re.compile(r"\n{2,}")
MARKS = "".join(chr(code) for code in range(0x300, 0x20000) if unicodedata.combining(chr(code)))
ACCENTED = re.compile(f"[{MARKS}]{{500}}")
"""Marks on one letter are put in order one by one: a hundred thousand of them take minutes."""
LONGEST = 500_000
"""Characters of one paragraph: two hundred pages."""
MOST_ELEMENTS = 30_000
"""Runs, lines and texts of one paragraph: more lines than a book has."""
MOST_SPAN = 100


@dataclass(slots=True)
class Paragraph:
    """A paragraph: its runs, and how it looks."""

    element: Element
    style: str
    text: str
    """As it is read, a line for each line, without the number that Word shows before it."""
    mark: Mark | None = None
    outline: int | None = None
    is_bold: bool = False
    is_italic: bool = False
    is_centred: bool = False
    is_caption: bool = False
    is_lead: bool = False
    pictures: list[Drawn] = field(default_factory=list)
    role: str = "p"
    """What it becomes: "p", "h2" to "h4", "note", "figure", "figcaption"."""

    @property
    def is_capital(self) -> bool:
        return self.text.upper() == self.text != self.text.lower()

    @property
    def said(self) -> str:
        """The number and the text, as one line."""
        return " ".join(filter(None, [self.mark.text if self.mark and not self.mark.is_bullet else "", *self.text.split()]))


@dataclass(slots=True)
class Cell:
    """A cell: its blocks are paragraphs alone, and those of tables that stood in it."""

    blocks: list[Paragraph]
    span: int
    merged: str
    """"restart" or "continue" where it is one with those below or above it, "" for one of its own."""

    @property
    def lines(self) -> list[Paragraph]:
        return [one for one in self.blocks if one.text.strip()]


@dataclass(slots=True)
class Row:
    """A row of a table."""

    cells: list[Cell]
    is_head: bool


@dataclass(slots=True)
class Table:
    """A table."""

    rows: list[Row]

    @property
    def text(self) -> str:
        return "\n".join(line.text for row in self.rows for cell in row.cells for line in cell.lines)


Block = Paragraph | Table


@dataclass(slots=True)
class Reader:
    """What is known of the document while its blocks are read in order, and what could not be carried."""

    styles: Styles
    numbering: Numbering
    left: Counter[str] = field(default_factory=Counter)

    def blocks(self, elements: Iterable[Element]) -> list[Block]:
        """Return the blocks of a body, a note or a text box that is settled already."""
        return [block for one in elements for block in self._blocks(one)]

    def _blocks(self, one: Element) -> Iterator[Block]:
        if one.tag == "w:tbl":
            yield self._table(one)
        elif one.tag == "w:p":
            yield from self._paragraphs(one)

    def _paragraphs(self, one: Element) -> Iterator[Block]:
        """Yield a paragraph, and after it what stood in its text boxes."""
        style = self.styles.style_of(one)
        if CONTENTS.match(self.styles.name(style)):
            self.left["contents"] = 1
            return
        if sum(1 for _ in one.iter()) > MOST_ELEMENTS:
            raise ValueError("huge")
        out = objects.take_out(one, self.left)
        runs = self._seen_runs(one, style)
        yield self._paragraph(one, style, runs, out.pictures)
        yield from self.blocks(out.boxes)

    def _seen_runs(self, paragraph: Element, style: str) -> list[Element]:
        """Take away hidden runs, give the others what their styles say, and return those with text."""
        seen = []
        for holder in list(paragraph.iter()):
            if any(one.tag == "w:r" for one in holder):
                hidden = {one for one in holder if one.tag == "w:r" and self.styles.is_on(one, style, "vanish")}
                self.left["hidden"] += sum(map(_has_text, hidden))
                holder[:] = [one for one in holder if one not in hidden]
                seen += [one for one in holder if one.tag == "w:r" and self._dress(one, style)]
        return seen

    def _dress(self, run: Element, style: str) -> bool:
        """Give a run, as its own, its looks and its signs in Unicode; tell whether it has text."""
        font = self.styles.font(run, style)
        symbols.write_out(run, font, self.left)
        has_text = _has_text(run)
        encoding = old_encoding(font)
        self.left[encoding] += bool(encoding) and has_text
        _dress(run, self.styles, style)
        return has_text

    def _paragraph(self, one: Element, style: str, runs: list[Element], pictures: list[Drawn]) -> Paragraph:
        name, styles = self.styles.name(style), self.styles
        return Paragraph(
            element=one,
            style=name,
            text=text_of(one),
            mark=self._mark(one, style),
            outline=styles.outline(one, style),
            is_bold=bool(runs) and all(child(run, "w:rPr/w:b") is not None for run in runs),
            is_italic=bool(runs) and all(child(run, "w:rPr/w:i") is not None for run in runs),
            is_centred=styles.prop(one, style, "w:jc") == "center",
            is_caption=name in {"caption", "chú thích ảnh"},
            is_lead=name in {"subtitle", "phụ đề", "sapo"},
            pictures=pictures,
        )

    def _mark(self, one: Element, style: str) -> Mark | None:
        number = self.styles.prop(one, style, "w:numPr/w:numId")
        level = self.styles.prop(one, style, "w:numPr/w:ilvl")
        if not text_of(one).strip() and child(one, "w:pPr/w:numPr") is None:
            return None
        return self.numbering.mark(number, int(level) if level.isdecimal() and len(level) == 1 else 0)

    def _table(self, one: Element) -> Table:
        rows = [self._row(row) for row in one if row.tag == "w:tr"]
        first = rows[0] if rows else None
        if first is not None and len(rows) > 1 and not any(row.is_head for row in rows):
            lines = [line for cell in first.cells for line in cell.lines]
            is_full = sum(bool(cell.lines) for cell in first.cells) > 1
            first.is_head = is_full and all(line.is_bold and len(line.text) < 200 for line in lines)
        return Table(rows)

    def _row(self, row: Element) -> Row:
        cells = [self._cell(cell) for cell in row if cell.tag == "w:tc"]
        before = _span(value(row, "w:trPr/w:gridBefore"))
        cells[:0] = [Cell([], before, "")] if before else []
        return Row(cells, is_head=bool(trees.is_on(row, "w:trPr/w:tblHeader")))

    def _cell(self, cell: Element) -> Cell:
        merged = child(cell, "w:tcPr/w:vMerge")
        said = "" if merged is None else merged.get("w:val") or "continue"
        return Cell(list(self._flat(self.blocks(cell))), max(1, _span(value(cell, "w:tcPr/w:gridSpan"))), said)

    def _flat(self, some: list[Block]) -> Iterator[Paragraph]:
        """Yield the paragraphs of a cell; those of a table in it one after the other."""
        for block in some:
            if isinstance(block, Table):
                self.left["nested"] += 1
                yield from (line for row in block.rows for inner in row.cells for line in inner.blocks)
            else:
                yield block


def _span(said: str) -> int:
    return min(MOST_SPAN, int(said)) if said.isdecimal() and len(said) < 4 else 0


def settled(element: Element, left: Counter[str]) -> Element:
    """Return an element whose text stands as it is read."""
    changes.settle(element, left)
    return element


def text_of(paragraph: Element) -> str:
    """Return a paragraph's text in NFC: a line for each line, one space for spaces and tabs. Raises ValueError with "huge"."""
    parts = []
    for one in paragraph.iter():
        if one.tag == "w:t":
            parts.append(one.text or "")
        elif one.tag in {"w:br", "w:cr"} and one.get("w:type", "textWrapping") == "textWrapping":
            parts.append("\n")
        elif one.tag in {"w:tab", "w:ptab"}:
            parts.append(" ")
        elif one.tag == "w:noBreakHyphen":
            parts.append("-")
    text = "".join(parts)
    if len(text) > LONGEST or ACCENTED.search(text):
        raise ValueError("huge")
    return LINES.sub("\n", SPACES.sub(" ", unicodedata.normalize("NFC", text))).strip()


def _space(found: re.Match[str]) -> str:
    """Return one space for several; one alone may be a space that does not break."""
    return found[0] if len(found[0]) == 1 else " "


def _has_text(run: Element) -> bool:
    return any((one.text or "").strip() for one in within(run, "w:t"))


def _dress(run: Element, styles: Styles, style: str) -> None:
    """Give a run, as its own, what is carried of its looks; capitals that are only drawn become letters."""
    kept = [new(prop) for prop in ("b", "i", "strike") if styles.is_on(run, style, prop)]
    kept += [new("u", val="single")] if styles.is_on(run, style, "u") else []
    raised = value(run, "w:rPr/w:vertAlign")
    kept += [new("vertAlign", val=raised)] if raised in {"superscript", "subscript"} else []
    is_capital = styles.is_on(run, style, "caps")
    for text in within(run, "w:t"):
        said = SPACES.sub(_space, text.text or "")
        text.text = said.upper() if is_capital else said
    run[:] = [new("rPr", kept), *(one for one in run if one.tag != "w:rPr")]
