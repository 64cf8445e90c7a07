"""The text as it stands: tracked changes taken as accepted, one of each pair of alternatives, wrappers taken away."""

from collections import Counter
from xml.etree.ElementTree import Element

from portal.articles.docx.trees import child, value, within

AROUND = {"w:ins", "w:moveTo", "w:smartTag", "w:customXml", "w:dir", "w:bdo", "w:sdtContent", "w:ruby", "w:rubyBase"}
"""What holds text and says nothing of it."""
GONE = {
    "w:del", "w:moveFrom", "w:rPrChange", "w:pPrChange", "w:tblPrChange", "w:trPrChange", "w:tcPrChange", "w:sectPrChange",
    "w:numberingChange", "w:bookmarkStart", "w:bookmarkEnd", "w:proofErr", "w:permStart", "w:permEnd", "w:commentRangeStart",
    "w:commentRangeEnd", "w:annotationRef", "w:footnoteRef", "w:endnoteRef", "w:lastRenderedPageBreak", "w:sdtPr", "w:sdtEndPr",
    "w:rt", "w:rubyPr", "w:altChunk", "w:subDoc", "w:commentReference",
}  # fmt: skip
TOLD = {
    "w:ins": "insertions",
    "w:moveTo": "moves",
    "w:del": "deletions",
    "w:altChunk": "objects",
    "w:subDoc": "objects",
    "w:commentReference": "comments",
}


def settle(element: Element, left: Counter[str]) -> None:
    """Bring what stands below an element into the form in which it is read, and count what that meant."""
    element[:] = [kept for one in element for kept in _settled(one, left)]
    _join_paragraphs(element, left)


def _settled(one: Element, left: Counter[str]) -> list[Element]:
    if one.tag in TOLD and (one.tag != "w:ins" or len(one)):  # an empty one marks a paragraph's end as new
        left[TOLD[one.tag]] += 1
    if one.tag in GONE or _is_deleted_row(one, left):
        return []
    if one.tag == "w:sdt":
        if value(one, "w:sdtPr/w:docPartObj/w:docPartGallery") == "Table of Contents":
            left["contents"] += 1
            return []
        inner = child(one, "w:sdtContent")
        one = inner if inner is not None else Element("w:sdtContent")
    if one.tag == "mc:AlternateContent":
        return [kept for found in _alternative(one) for kept in _settled(found, left)]
    if one.tag != "w:pPr":  # its own marks of change are looked at where paragraphs are joined
        settle(one, left)
    return list(one) if one.tag in AROUND else [one]


def _alternative(one: Element) -> list[Element]:
    """Return what Word would draw where that is a drawing, else what programs that know less are offered."""
    choice, fallback = child(one, "mc:Choice"), child(one, "mc:Fallback")
    if choice is not None and (fallback is None or not len(fallback) or any(True for _ in within(choice, "w:drawing"))):
        return list(choice)
    return list(fallback) if fallback is not None else []


def _is_deleted_row(one: Element, left: Counter[str]) -> bool:
    is_gone = one.tag == "w:tr" and child(one, "w:trPr/w:del") is not None
    left["deletions"] += is_gone
    return is_gone


def _join_paragraphs(element: Element, left: Counter[str]) -> None:
    """Join a paragraph whose end was deleted with the next one."""
    kept, before = list[Element](), list[Element]()
    for one in element:
        mark = child(one, "w:pPr/w:rPr") if one.tag == "w:p" else None
        if mark is not None and (child(mark, "w:del") is not None or child(mark, "w:moveFrom") is not None):
            left["deletions"] += 1
            before += [run for run in one if run.tag != "w:pPr"]
        else:
            if one.tag == "w:p" and before:
                place = 1 if child(one, "w:pPr") is not None else 0
                one[place:place], before = before, []
            kept.append(one)
    if before:
        kept.append(_paragraph(before))
    element[:] = kept


def _paragraph(runs: list[Element]) -> Element:
    made = Element("w:p")
    made.extend(runs)
    return made
