"""The sanitizer: the one place where stored text becomes markup."""

import re
from collections.abc import Iterator

import nh3
from markupsafe import Markup

from portal.core.elements import ATTRIBUTE, TAG, VOID
from portal.core.language import PREFIXES, _
from portal.core.tables import lined_up
from portal.core.text import CONTROLS, clean_line, nfc

TAGS = {
    "p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "br", "hr", "strong", "em", "u", "s", "sub", "sup", "a",
    "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "figure", "figcaption", "img",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href"},
    "ol": {"start", "type"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
    "img": {"src", "alt", "width", "height"},
}
SCHEMES = {"http", "https", "mailto", "tel"}

ADDRESS = re.compile(r"(?:https?://[^\s/\\?#]|mailto:\S|tel:[+(0-9]|/(?![/\\])).*", re.DOTALL | re.IGNORECASE)
"""Where a link may lead: with a host, to a person, or from the root. All else is read from the page's own address."""
BREAKS = str.maketrans("", "", "\t\n\r")
"""Browsers leave these out of an address before they look at it."""
PICTURE = re.compile(rf"(?:{'|'.join(PREFIXES)})?(/anh/[0-9a-f]{{32}}/[1-9][0-9]{{0,4}}\.webp)")
"""One of our own pictures (files.picture), which has the same address in each language."""
VALUES = {
    "start": re.compile(r"-?[0-9]{1,6}"),
    "type": re.compile(r"[1aAiI]"),
    "colspan": re.compile(r"[1-9][0-9]{0,2}"),
    "rowspan": re.compile(r"[1-9][0-9]{0,2}"),
    "scope": re.compile(r"(?:row|col)(?:group)?"),
    "width": re.compile(r"[1-9][0-9]{0,4}"),
    "height": re.compile(r"[1-9][0-9]{0,4}"),
}

MOST_PASSES = 8
"""Text that is clean takes one; the worst that a search for such text has found, three."""

TABLE_FRAME = '<div class="table-frame" tabindex="0" role="region" aria-label="{}">'
"""Around each table: a wide one scrolls inside, by keyboard too. A table has no attributes, so its tag is always bare."""


def clean(html: str) -> str:
    """Return HTML with nothing but an article's own elements, in NFC; a second call changes nothing.

    A picture stays where it is one of our own and stands right in a figure; without words for those who cannot see it they are
    "". NUL and the byte order mark go first: with them nh3 is not idempotent. Nor is it where an entity becomes a letter whose
    mark joins it, or where elements stand in each other that may not; so it has the last word, until nothing changes.
    """
    cleaned = html.replace("\x00", "").replace("\ufeff", "")
    for _pass in range(MOST_PASSES):
        before, cleaned = cleaned, _sanitized(_composed(cleaned))
        if cleaned == before:
            break
    return cleaned


def rich(html: str) -> Markup:
    """Return stored HTML as markup for a template; cleaned again, so that no path around `clean` reaches a reader."""
    lined = lined_up(clean(html))
    framed = lined.replace("<table>", TABLE_FRAME.format(_("Table")) + "<table>").replace("</table>", "</table></div>")
    return Markup(framed.replace("<img ", '<img loading="lazy" '))  # noqa: S704 - this is the sanitizer


def _sanitized(html: str) -> str:
    cleaned = CLEANER.clean(html)
    return "".join(_with_our_pictures(cleaned)).replace("<figure></figure>", "") if "<img" in cleaned else cleaned


def _attribute(_tag: str, name: str, value: str) -> str | None:
    """Return an attribute's value as it is stored, None where it may not stay. The only rel that remains is our own."""
    if name == "href":
        address = CONTROLS.sub("", value.translate(BREAKS)).strip()
        return address if ADDRESS.fullmatch(address) else None
    if name == "src":
        ours = PICTURE.fullmatch(value.strip())
        return ours[1] if ours else None
    if name == "alt":
        return clean_line(value)
    rule = VALUES.get(name)
    return value if name == "rel" or (rule and rule.fullmatch(value)) else None


CLEANER = nh3.Cleaner(tags=TAGS, attributes=ATTRIBUTES, attribute_filter=_attribute, url_schemes=SCHEMES, link_rel="noopener")


def _with_our_pictures(html: str) -> Iterator[str]:
    """Yield the HTML without pictures that are not ours or stand elsewhere than in a figure."""
    within, reached = [""], 0
    for tag in TAG.finditer(html):
        name = tag[2]
        if name == "img":
            yield html[reached : tag.start()]
            reached = tag.end()
            if within[-1] == "figure" and 'src="' in tag[3]:
                yield _picture(tag[3])
        elif tag[1]:
            within.pop()
        elif name not in VOID:
            within.append(name)
    yield html[reached:]


def _picture(written: str) -> str:
    """Return a picture's tag with its attributes in one order, as they are written."""
    has = {"alt": "", **dict(ATTRIBUTE.findall(written))}
    return "<img" + "".join(f' {name}="{has[name]}"' for name in ("src", "alt", "width", "height") if name in has) + ">"


def _composed(html: str) -> str:
    """Return NFC; a solidus overlay that would join with a tag's end, and break the tag, is left out."""
    return nfc(html.replace(">\u0338", ">"))
