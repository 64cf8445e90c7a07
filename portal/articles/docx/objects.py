"""What stands in a paragraph and is no text: pictures are taken out of it, text boxes put behind it, all else is counted."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from portal.articles.docx.trees import new, within

DRAWN = {"w:drawing", "w:pict", "w:object"}
EQUATIONS = {"m:oMath", "m:oMathPara"}
SEEN_CUT = 1_000
"""How much of a picture is cut off where anybody sees it, in thousandths of a percent; programs write less by rounding."""
CHARTS = {"c:chart", "chart"}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture as the document names it: the id of its part, and the words that its author gave it."""

    link: str
    alt: str


@dataclass(slots=True)
class TakenOut:
    """What was taken out of a paragraph."""

    pictures: list[Drawn] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    """The paragraphs and tables of text boxes."""


def take_out(paragraph: Element, left: Counter[str]) -> TakenOut:
    """Take all that is drawn out of a paragraph, and count what cannot be carried."""
    found = TakenOut()
    _take_out(paragraph, found, left)
    return found


def _take_out(element: Element, found: TakenOut, left: Counter[str]) -> None:
    kept = list[Element]()
    for one in element:
        if one.tag in DRAWN:
            _look_at(one, found, left)
        elif one.tag in EQUATIONS:
            left["equations"] += 1
        else:
            _take_out(one, found, left)
            kept.append(one)
    element[:] = kept


def _look_at(drawn: Element, found: TakenOut, left: Counter[str]) -> None:
    boxes = list(_boxes(drawn))
    left["boxes"] += sum(any((text.text or "").strip() for text in within(box, "w:t")) for box in boxes)
    found.boxes += [one for box in boxes for one in box]
    names = {one.tag for one in drawn.iter()}
    if drawn.tag == "w:object":
        left["objects"] += 1
    elif names & CHARTS:
        left["charts"] += 1
    elif "dgm:relIds" in names:
        left["diagrams"] += 1
    else:
        pictures, art = list(_pictures(drawn, left)), list(_art(drawn))
        found.pictures += pictures
        found.boxes += art
        left["boxes"] += len(art)
        left["shapes"] += not (pictures or art or boxes or "r:link" in _attributes(drawn) or _is_line(drawn))


def _boxes(element: Element) -> Iterator[Element]:
    """Take the text boxes out of a drawing; what is drawn in a box is looked at with its paragraphs."""
    for one in list(element):
        if one.tag == "w:txbxContent":
            element.remove(one)
            yield one
        else:
            yield from _boxes(one)


def _pictures(drawn: Element, left: Counter[str]) -> Iterator[Drawn]:
    alt = next(filter(None, (one.get("descr") or one.get("alt") for one in drawn.iter())), "")
    for one in within(drawn, "a:blip", "v:imagedata"):
        link = one.get("r:embed") or one.get("r:id")
        if link:
            yield Drawn(link, alt)
        elif one.get("r:link") or one.get("r:href"):
            left["outside"] += 1
    cuts = (said.removeprefix("-") for one in within(drawn, "a:srcRect") for said in one.attrib.values())
    left["crops"] += any(said.isdecimal() and int(said) >= SEEN_CUT for said in cuts)


def _art(drawn: Element) -> Iterator[Element]:
    """Yield the words of old WordArt, each as a paragraph."""
    for one in within(drawn, "v:textpath"):
        if said := one.get("string", "").strip():
            yield new("p", [new("r", [new("t", text=said)])])


def _is_line(drawn: Element) -> bool:
    """Tell whether a drawing is a line alone, as under the name of the state."""
    names = {one.tag for one in drawn.iter()}
    shapes = {one.get("prst", "") for one in within(drawn, "a:prstGeom")}
    is_rule = bool({"o:hr", "o:connectortype"} & _attributes(drawn)) or "v:line" in names
    return is_rule or (bool(shapes) and all(one == "line" or "Connector" in one for one in shapes))


def _attributes(drawn: Element) -> set[str]:
    return {name for one in drawn.iter() for name in one.attrib}
