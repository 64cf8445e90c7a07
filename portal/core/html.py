"""The sanitizer: the one place where stored text becomes markup."""

import nh3
from markupsafe import Markup

from portal.core.language import _
from portal.core.tables import lined_up
from portal.core.text import nfc

TAGS = {
    "p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "br", "hr", "strong", "em", "u", "s", "sub", "sup", "a",
    "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "figure", "figcaption",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href"},
    "ol": {"start", "type"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
}
SCHEMES = {"http", "https", "mailto", "tel"}

MOST_PASSES = 8
"""Text that is clean takes one; the worst that a search for such text has found, three."""

TABLE_FRAME = '<div class="table-frame" tabindex="0" role="region" aria-label="{}">'
"""Around each table: a wide one scrolls inside, by keyboard too. A table has no attributes, so its tag is always bare."""


def clean(html: str) -> str:
    """Return HTML with nothing but an article's own elements, in NFC; a second call changes nothing.

    NUL and the byte order mark go first: with them nh3 is not idempotent. Nor is it where an entity becomes a letter whose
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
    return Markup(framed)  # noqa: S704 - this is the sanitizer


def _sanitized(html: str) -> str:
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener")


def _composed(html: str) -> str:
    """Return NFC; a solidus overlay that would join with a tag's end, and break the tag, is left out."""
    return nfc(html.replace(">\u0338", ">"))
