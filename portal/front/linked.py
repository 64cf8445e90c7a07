"""A page as linked data (schema.org as JSON-LD): whose it is, what it says, and where it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from flask import url_for

from portal.core import language
from portal.core.language import _
from portal.core.web import absolute
from portal.site import identity
from portal.site.identity import Identity

Node: TypeAlias = "dict[str, Any]"

LONGEST_HEADLINE = 110
"""What search engines take."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The picture that stands for a page elsewhere."""

    url: str
    width: int
    height: int
    alt: str
    kind: str


def graph(
    title: str, canonical: str, crumbs: Sequence[str], *, article: Mapping[str, Any] | None, about: str, picture: Shown
) -> Node:
    """Return what a page is about: the agency; an article on its page; the path to it below the home page."""
    nodes = [_agency(identity.current())]
    if article is not None:
        nodes.append(_news(article, canonical, about, crumbs, picture))
    if canonical != absolute(url_for("front.home")):
        nodes.append(_path(crumbs, title, canonical))
    return {"@context": "https://schema.org", "@graph": nodes}


def _agency(site: Identity) -> Node:
    said = {
        "@type": "GovernmentOrganization",
        "@id": _agency_id(),
        "name": site.name,
        "url": absolute(url_for("front.home")),
        "image": absolute(url_for("cards.of_site")),
        "telephone": site.telephone,
        "email": site.email,
        "address": site.address,
        "areaServed": site.locality,
        "parentOrganization": {"@type": "GovernmentOrganization", "name": site.governing_body} if site.governing_body else "",
    }
    return {name: value for name, value in said.items() if value}


def _agency_id() -> str:
    """Return the agency's name among data; the same in every language."""
    return absolute("/") + "#agency"


def _news(article: Mapping[str, Any], url: str, about: str, crumbs: Sequence[str], picture: Shown) -> Node:
    author = {"@type": "Person", "name": article["author_line"]} if article["author_line"] else {"@id": _agency_id()}
    said = {
        "@type": "NewsArticle",
        "@id": url + "#article",
        "mainEntityOfPage": url,
        "url": url,
        "headline": article["title"][:LONGEST_HEADLINE],
        "description": about,
        "inLanguage": language.current(),
        "articleSection": "".join(crumbs[-2:-1]),
        "datePublished": article["published_iso"],
        "dateModified": article["updated_iso"] or article["published_iso"],
        "author": author,
        "publisher": {"@id": _agency_id()},
        "image": {"@type": "ImageObject", "url": picture.url, "width": picture.width, "height": picture.height},
        "isAccessibleForFree": True,
    }
    return {name: value for name, value in said.items() if value}


def _path(crumbs: Sequence[str], title: str, canonical: str) -> Node:
    names = [_("Home"), *crumbs[::2], title]
    urls = [absolute(url_for("front.home")), *map(absolute, crumbs[1::2]), canonical]
    places = [
        {"@type": "ListItem", "position": place, "name": name, "item": url}
        for place, (name, url) in enumerate(zip(names, urls, strict=True), 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": places}
