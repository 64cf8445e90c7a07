"""The sanitizer: the one place where stored text becomes markup."""

import nh3
from flask import Flask
from markupsafe import Markup

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

TABLE_FRAME = '<div class="table-frame" tabindex="0">'
"""Around each table: a wide one scrolls inside, by keyboard too. A table has no attributes, so its tag is always bare."""


def clean(html: str) -> str:
    """Return HTML with nothing but an article's own elements, in NFC; a second call changes nothing.

    NUL and the byte order mark go first: with them nh3 is not idempotent. Entities become letters in nh3, so their marks
    are joined after it; and as joining changes text, nh3 has the last word.
    """
    cleaned = _sanitized(_composed(html.replace("\x00", "").replace("\ufeff", "")))
    composed = _composed(cleaned)
    return cleaned if composed == cleaned else _sanitized(composed)


def rich(html: str) -> Markup:
    """Return stored HTML as markup for a template; cleaned again, so that no path around `clean` reaches a reader."""
    framed = clean(html).replace("<table>", TABLE_FRAME + "<table>").replace("</table>", "</table></div>")
    return Markup(framed)  # noqa: S704 - this is the sanitizer


def _sanitized(html: str) -> str:
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener")


def _composed(html: str) -> str:
    """Return NFC; a solidus overlay that would join with a tag's end, and break the tag, is left out."""
    return nfc(html.replace(">\u0338", ">"))


def init_app(app: Flask) -> None:
    app.add_template_filter(rich)
