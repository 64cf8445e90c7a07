"""A body as the leanest document that mammoth reads, and the style map that says what each of its paragraphs becomes."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from portal.articles.docx import headings, trees
from portal.articles.docx.blocks import Block, Paragraph, Row, Table
from portal.articles.docx.lists import Lists
from portal.articles.docx.package import Link
from portal.articles.docx.pictures import Pictures
from portal.articles.docx.trees import new, within

SAFE = re.compile(r"(?:https?://[^\s/\\?#]|mailto:\S|tel:[+(0-9]).*", re.IGNORECASE | re.DOTALL)
RUN = {"w:t", "w:tab", "w:br", "w:noBreakHyphen", "w:softHyphen", "w:fldChar", "w:instrText", "w:rPr"}
"""What of a run is written."""
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
CAPTION = "figure > figcaption:fresh"
BREAKS = {"page", "column"}


@dataclass(slots=True)
class Writer:
    """What is known while a body is written."""

    links: dict[str, Link]
    lists: Lists
    pictures: Pictures
    left: Counter[str]
    styles: dict[str, str] = field(default_factory=dict)
    """By what a paragraph becomes, as a style map says it: the id of its style."""
    body: Element = field(default_factory=lambda: new("body"))

    def write(self, blocks: list[Block]) -> None:
        """Write blocks one after the other."""
        before: Paragraph | None = None
        for one in blocks:
            if isinstance(one, Table):
                self.lists.open.clear()
                self.body.append(self._table(one))
            elif isinstance(before, Paragraph) and headings.goes_on(before, one):
                self._join(one)
            else:
                self.body.extend(list(self._paragraphs(one, before)))
            before = one if isinstance(one, Paragraph) else None

    def document(self) -> bytes:
        """Return the document."""
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            archive.writestr("word/document.xml", trees.written(new("document", [self.body])))
            archive.writestr("word/_rels/document.xml.rels", self._relations())
        made.seek(0)
        return made.getvalue()

    def style_map(self) -> str:
        """Return what each style of the document becomes."""
        return "\n".join(["u => u", *(f"p.{name} => {path}" for path, name in self.styles.items())])

    def _paragraphs(self, one: Paragraph, before: Paragraph | None) -> Iterator[Element]:
        """Yield a paragraph without its pictures, then each picture by itself."""
        is_below = before is not None and bool(before.pictures) and not before.text
        if one.text:
            is_caption = one.is_caption and is_below and one.role == "p"
            yield self._paragraph(one, CAPTION if is_caption else self._path(one), is_plain=is_caption)
        for drawn in one.pictures:
            number = self.pictures.keep(drawn)
            if number is not None:
                self.lists.open.clear()
                yield self._styled("figure:fresh", [new("r", [new("t", text=str(number))])])

    def _path(self, one: Paragraph) -> str:
        listed = self.lists.path(one)
        return listed or (f"{one.role}:fresh" if one.role != "note" else "p.note:fresh")

    def _paragraph(self, one: Paragraph, path: str, *, is_plain: bool = False) -> Element:
        is_heading = one.role in headings.LEVELS
        runs = self._runs(one.element, is_bold=not (is_heading or is_plain))
        if one.mark is not None and not path.endswith("li:fresh"):
            bold = [new("b")] if one.is_bold and not (is_heading or is_plain) else []
            runs.insert(0, new("r", [new("rPr", bold), new("t", text=f"{one.mark.text} ")]))
        return self._styled(path, runs)

    def _join(self, one: Paragraph) -> None:
        """Write the name of a chapter below its number, in one heading."""
        self.body[-1].extend([new("r", [new("br")]), *self._runs(one.element, is_bold=False)])

    def _styled(self, path: str, runs: Iterable[Element]) -> Element:
        name = self.styles.setdefault(path, f"S{len(self.styles)}")
        return new("p", [new("pPr", [new("pStyle", val=name)]), *runs])

    def _runs(self, element: Element, *, is_bold: bool) -> list[Element]:
        return [kept for one in element for kept in self._run(one, is_bold=is_bold)]

    def _run(self, one: Element, *, is_bold: bool) -> Iterator[Element]:
        """Yield a run, or a link, as it is carried; of all else what stands in it."""
        if one.tag == "w:r":
            one[:] = [kept for kept in one if kept.tag in RUN and kept.get("w:type") not in BREAKS]
            for properties in within(one, "w:rPr"):
                properties[:] = [kept for kept in properties if is_bold or kept.tag != "w:b"]
            yield one
        elif one.tag == "w:hyperlink":
            one[:] = self._runs(one, is_bold=is_bold)
            yield from [one] if self._leads(one) else list(one)
        elif one.tag == "w:fldSimple":
            yield from _field(one.get("w:instr", ""), self._runs(one, is_bold=is_bold))
        elif one.tag not in {"w:pPr", "w:rPr"}:
            yield from self._runs(one, is_bold=is_bold)

    def _leads(self, one: Element) -> bool:
        """Tell whether a link leads where one of ours may; a place within the document is none."""
        link = self.links.get(one.get("r:id", ""))
        is_safe = link is not None and link.is_outside and SAFE.fullmatch(link.target) is not None
        self.left["links"] += link is not None and not is_safe
        one.attrib = {"r:id": one.get("r:id", "")} if is_safe else {}
        return is_safe

    def _table(self, table: Table) -> Element:
        return new("tbl", [self._row(row) for row in table.rows])

    def _row(self, row: Row) -> Element:
        made = new("tr", [new("trPr", [new("tblHeader")])] if row.is_head else [])
        for cell in row.cells:
            looks = [new("gridSpan", val=str(cell.span))] if cell.span > 1 else []
            looks += [new("vMerge", val=cell.merged)] if cell.merged else []
            made.append(new("tc", [new("tcPr", looks), *self._in_cell(cell.blocks, is_head=row.is_head)]))
        return made

    def _in_cell(self, blocks: list[Paragraph], *, is_head: bool) -> Iterator[Element]:
        for one in blocks:
            self.lists.open.clear()
            if one.text or one.mark:
                is_item = one.mark is not None and one.mark.is_bullet
                yield self._paragraph(one, (self.lists.path(one) if is_item else "") or "p:fresh", is_plain=is_head)
            for drawn in one.pictures:
                number = self.pictures.keep(drawn)
                if number is not None:
                    yield self._styled("figure:fresh", [new("r", [new("t", text=str(number))])])
        self.lists.open.clear()

    def _relations(self) -> bytes:
        root = Element("Relationships", {"xmlns": RELATIONS})
        for name in sorted({one.get("r:id", "") for one in within(self.body, "w:hyperlink")}):
            said = {"Id": name, "Type": LINK, "Target": self.links[name].target, "TargetMode": "External"}
            root.append(Element("Relationship", said))
        return trees.written(root)


def _field(instruction: str, shown: list[Element]) -> list[Element]:
    """Return a simple field in the longer way in which mammoth reads links."""
    begin, separate, end = (new("r", [new("fldChar", fldCharType=kind)]) for kind in ("begin", "separate", "end"))
    return [begin, new("r", [new("instrText", text=instruction)]), separate, *shown, end]
