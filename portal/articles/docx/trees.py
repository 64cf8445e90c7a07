"""XML of a document as a tree: without declarations of documents or entities, neither too deep nor too large. Pure functions."""

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element, TreeBuilder, tostring
from xml.parsers import expat

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = {
    "http://purl.oclc.org/ooxml/wordprocessingml/main": WORD,
    "http://purl.oclc.org/ooxml/officeDocument/relationships": LINKS,
    "http://purl.oclc.org/ooxml/officeDocument/math": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "http://purl.oclc.org/ooxml/drawingml/main": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "http://purl.oclc.org/ooxml/drawingml/chart": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "http://purl.oclc.org/ooxml/drawingml/diagram": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
    "http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing": (
        "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
    ),
}
"""ISO 29500 has other names for the same in its strict form."""
PREFIXES = {
    WORD: "w",
    LINKS: "r",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
    "http://schemas.openxmlformats.org/drawingml/2006/main": "a",
    "http://schemas.openxmlformats.org/drawingml/2006/chart": "c",
    "http://schemas.openxmlformats.org/drawingml/2006/diagram": "dgm",
    "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing": "wp",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "urn:schemas-microsoft-com:vml": "v",
    "urn:schemas-microsoft-com:office:office": "o",
}
"""In our trees names are written "w:p", whatever prefixes a file has; names of all other spaces keep none."""

DEEPEST = 150
MOST_ELEMENTS = 250_000
"""Ten times those of a plan of 50 pages with 20 tables."""


class _Builder:
    """Handlers of expat that build a tree and keep count."""

    def __init__(self) -> None:
        self.tree = TreeBuilder()
        self._depth = self._number = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._number += 1
        if self._depth > DEEPEST or self._number > MOST_ELEMENTS:
            raise ValueError("huge")
        kept = {_short(key): value for key, value in attributes.items() if "}rsid" not in key}
        self.tree.start(_short(name), kept)

    def end(self, name: str) -> None:
        self._depth -= 1
        self.tree.end(_short(name))

    def refuse(self, *_declared: object) -> None:
        raise ValueError("doctype")


def parsed(content: bytes) -> Element:
    """Return the root of a part. Raises ValueError with "doctype", "huge" or "broken"."""
    if content.count(b"<") > 2 * MOST_ELEMENTS:
        raise ValueError("huge")
    builder, parser = _Builder(), expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = builder.start, builder.end
    parser.CharacterDataHandler = builder.tree.data
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = builder.refuse
    try:
        parser.Parse(content, True)
        return builder.tree.close()
    except (expat.ExpatError, LookupError, AssertionError) as error:
        raise ValueError("broken") from error


def written(root: Element) -> bytes:
    """Return a tree with our names as a file."""
    for prefix in ("w", "r"):
        root.set(f"xmlns:{prefix}", next(uri for uri, short in PREFIXES.items() if short == prefix))
    content: bytes = tostring(root, "utf-8", xml_declaration=True)
    return content


def value(element: Element | None, path: str, name: str = "w:val") -> str:
    """Return an attribute of a child, "" where either is not there."""
    found = child(element, path)
    return found.get(name, "") if found is not None else ""


def child(element: Element | None, path: str) -> Element | None:
    """Return what stands at a path of names ("w:pPr/w:numPr") below an element."""
    for name in path.split("/"):
        element = next((one for one in element if one.tag == name), None) if element is not None else None
    return element


def is_on(element: Element | None, path: str) -> bool | None:
    """Tell whether a property is switched on or off; None where nothing is said of it."""
    found = child(element, path)
    return None if found is None else found.get("w:val", "1") not in {"0", "false", "off", "none"}


def new(name: str, children: Iterable[Element] = (), text: str = "", **attributes: str) -> Element:
    """Return an element of Word's with attributes of Word's."""
    made = Element(f"w:{name}", {f"w:{key}": said for key, said in attributes.items()})
    made.text = text or None
    made.extend(list(children))  # what a generator raises would be told as a wrong type
    return made


def within(element: Element, *names: str) -> Iterator[Element]:
    """Yield the elements of some names below one, in order."""
    return (one for one in element.iter() if one.tag in names)


def _short(name: str) -> str:
    uri, _, local = name.rpartition("}")
    prefix = PREFIXES.get(STRICT.get(uri, uri))
    return f"{prefix}:{local}" if prefix else local
