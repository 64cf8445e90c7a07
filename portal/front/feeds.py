"""Feeds: the newest articles of the site, or of a section, as RSS 2.0 and as Atom (RFC 4287).

An entry is told by the article's short address, which stays when its title, its slug or its section changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import format_datetime

from flask import Blueprint, Response, abort, make_response, render_template, url_for
from sqlalchemy import func, select

from portal.articles.addresses import lead_on, short_url
from portal.articles.lines import stay_fresh, url_of
from portal.articles.models import Article, visible
from portal.articles.scopes import Scope, newest
from portal.articles.sections import tree
from portal.core import clock, formats, language
from portal.core.caching import cache_for
from portal.core.db import db
from portal.core.text import clean_line
from portal.core.web import absolute
from portal.files.models import Attachment
from portal.front.briefs import changed_at, in_brief
from portal.site import identity

blueprint = Blueprint("feeds", __name__)

NEWEST = 30
KINDS = {"rss": "application/rss+xml", "atom": "application/atom+xml"}


@dataclass(frozen=True, slots=True)
class Enclosure:
    """The first file of an entry; `octets` is its length."""

    url: str
    kind: str
    octets: int
    name: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as a feed tells it. Times are told as each kind of feed wants them."""

    id: str
    url: str
    title: str
    lead: str
    author: str
    section: str
    published_iso: str
    updated_iso: str
    published_rfc: str
    enclosure: Enclosure | None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: `url` is the page that it belongs to, `own_url` its own address."""

    id: str
    url: str
    own_url: str
    title: str
    about: str
    author: str
    lang: str
    updated_iso: str
    updated_rfc: str
    entries: list[Entry]


@blueprint.get("/rss.xml", endpoint="rss", defaults={"kind": "rss"})
@blueprint.get("/atom.xml", endpoint="atom", defaults={"kind": "atom"})
@cache_for(300)
def whole(kind: str) -> Response:
    home = url_for("front.home")
    return _answer(kind, Scope(), identity.current().name, home, "site")


@blueprint.get("/chuyen-muc/<slug:slug>/rss.xml", endpoint="section_rss", defaults={"kind": "rss"})
@blueprint.get("/chuyen-muc/<slug:slug>/atom.xml", endpoint="section_atom", defaults={"kind": "atom"})
@cache_for(300)
def of_section(slug: str, kind: str) -> Response:
    section = tree().find(slug)
    if section is None:
        return lead_on(f"/chuyen-muc/{slug}", f"/{kind}.xml") or abort(404)
    title = f"{section.name} – {identity.current().name}"
    return _answer(kind, Scope(tree().within(section.id)), title, section.url, f"section-{section.id}")


def _answer(kind: str, scope: Scope, title: str, path: str, name: str) -> Response:
    now = clock.now_ms()
    stay_fresh(now)
    articles = _read([number for _, number in newest(scope, now, limit=NEWEST)], now)
    updated = max((changed_at(article) for article in articles), default=0)
    feed = Feed(
        id=absolute("/") + f"#{language.current()}-{name}",
        url=absolute(path),
        own_url=absolute(f"{path.rstrip('/')}/{kind}.xml"),
        title=clean_line(title),
        about=clean_line(title),
        author=clean_line(identity.current().name),
        lang=language.current(),
        updated_iso=formats.iso(updated),
        updated_rfc=_rfc(updated),
        entries=_entries(articles),
    )
    response = make_response(render_template(f"front/{kind}.xml", feed=feed))
    response.content_type = f"{KINDS[kind]}; charset=utf-8"
    return response


def _read(ids: Sequence[int], now: int) -> list[Article]:
    """Return articles by their ids, newest first."""
    return list(db.session.scalars(in_brief(visible(now).where(Article.id.in_(ids)))))


def _entries(articles: Sequence[Article]) -> list[Entry]:
    files = _first_files([article.place for article in articles])
    names = tree().nodes
    return [_entry(one, names[one.section_id].name if one.section_id in names else "", files.get(one.place)) for one in articles]


def _entry(article: Article, section: str, enclosure: Enclosure | None) -> Entry:
    return Entry(
        id=short_url(article.id),
        url=absolute(url_of(article)),
        title=clean_line(article.title),
        lead=clean_line(article.lead),
        author=clean_line(article.author_line),
        section=clean_line(section),
        published_iso=formats.iso(article.published_at),
        updated_iso=formats.iso(changed_at(article)),
        published_rfc=_rfc(article.published_at),
        enclosure=enclosure,
    )


def _first_files(places: Sequence[str]) -> dict[str, Enclosure]:
    """Return the first attachment of each place that has one; one statement for all."""
    here = select(Attachment.place, func.min(Attachment.position).label("position")).where(Attachment.place.in_(places))
    first = here.group_by(Attachment.place).subquery()
    same = (Attachment.place == first.c.place) & (Attachment.position == first.c.position)
    rows = db.session.scalars(select(Attachment).join(first, same).order_by(Attachment.id.desc()))
    return {row.place: _enclosure(row) for row in rows}


def _enclosure(attachment: Attachment) -> Enclosure:
    url = absolute(url_for("files.download", key=attachment.key))
    return Enclosure(url, attachment.file.kind, attachment.file.size, clean_line(attachment.name))


def _rfc(instant: int) -> str:
    """Return an instant as RSS 2.0 wants it (RFC 822 with a year of four figures)."""
    return format_datetime(clock.local(instant))
