"""Articles and sections, read by everybody."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from sqlalchemy import Select, func
from sqlalchemy.orm import load_only

from portal.articles.lines import line, url_of
from portal.articles.models import Article, Section, in_language, next_publication, visible
from portal.articles.related import CANDIDATES, nearest
from portal.articles.sections import enter, in_order
from portal.core import clock, formats, language
from portal.core.caching import cache_for, fresh_until, remember
from portal.core.db import db
from portal.core.html import rich
from portal.core.web import absolute, query_number
from portal.files.attachments import lines as attachments_at
from portal.visits import pagekeys, seen

blueprint = Blueprint("articles", __name__)

PER_PAGE = 20
SHORT_LEAD_WORDS = 45


@dataclass(frozen=True, slots=True)
class Pages:
    """Where a reader is in a list: newer_url and older_url are None at its ends."""

    number: int
    total: int
    newer_url: str | None
    older_url: str | None


@blueprint.get("/bai-viet/<slug:slug>-<id:article_id>")
@cache_for(60)
def show(slug: str, article_id: int) -> str | Response:
    page = remember(("article", article_id, language.current()), lambda: _page(article_id))
    if page["slug"] != slug:
        return redirect(page["article"]["path"], 301)  # type: ignore[return-value]
    enter(page["section"]["id"])
    told = seen(page["place"])
    return render_template(
        "articles/show.html", **page, figures=told.figures, seen=told.views, url=absolute(page["article"]["path"])
    )


@blueprint.get("/chuyen-muc/<slug:slug>")
@cache_for(60, query=("trang",))
def index(slug: str) -> str | Response:
    now, number = clock.now_ms(), query_number("trang")
    if number == 1 and "trang" in request.args:
        return redirect(url_for("articles.index", slug=slug), 301)  # type: ignore[return-value]
    section = db.session.scalar(in_order().where(Section.slug == slug)) or abort(404)
    enter(section.id)
    pages = _pages(section, number, now)
    stay_fresh(now)
    rows = _filed(section, now).limit(PER_PAGE).offset((number - 1) * PER_PAGE)
    return render_template(
        "articles/index.html",
        section=section,
        articles=[line(article) for article in db.session.scalars(rows)],
        pages=pages,
        figures=seen(f"section:{section.id}").figures,
        page_key=pagekeys.sign(f"section:{section.id}"),
    )


def stay_fresh(now: int) -> None:
    """Tell the page cache when the next scheduled article will show in lists."""
    scheduled = next_publication(now)
    if scheduled is not None:
        fresh_until(scheduled)


def _page(article_id: int) -> dict[str, Any]:
    """Return what the template prints but the figures, as finished values; aborts with 404 where nothing is visible."""
    now = clock.now_ms()
    stay_fresh(now)
    article = db.session.scalar(in_language(now).where(Article.id == article_id)) or abort(404)
    return {
        "slug": article.slug,
        "place": article.place,
        "article": {
            "title": article.title,
            "lead": article.lead,
            "lead_is_short": len(article.lead.split()) <= SHORT_LEAD_WORDS,
            "body": rich(article.body),
            "author_line": article.author_line,
            "published_on": formats.day(article.published_at),
            "published_iso": formats.iso(article.published_at),
            "updated_at_text": formats.moment(article.updated_at) if article.updated_at else None,
            "path": url_of(article),
        },
        "section": {
            "id": article.section_id,
            "name": article.section.name,
            "url": url_for("articles.index", slug=article.section.slug),
        },
        "poll_id": article.poll_id,
        "attachments": attachments_at(article.place),
        "related": [line(other) for other in _related(article, now)],
        "page_key": pagekeys.sign(article.place),
        "alternate": _translation(article, now),
    }


def _related(article: Article, now: int) -> list[Article]:
    """Return related news, chosen from what stands nearest before and after it in its section."""
    others = in_language(now).where(Article.section_id == article.section_id, Article.id != article.id)
    others = others.options(load_only(Article.title, Article.slug, Article.lead, Article.published_at))
    at = article.published_at
    before = db.session.scalars(others.where(Article.published_at <= at).limit(CANDIDATES)).all()
    rising = others.order_by(None).order_by(Article.published_at, Article.id)
    after = db.session.scalars(rising.where(Article.published_at > at).limit(CANDIDATES)).all()
    return nearest(article, [*before, *after])


def _translation(article: Article, now: int) -> language.Alternate:
    """Return the link to the same article in the other language, to the home page where there is none."""
    same = visible(now).where(Article.translation_group == article.translation_group, Article.language != article.language)
    other = db.session.scalar(same.limit(1))
    if other is None:
        return language.other_home()
    path = url_of(other).removeprefix(request.script_root)
    return language.alternate(other.language, path)


def _filed(section: Section, now: int) -> Select[Article]:
    return in_language(now).where(Article.section_id == section.id)


def _pages(section: Section, number: int, now: int) -> Pages:
    """Return the paging of a section's list; aborts with 404 past its end."""
    filed = _filed(section, now).order_by(None).with_only_columns(func.count(Article.id))
    total = max(1, -(-(db.session.scalar(filed) or 0) // PER_PAGE))
    if number > total:
        abort(404)

    def url(page: int) -> str:
        return url_for("articles.index", slug=section.slug, trang=page if page > 1 else None)

    return Pages(number, total, url(number - 1) if number > 1 else None, url(number + 1) if number < total else None)
