"""Site maps for machines: an index, and parts that list every public page once (sitemaps.org), with its translation.

Articles and polls are parted by ranges of their ids, sections one by one: nothing has to be counted, and a part holds at
most PER_PART addresses of these.
"""

from collections.abc import Sequence

from flask import Blueprint, Response, abort, make_response, render_template, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from portal.articles.lines import stay_fresh
from portal.articles.models import Article, in_language
from portal.articles.scopes import Scope, newest
from portal.articles.sections import tree
from portal.core import clock, language
from portal.core.caching import cache_for
from portal.core.db import db
from portal.core.web import absolute
from portal.front import mapped
from portal.front.mapped import Place
from portal.polls.models import Poll

blueprint = Blueprint("maps", __name__)

PER_PART = 2_000
"""Ids in a part; sitemaps.org allows 50,000 addresses, but a part is made and kept whole."""
MOST_PARTS = 500
"""Ranges that the index asks for at once."""

LEFT_ALONE = ("/so-lieu/", "/tham-do/*/ket-qua", "/tham-do/*/phieu")
ALLOWED = ("/so-lieu/cach-tinh",)


@blueprint.get("/sitemap.xml")
@cache_for(300)
def index() -> Response:
    now = clock.now_ms()
    stay_fresh(now)
    parts = [url_for("maps.pages")]
    if newest(Scope(), now, limit=1):
        parts.append(url_for("maps.archive"))
    parts += [url_for("maps.section", section_id=number) for number in tree().nodes]
    parts += [url_for("maps.articles", number=number) for number in _ranges_of_articles(now)]
    parts += [url_for("maps.polls", number=number) for number in range(1, _range_of(_largest(Poll.id)) + 1)]
    return _xml("front/sitemapindex.xml", parts=[absolute(part) for part in parts])


@blueprint.get("/sitemap-pages.xml")
@cache_for(300)
def pages() -> Response:
    return _part(mapped.pages())


@blueprint.get("/sitemap-archive.xml")
@cache_for(300)
def archive() -> Response:
    now = _now()
    return _part(mapped.archive(Scope(), url_for("articles.archives"), now))


@blueprint.get("/sitemap-section-<id:section_id>.xml")
@cache_for(300)
def section(section_id: int) -> Response:
    node = tree().nodes.get(section_id) or abort(404)
    return _part(mapped.section(node, _now()))


@blueprint.get("/sitemap-articles-<id:number>.xml")
@cache_for(300)
def articles(number: int) -> Response:
    return _part(mapped.articles(*_bounds(number), _now()))


@blueprint.get("/sitemap-polls-<id:number>.xml")
@cache_for(300)
def polls(number: int) -> Response:
    return _part(mapped.polls(*_bounds(number)))


@blueprint.get("/robots.txt")
@cache_for(3600)
def robots() -> Response:
    mounts = [language.mount(lang) for lang in language.NAMES]
    lines = ["User-agent: *"]
    lines += [f"Disallow: {mount}{path}" for mount in mounts for path in LEFT_ALONE]
    lines += [f"Allow: {mount}{path}" for mount in mounts for path in ALLOWED]
    lines += ["", *(f"Sitemap: {absolute(mount)}/sitemap.xml" for mount in mounts), ""]
    response = make_response("\n".join(lines))
    response.content_type = "text/plain; charset=utf-8"
    return response


def _now() -> int:
    now = clock.now_ms()
    stay_fresh(now)
    return now


def _part(places: Sequence[Place]) -> Response:
    return _xml("front/sitemap.xml", places=places) if places else abort(404)


def _xml(template: str, **values: object) -> Response:
    response = make_response(render_template(template, **values))
    response.content_type = "application/xml; charset=utf-8"
    return response


def _bounds(number: int) -> tuple[int, int]:
    """Return the first and the last id of a range."""
    if number > MOST_PARTS:
        abort(404)
    return (number - 1) * PER_PART + 1, number * PER_PART


def _range_of(number: int) -> int:
    """Return the range in which an id lies; 0 for 0, which is none."""
    return min(MOST_PARTS, -(-number // PER_PART))


def _largest(ids: InstrumentedAttribute[int]) -> int:
    return db.session.scalar(select(func.max(ids))) or 0


def _ranges_of_articles(now: int) -> list[int]:
    """Return the ranges in which the language has something to read; one statement asks for all."""
    ranges = range(1, _range_of(_largest(Article.id)) + 1)
    if not ranges:
        return []
    visible = in_language(now).order_by(None)
    held = [visible.where(Article.id.between(*_bounds(number))).exists().label(f"p{number}") for number in ranges]
    return [number for number, found in zip(ranges, db.session.execute(select(*held)).one(), strict=True) if found]
