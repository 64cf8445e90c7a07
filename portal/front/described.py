"""What a page's head tells machines: its canonical address, its translations, Open Graph, Dublin Core, and what it is about.

Templates ask by `described(…)` with what they print anyway. A page that does not ask is not to be indexed: errors and other
states, and answers for one reader. Structured data: docs/decisions/0014-structured-data.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, request, url_for

from portal.core import language
from portal.core.trail import here
from portal.core.web import absolute
from portal.files.pictures import Still
from portal.front import linked
from portal.front.alternates import SHARED, Alternates, alternates, other_language
from portal.front.linked import Shown
from portal.site import identity

LOCALES = {"vi": "vi_VN", "en": "en_GB"}
LONGEST = 300
"""Of a description; nobody shows more."""
LEAST_WIDTH = 1_200
"""A picture narrower than this is no large preview: then the page's card is shown."""
CARD = 1_200, 630


@dataclass(frozen=True, slots=True)
class Head:
    """All that the head of a page tells machines; `canonical` is empty for a page that is not to be indexed."""

    canonical: str
    alternates: Alternates
    kind: str
    title: str
    about: str
    site_name: str
    locale: str
    picture: Shown
    times: tuple[tuple[str, str], ...]
    dublin: tuple[tuple[str, str], ...]
    feeds: tuple[tuple[str, str, str], ...]
    """Title, media type and address of each."""
    graph: dict[str, Any]
    """JSON-LD."""


def described(
    title: str,
    alternate: language.Alternate,
    *,
    about: str = "",
    crumbs: Sequence[str] = (),
    number: int | None = 1,
    feeds_of: str = "",
    article: Mapping[str, Any] | None = None,
    picture: Still | None = None,
) -> Head | None:
    """Return what the page being made tells; None for an answer to one reader alone, which nobody else gets.

    `crumbs` are names and paths by turns; `number` is the page's place in a list, None beyond the numbered ones; `feeds_of`
    the path of what has feeds; `article` what an article's page prints.
    """
    view = current_app.view_functions.get(request.endpoint or "")
    if not hasattr(view, "cache_query"):
        return None
    agency, path = identity.current().name, here() + (f"?trang={number}" if number and number > 1 else "")
    canonical = absolute(path)
    shown = _picture(title, article, picture)
    return Head(
        canonical=canonical if number else "",
        alternates=alternates(path, _elsewhere(alternate) if number == 1 else None),
        kind="article" if article else "website",
        title=title,
        about=(about or title)[:LONGEST],
        site_name=agency,
        locale=LOCALES[language.current()],
        picture=shown,
        times=_times(article, crumbs) if article else (),
        dublin=_dublin(title, agency, canonical, article),
        feeds=_feeds(feeds_of, title),
        graph=linked.graph(title, canonical, crumbs, article=article, about=about, picture=shown),
    )


def _elsewhere(alternate: language.Alternate) -> str | None:
    """Return the path of the page's translation, None where there is none."""
    if request.endpoint in SHARED:
        return language.mount(other_language()) + request.path
    return alternate.url if alternate.exact else None


def _picture(title: str, article: Mapping[str, Any] | None, picture: Still | None) -> Shown:
    if picture is not None and picture.width >= LEAST_WIDTH:
        return Shown(absolute(picture.large_url), picture.width, picture.height, picture.alt, "image/webp")
    if article is not None:
        return Shown(absolute(url_for("cards.of_article", article_id=article["id"])), *CARD, title, "image/png")
    return Shown(absolute(url_for("cards.of_site")), *CARD, identity.current().name, "image/png")


def _times(article: Mapping[str, Any], crumbs: Sequence[str]) -> tuple[tuple[str, str], ...]:
    said = {
        "published_time": article["published_iso"],
        "modified_time": article["updated_iso"],
        "section": "".join(crumbs[-2:-1]),
    }
    return tuple((f"article:{name}", value) for name, value in said.items() if value)


def _dublin(title: str, agency: str, canonical: str, article: Mapping[str, Any] | None) -> tuple[tuple[str, str], ...]:
    said = {
        "title": title,
        "creator": (article or {}).get("author_line") or agency,
        "publisher": agency,
        "language": language.current(),
        "identifier": canonical,
        "date": (article or {}).get("published_iso", ""),
    }
    return tuple((f"DC.{name}", value) for name, value in said.items() if value)


def _feeds(path: str, title: str) -> tuple[tuple[str, str, str], ...]:
    if not path:
        return ()
    root = absolute(path.rstrip("/"))
    return (
        (f"{title} (RSS)", "application/rss+xml", f"{root}/rss.xml"),
        (f"{title} (Atom)", "application/atom+xml", f"{root}/atom.xml"),
    )
