"""What a document's styles say: a property is a run's own, else its style's, else its paragraph's, else the document's."""

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from portal.articles.docx.trees import child, is_on, value

MOST_BASES = 20
HEADING = re.compile(r"(?:heading|tiêu đề|đề mục)\s*([1-9])", re.IGNORECASE)
NO_OUTLINE = 9
OLD_FONTS = ((".vn", "tcvn3"), ("vni", "vni"))
"""How the names of fonts begin that draw Vietnamese letters in the place of Western ones (core.old_encodings)."""


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles by their ids, and what holds where none says anything."""

    known: dict[str, Element]
    default: Element | None
    usual: str
    """The id of the style of paragraphs that name none."""
    found: dict[tuple[str, str], Element | None] = field(default_factory=dict)
    """What was asked before."""

    def style_of(self, paragraph: Element) -> str:
        """Return the id of a paragraph's style."""
        return value(paragraph, "w:pPr/w:pStyle") or self.usual

    def name(self, style: str) -> str:
        """Return what a style is called, in small letters."""
        return value(self.known.get(style), "w:name").lower()

    def is_on(self, run: Element, style: str, prop: str) -> bool:
        """Tell whether a property ("b", "i", "caps", "vanish") holds for a run in a paragraph of a style."""
        own = is_on(run, f"w:rPr/w:{prop}")
        for one in (value(run, "w:rPr/w:rStyle"), style):
            own = self._switched(one, prop) if own is None else own
        return bool(own if own is not None else is_on(self.default, f"w:rPrDefault/w:rPr/w:{prop}"))

    def font(self, run: Element, style: str) -> str:
        """Return the name of the font in which a run's letters are drawn, "" where nothing says one."""
        path = "w:rPr/w:rFonts"
        sources = [run, self._saying(value(run, "w:rPr/w:rStyle"), path), self._saying(style, path)]
        fonts = [*(child(source, path) for source in sources), child(self.default, f"w:rPrDefault/{path}")]
        said = (one.get("w:hAnsi") or one.get("w:ascii") for one in fonts if one is not None)
        return next(filter(None, said), "")

    def prop(self, paragraph: Element, style: str, path: str) -> str:
        """Return a value of a paragraph ("w:jc"), or of its style."""
        return value(paragraph, f"w:pPr/{path}") or value(self._saying(style, f"w:pPr/{path}"), f"w:pPr/{path}")

    def outline(self, paragraph: Element, style: str) -> int | None:
        """Return the level of a heading, 1 for the first; None where it is none by its style."""
        said = self.prop(paragraph, style, "w:outlineLvl")
        if said.isdecimal() and int(said) < NO_OUTLINE:
            return int(said) + 1
        named = HEADING.match(self.name(style))
        return int(named[1]) if named else None

    def _switched(self, style: str, prop: str) -> bool | None:
        return is_on(self._saying(style, f"w:rPr/w:{prop}"), f"w:rPr/w:{prop}")

    def _saying(self, style: str, path: str) -> Element | None:
        """Return the style that says something of a property: this one, or one that it is made of."""
        if (style, path) not in self.found:
            self.found[style, path] = self._looked_up(style, path)
        return self.found[style, path]

    def _looked_up(self, style: str, path: str) -> Element | None:
        for _ in range(MOST_BASES):
            found = self.known.get(style)
            if found is None or child(found, path) is not None:
                return found
            style = value(found, "w:basedOn")
        return None


def read(tree: Element | None) -> Styles:
    """Return the styles of a document."""
    rows = [one for one in tree if one.tag == "w:style"] if tree is not None else []
    usual = (one for one in rows if one.get("w:type") == "paragraph" and one.get("w:default") in {"1", "true", "on"})
    known = {one.get("w:styleId", ""): one for one in rows}
    return Styles(known, child(tree, "w:docDefaults"), next((one.get("w:styleId", "") for one in usual), ""))


def old_encoding(font: str) -> str:
    """Return the encoding before Unicode that a font's name tells, "" where it is none."""
    return next((encoding for start, encoding in OLD_FONTS if font.lower().startswith(start)), "")
