"""Lists: those whose numbers HTML shows as Word does become lists, the others keep their numbers as text."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from portal.articles.docx.blocks import Block, Paragraph, Table
from portal.articles.docx.numbering import DASHES, Mark


@dataclass(frozen=True, slots=True)
class Open:
    """A list that is open: the level of its marks, and its element as a style map writes it."""

    level: int
    list_key: str
    element: str


@dataclass(slots=True)
class Lists:
    """Which lists are open while paragraphs are written in order."""

    spoken: frozenset[str]
    """Keys of lists whose numbers stay text."""
    open: list[Open] = field(default_factory=list)

    def path(self, one: Paragraph) -> str:
        """Return where an item stands ("ol[start='3'] > li > ul:fresh > li:fresh"), "" for what is no item."""
        mark = one.mark
        if mark is None or one.role != "p" or not self.is_item(mark):
            self.open.clear()
            return ""
        while self.open and self.open[-1].level > mark.level:
            self.open.pop()
        last = self.open[-1] if self.open else None
        goes_on = last is not None and last.level == mark.level and last.element.startswith("ul") == mark.is_bullet
        if goes_on and last is not None and last.list_key == mark.list_key:
            return " > li > ".join(one.element for one in self.open) + " > li:fresh"
        if last is not None and last.level == mark.level:
            self.open.pop()
        self.open.append(Open(mark.level, mark.list_key, _element(mark)))
        return " > li > ".join(one.element for one in self.open) + ":fresh > li:fresh"

    def is_item(self, mark: Mark) -> bool:
        """Tell whether what stands before a paragraph is shown by a list of HTML; a dash below "a)" stays one."""
        is_spoken = mark.list_key in self.spoken
        return not (is_spoken and mark.text in DASHES) if mark.is_bullet else bool(mark.type) and not is_spoken


def read(blocks: Iterable[Block]) -> Lists:
    """Return the lists of a body: a list of which one level cannot be shown keeps all its numbers as text."""
    marks = [one.mark for one in _paragraphs(blocks) if one.mark is not None]
    return Lists(frozenset(mark.list_key for mark in marks if not mark.is_bullet and not mark.type))


def _paragraphs(blocks: Iterable[Block]) -> Iterator[Paragraph]:
    for block in blocks:
        if isinstance(block, Table):
            yield from (one for row in block.rows for cell in row.cells for one in cell.blocks)
        else:
            yield block


def _element(mark: Mark) -> str:
    if mark.is_bullet:
        return "ul"
    kind = f"[type='{mark.type}']" if mark.type != "1" else ""
    return f"ol{kind}" + (f"[start='{mark.number}']" if mark.number != 1 else "")
