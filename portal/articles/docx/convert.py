"""The work: a file becomes title, lead, body, pictures, what its first page proposes, and a count of what was left."""

import io
import re
from html import unescape
from pathlib import Path
from typing import Any

import mammoth

from portal.articles.docx import blocks, headings, letterhead, lists, notes, numbering, opening, package, styles, writing
from portal.articles.docx.package import Package
from portal.articles.docx.pictures import Pictures

LONGEST = 2_000_000
"""Characters of HTML; an article holds no more (articles.content)."""
SPACES = re.compile(r"[ \t]{2,}|\t")
ENDS = re.compile(r" +(</(?:p|h[2-4]|li|t[dh]|figcaption)>|<br />)")
ALONE = re.compile(r"<(t[dh]|li)((?: [a-z]+=\"[^\"]*\")*)><p>((?:(?!</?(?:p|table|figure|ul|ol)\b).)*)</p></\1>", re.DOTALL)
BOXES = (('<input type="checkbox" checked="checked" />', "☒"), ('<input type="checkbox" />', "☐"))
NOTE = '<p class="note">'
ADDRESS = re.compile('href="([^#"][^"]*|)"')
"""Where links lead; a place within the document has no address."""
PARTS, MOST_PARTS = {"header", "footer"}, 12


def convert(task: dict[str, str]) -> dict[str, Any]:
    """Do the work of `read`; what breaks on a document that nobody foresaw is the document's fault, and told with the mistake."""
    try:
        return read(task)
    except (LookupError, TypeError, AttributeError, ArithmeticError, RuntimeError, NotImplementedError) as error:
        raise ValueError(f"broken: {error!r}") from error


def read(task: dict[str, str]) -> dict[str, Any]:
    """Read the document at task["source"], and write its pictures into the folder task["into"], called "0", "1" …

    Return {"title", "lead", "html", "pictures": [{"alt", "width", "height"}, …], "proposals": {…}, "left": {"comments": 3, …}}.
    In the HTML picture 0 stands as "<figure>0". Raises ValueError with one of package.WORDS.
    """
    source = package.opened(Path(task["source"]))
    root = source.tree(source.main)
    body = next((one for one in root if one.tag == "w:body"), None) if root is not None else None
    if body is None:
        raise ValueError("broken")
    reader = blocks.Reader(styles.read(source.part("styles")), numbering.read(source.part("numbering")))
    known = notes.read(source.part("footnotes"), source.part("endnotes"))
    known.number(blocks.settled(body, reader.left))
    text = reader.blocks(body)
    head = letterhead.take_off(text, reader.left)
    title = opening.title(text, head)
    lead = opening.lead(text) if head is None else ""
    headings.give_levels(text)
    text += known.blocks(reader)
    reader.left["notes"] = len(known.met)
    reader.left["around"] = notes.around(_around(source), type(reader.left)())
    pictures = Pictures(source, source.links(), Path(task["into"]), reader.left)
    writer = writing.Writer(source.links(), lists.read(text), pictures, reader.left)
    writer.write(text)
    html = _html(writer)
    reader.left["links"] += sum(not writing.SAFE.fullmatch(unescape(one)) for one in ADDRESS.findall(html))
    if not (html or title or pictures.kept):
        raise ValueError("empty")
    return {
        "title": title,
        "lead": lead,
        "html": html,
        "pictures": pictures.kept,
        "proposals": head.told() if head is not None else {},
        "left": {name: int(number) for name, number in reader.left.items() if number},
    }


def _around(source: Package) -> list[Any]:
    """Return the trees of heads and feet of pages."""
    names = [one.target for one in source.links().values() if one.kind in PARTS and not one.is_outside]
    return [tree for name in names[:MOST_PARTS] if (tree := source.tree(name)) is not None]


def _html(writer: writing.Writer) -> str:
    """Return the body's HTML."""
    made = mammoth.convert_to_html(
        io.BytesIO(writer.document()), style_map=writer.style_map(), include_default_style_map=False, external_file_access=False
    )
    html: str = made.value
    for box, sign in BOXES:
        html = html.replace(box, sign)
    html = (
        ALONE.sub(r"<\1\2>\3</\1>", ENDS.sub(r"\1", SPACES.sub(" ", html))).replace(NOTE, f"<hr>{NOTE}", 1).replace(NOTE, "<p>")
    )
    if len(html) > LONGEST:
        raise ValueError("huge")
    return html
