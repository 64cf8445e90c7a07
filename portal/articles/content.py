"""What an article's revision holds, in its one form: plain lines, clean HTML, numbers of rows."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.articles import attached
from portal.core import clock, formats
from portal.core.bearable import is_bearable, is_composable
from portal.core.errors import Refused
from portal.core.html import clean
from portal.core.language import _
from portal.core.text import clean_line
from portal.core.web import LARGEST_ID
from portal.publishing import moments
from portal.publishing.models import Content

LABELS = {
    "title": _l("Title"),
    "lead": _l("Lead"),
    "body": _l("Text of the article"),
    "section_id": _l("Section"),
    "published_on": _l("Day of publication"),
    "author_line": _l("Author (or pen name), as printed"),
    "photo_line": _l("Pictures by"),
    "source_line": _l("Source"),
    "genre": _l("Genre"),
    "poll_id": _l("Poll below the article"),
    attached.FIELD: _l("Attachments"),
}
"""What people call the fields, in the order in which readers meet them."""
WRITTEN = ("title", "lead", "body", "author_line", "photo_line", "source_line")
"""Fields that hold what somebody wrote."""
LINES = {"title": 300, "author_line": 200, "photo_line": 200, "source_line": 200}
"""Fields of one line, with the most characters that they hold."""
LONGEST_LEAD = 3_000
LONGEST_BODY = 2_000_000
"""Characters of HTML: some five hundred pages."""
NUMBERS = ("section_id", "poll_id")
GENRES = {
    "": _l("not said"),
    "news": _l("News item"),
    "article": _l("Article"),
    "interview": _l("Interview"),
    "photos": _l("Photo report"),
    "film": _l("Film report"),
    "notice": _l("Notice"),
    "plan": _l("Plan"),
}
EARLIEST = "1945-09-02T00:00"
TYPED = (*LINES, "lead", "body", *NUMBERS, "genre", "published_on")
"""What the form of the page for writing has; attachments are changed by forms of their own."""
FIELDS = (*TYPED, attached.FIELD)
STANDS_AS_IT_IS = tuple(name for name in TYPED if name != "published_on")
"""What an article's row has of its content unchanged."""
EMPTY: Mapping[str, Any] = {**{name: None if name in NUMBERS else "" for name in TYPED}, attached.FIELD: []}


def cleaned(content: Content) -> Content:
    """Return a content with exactly an article's fields, clean. Raises Refused where one cannot be kept as it is."""
    if not all(is_composable(str(content.get(name) or "")) for name in (*LINES, "lead")):
        raise Refused(_unordered())
    lines = {name: _within(name, clean_line(str(content.get(name) or "")), longest) for name, longest in LINES.items()}
    lead = "\n".join(filter(None, map(clean_line, str(content.get("lead") or "").split("\n"))))
    body = content.get("body") or ""
    if len(body) > LONGEST_BODY or len(body := _body(body)) > LONGEST_BODY:
        raise Refused(
            _("The text is too long to be kept as one article. Nothing was changed; what you typed is still on the screen.")
        )
    numbers = {name: _number(content.get(name)) for name in NUMBERS}
    genre = content.get("genre") if content.get("genre") in GENRES else ""
    return {
        **lines,
        "lead": _within("lead", lead, LONGEST_LEAD),
        "body": body,
        **numbers,
        "genre": genre,
        "published_on": _moment(content.get("published_on")),
        attached.FIELD: attached.cleaned(content.get(attached.FIELD)),
    }


def place_of(name: str, paragraph: int) -> str:
    """Return how people are told where something stands: the field, in the body the paragraph too."""
    if name != "body":
        return str(LABELS[name])
    return _("%(field)s, paragraph %(number)s", field=LABELS[name], number=paragraph)


def published_at(content: Content) -> int | None:
    """Return the instant that an author gave as the day of publication, None where none was given."""
    return clock.instant_at(content["published_on"]) if content.get("published_on") else None


def is_dated_ahead(content: Content) -> bool:
    """Tell whether the day of publication is still to come: an article cannot have been published then."""
    return (published_at(content) or 0) > clock.now_ms()


def _body(html: str) -> str:
    if not is_bearable(html):
        raise Refused(_unordered())
    return clean(html)


def _unordered() -> str:
    return _(
        "The text cannot be put in order: too many elements are not closed or stand in each other, or letters have too many "
        "marks. Nothing was changed; what you typed is still on the screen."
    )


def _within(name: str, text: str, longest: int) -> str:
    """Return a text that may be kept. Raises Refused where it is too long, with the name of its field."""
    if len(text) > longest:
        many, most = formats.number(len(text)), formats.number(longest)
        raise Refused(
            _("“%(field)s” is too long: %(many)s characters, at most %(most)s.", field=LABELS[name], many=many, most=most)
        )
    return text


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and 0 < value <= LARGEST_ID else None


def _moment(said: object) -> str:
    """Return a local time such as "2022-03-17T08:00", "" where there is none. Raises Refused where it is no single instant."""
    text = str(said or "").strip()
    if not text:
        return ""
    try:
        at = moments.instant_of(text)
    except Refused as refused:
        raise Refused(f"{LABELS['published_on']}: {refused}") from refused
    if at < clock.instant_at(EARLIEST):
        raise Refused(_("This date is before 2 September 1945. Check the year."))
    return clock.local(at).strftime("%Y-%m-%dT%H:%M")
