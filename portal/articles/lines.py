"""Articles as lists print them."""

from dataclasses import dataclass

from flask import url_for

from portal.articles.models import Article
from portal.core import formats


@dataclass(frozen=True, slots=True)
class Line:
    """One article in a list."""

    title: str
    url: str
    published_on: str
    published_iso: str
    lead_text: str


def line(article: Article) -> Line:
    """Return an article as a list prints it."""
    return Line(
        title=article.title,
        url=url_of(article),
        published_on=formats.day(article.published_at),
        published_iso=formats.iso(article.published_at),
        lead_text=article.lead,
    )


def url_of(article: Article) -> str:
    """Return the one address of an article within its language's site."""
    return url_for("articles.show", slug=article.slug, article_id=article.id)
