"""Footnotes and endnotes: a number in square brackets where one stands, its text at the end of the article."""

from collections import Counter
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from portal.articles.docx.blocks import Block, Paragraph, Reader, settled
from portal.articles.docx.trees import child, new, within

REFERENCES = {"w:footnoteReference": "w:footnote", "w:endnoteReference": "w:endnote"}


@dataclass(slots=True)
class Notes:
    """The notes of a document by kind and id, and those that were met, in the order of the text, with their numbers."""

    known: dict[tuple[str, str], Element]
    met: dict[tuple[str, str], int] = field(default_factory=dict)

    def number(self, root: Element) -> None:
        """Put each note's number in the place of its reference; one that is referred to again keeps its number."""
        for run in root.iter("w:r"):
            if any(one.tag in REFERENCES for one in run):
                run[:] = [kept for one in run for kept in self._numbered(one)]
                _raise(run)

    def _numbered(self, one: Element) -> list[Element]:
        if one.tag not in REFERENCES:
            return [one]
        key = REFERENCES[one.tag], one.get("w:id", "")
        return [new("t", text=f"[{self.met.setdefault(key, len(self.met) + 1)}]")] if key in self.known else []

    def blocks(self, reader: Reader) -> list[Block]:
        """Return the texts of the notes that were met, each with its number."""
        found = list[Block]()
        for key, number in self.met.items():
            some = reader.blocks(settled(self.known[key], reader.left))
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
    """Tell whether heads or feet of pages show anything but the pages' numbers: words, or a picture."""
    settled_trees = [settled(tree, left) for tree in trees]
    texts = ("".join(one.text or "" for one in tree.iter("w:t")) for tree in settled_trees)
    has_picture = any(True for tree in settled_trees for _ in within(tree, "a:blip", "v:imagedata"))
    return has_picture or any(any(letter.isalpha() for letter in text) for text in texts)


def _raise(run: Element) -> None:
    """Write a run above the line."""
    if child(run, "w:rPr") is None:
        run.insert(0, new("rPr"))
    properties = child(run, "w:rPr")
    if properties is not None and child(properties, "w:vertAlign") is None:
        properties.append(new("vertAlign", val="superscript"))
