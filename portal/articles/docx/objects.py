"""What stands in a paragraph and is no text: pictures are taken out of it, text boxes put behind it, all else is counted."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from portal.articles.docx.trees import within

DRAWN = {"w:drawing", "w:pict", "w:object"}
EQUATIONS = {"m:oMath", "m:oMathPara"}
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
    for holder in list(drawn.iter()):
        for box in [one for one in holder if one.tag == "w:txbxContent"]:
            holder.remove(box)
            if any((text.text or "").strip() for text in within(box, "w:t")):
                left["boxes"] += 1
            found.boxes.extend(box)
    names = {one.tag for one in drawn.iter()}
    if drawn.tag == "w:object":
        left["objects"] += 1
    elif names & CHARTS:
        left["charts"] += 1
    elif "dgm:relIds" in names:
        left["diagrams"] += 1
    else:
        found.pictures += _pictures(drawn, left)


def _pictures(drawn: Element, left: Counter[str]) -> Iterator[Drawn]:
    alt = next(filter(None, (one.get("descr") or one.get("alt") for one in drawn.iter())), "")
    for one in within(drawn, "a:blip", "v:imagedata"):
        link = one.get("r:embed") or one.get("r:id")
        if link:
            yield Drawn(link, alt)
        elif one.get("r:link") or one.get("r:href"):
            left["outside"] += 1
    left["crops"] += any(set(one.attrib.values()) - {"0"} for one in within(drawn, "a:srcRect"))
