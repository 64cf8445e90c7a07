"""Home, and what machines ask for."""

from typing import Any

from flask import Blueprint, Response, make_response, render_template, url_for
from sqlalchemy import select

from portal.articles.lines import line, url_of
from portal.articles.models import Article, in_language
from portal.articles.sections import in_order
from portal.articles.views import stay_fresh
from portal.core import clock, formats
from portal.core.access import public
from portal.core.caching import cache_for
from portal.core.db import db
from portal.core.web import absolute
from portal.site import pages
from portal.visits import pagekeys, seen

blueprint = Blueprint("front", __name__)

LATEST = 6
IN_SECTION = 3
MAPPED = 50_000  # the most that one site map may list (sitemaps.org)


@blueprint.get("/")
@cache_for(60)
def home() -> str:
    now = clock.now_ms()
    stay_fresh(now)
    latest = [line(article) for article in db.session.scalars(in_language(now).limit(LATEST))]
    poll_id = db.session.scalar(in_language(now).with_only_columns(Article.poll_id).where(Article.poll_id.is_not(None)).limit(1))
    return render_template(
        "front/home.html",
        articles=latest,
        sections=_sections(now),
        poll_id=poll_id,
        figures=seen("home").figures,
        page_key=pagekeys.sign("home"),
    )


@blueprint.get("/sitemap.xml")
@cache_for(300)
def sitemap() -> Response:
    now = clock.now_ms()
    stay_fresh(now)
    articles = db.session.scalars(in_language(now).limit(MAPPED - pages.MOST_PAGES - 100))
    urls = [(absolute(url_of(a)), formats.iso(a.updated_at or a.published_at)) for a in articles]
    sections = [(absolute(url_for("articles.index", slug=s.slug)), None) for s in db.session.scalars(in_order())]
    kept = [(absolute(leaf.url), leaf.updated_iso) for leaf in pages.tree().by_id.values()]
    response = make_response(
        render_template("front/sitemap.xml", urls=[(absolute(url_for("front.home")), None), *sections, *kept, *urls])
    )
    response.content_type = "application/xml; charset=utf-8"
    return response


@blueprint.get("/robots.txt")
@cache_for(3600)
def robots() -> Response:
    lines = ["User-agent: *", "Disallow: /so-lieu", f"Sitemap: {absolute(url_for('front.sitemap'))}", ""]
    response = make_response("\n".join(lines))
    response.content_type = "text/plain; charset=utf-8"
    return response


@blueprint.get("/healthz")
@public
def health() -> Response:
    """Say that this process answers and reads its database; for the machine that watches it."""
    db.session.execute(select(1))
    response = make_response("ok\n")
    response.content_type = "text/plain; charset=utf-8"
    response.headers["Cache-Control"] = "no-store"
    return response


def _sections(now: int) -> list[dict[str, Any]]:
    """Return the sections that hold something, each with its three newest articles."""
    blocks = []
    for section in db.session.scalars(in_order()):
        newest = db.session.scalars(in_language(now).where(Article.section_id == section.id).limit(IN_SECTION)).all()
        if newest:
            url = url_for("articles.index", slug=section.slug)
            blocks.append({"name": section.name, "url": url, "articles": [line(a) for a in newest]})
    return blocks
