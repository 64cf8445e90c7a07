"""Articles as lists print them."""

from dataclasses import dataclass, replace

from flask import request, url_for
from sqlalchemy import Select
from sqlalchemy.orm import lazyload, load_only

from portal.articles.models import Article, next_publication
from portal.core import clock, formats, language
from portal.core.caching import fresh_until
from portal.core.db import db
from portal.files.places import Where

NEW_MS = 3 * clock.DAY
"""For how long a list marks an article as new."""


@dataclass(frozen=True, slots=True)
class Line:
    """One article in a list."""

    title: str
    url: str
    published_on: str
    published_iso: str
    lead_text: str
    is_new: bool = False
    is_pinned: bool = False


def line(article: Article) -> Line:
    """Return an article as a list prints it; the page is made anew when it is new no longer."""
    old_at = article.published_at + NEW_MS
    is_new = clock.now_ms() < old_at
    if is_new:
        fresh_until(old_at)
    return Line(
        title=article.title,
        url=url_of(article),
        published_on=formats.day(article.published_at),
        published_iso=formats.iso(article.published_at),
        lead_text=article.lead,
        is_new=is_new,
    )


def lines(articles: Select[Article]) -> list[Line]:
    """Run a selection and return what a list prints, without reading the texts."""
    return [line(article) for article in db.session.scalars(without_texts(articles))]


def pinned_lines(articles: Select[Article]) -> list[Line]:
    """Do the same for pinned articles."""
    return [replace(one, is_pinned=True) for one in lines(articles)]


def without_texts(articles: Select[Article]) -> Select[Article]:
    """Have a selection read what lists print, and neither texts nor sections."""
    printed = load_only(Article.title, Article.slug, Article.lead, Article.language, Article.published_at)
    return articles.options(printed, lazyload(Article.section))


def url_of(article: Article) -> str:
    """Return the one address of an article within its language's site."""
    return url_for("articles.show", slug=article.slug, article_id=article.id)


def home_url_of(article: Article) -> str:
    """Return the address of an article on the site of its own language, whatever the request's is."""
    return language.mount(article.language) + url_of(article).removeprefix(request.script_root)


def where(article_id: int) -> Where | None:
    """Return an article as what stands on it leads back to it."""
    article = db.session.get(Article, article_id)
    return Where(article.title, home_url_of(article)) if article is not None else None


def stay_fresh(now: int) -> None:
    """Tell the page cache when the next scheduled article will show in lists."""
    scheduled = next_publication(now)
    if scheduled is not None:
        fresh_until(scheduled)
