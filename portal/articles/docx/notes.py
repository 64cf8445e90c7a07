"""Footnotes and endnotes: a number in square brackets where one stands, its text at the end of the article."""

from collections import Counter
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from portal.articles.docx.blocks import Block, Paragraph, Reader, settled
from portal.articles.docx.trees import child, new

REFERENCES = {"w:footnoteReference": "w:footnote", "w:endnoteReference": "w:endnote"}


@dataclass(slots=True)
class Notes:
    """The notes of a document by kind and id, and those that were met, in the order of the text."""

    known: dict[tuple[str, str], Element]
    met: list[Element] = field(default_factory=list)

    def number(self, root: Element) -> None:
        """Put each note's number in the place of its reference."""
        for run in list(root.iter("w:r")):
            for one in [one for one in run if one.tag in REFERENCES]:
                note = self.known.get((REFERENCES[one.tag], one.get("w:id", "")))
                place = list(run).index(one)
                run.remove(one)
                if note is not None:
                    self.met.append(note)
                    run.insert(place, new("t", text=f"[{len(self.met)}]"))
                    _raise(run)

    def blocks(self, reader: Reader) -> list[Block]:
        """Return the texts of the notes that were met, each with its number."""
        found = list[Block]()
        for number, note in enumerate(self.met, 1):
            some = reader.blocks(settled(note, reader.left))
            first = next((one for one in some if isinstance(one, Paragraph)), None)
            if first is not None:
                first.element.insert(0, new("r", [new("t", text=f"[{number}] ")]))
                first.text = f"[{number}] {first.text}"
            for one in some:
                if isinstance(one, Paragraph):
                    one.role, one.mark = "note", None
            found += some
        return found


def read(*trees: Element | None) -> Notes:
    """Return the notes of a document's parts of notes."""
    rows = [one for tree in trees if tree is not None for one in tree]
    return Notes({(one.tag, one.get("w:id", "")): one for one in rows if one.get("w:type", "normal") == "normal"})


def around(trees: list[Element], left: Counter[str]) -> bool:
    """Tell whether heads or feet of pages say anything but the pages' numbers."""
    texts = ("".join(one.text or "" for one in settled(tree, left).iter("w:t")) for tree in trees)
    return any(any(letter.isalpha() for letter in text) for text in texts)


def _raise(run: Element) -> None:
    """Write a run above the line."""
    if child(run, "w:rPr") is None:
        run.insert(0, new("rPr"))
    properties = child(run, "w:rPr")
    if properties is not None and child(properties, "w:vertAlign") is None:
        properties.append(new("vertAlign", val="superscript"))
