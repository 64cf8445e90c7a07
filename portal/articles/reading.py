"""What the page of an article prints, as finished values."""

from typing import Any
from urllib.parse import quote

from flask import request
from sqlalchemy import and_, not_, or_, select

from portal.articles.lines import line, lines, stay_fresh, url_of, without_texts
from portal.articles.models import Article, Correction, in_language, visible
from portal.articles.related import CANDIDATES, nearest
from portal.articles.sections import tree
from portal.core import clock, formats, language
from portal.core.caching import fresh_until
from portal.core.db import db
from portal.core.html import rich
from portal.files.archive import offered
from portal.files.attachments import Line as File
from portal.files.attachments import lines as attachments_at
from portal.files.pictures import pictures_at
from portal.visits import pagekeys

SHORT_LEAD_WORDS = 45
OLD_MS = 2 * 365 * clock.DAY
"""From this age on an article says that it may be out of date."""
MOST_CORRECTIONS = 20
LATEST = 5


def read(article_id: int) -> dict[str, Any] | None:
    """Return all that the template prints but the figures; None where nothing is visible in the request's language."""
    now = clock.now_ms()
    stay_fresh(now)
    article = db.session.scalar(in_language(now).where(Article.id == article_id))
    return printed(article, now) if article is not None else None


def printed(article: Article, now: int, attachments: list[File] | None = None) -> dict[str, Any]:
    """Return the same of a row that is visible, or of one that is stored nowhere, with the attachments that it would have."""
    newer, older = _beside(article, now)
    shown = attachments_at(article.place) if attachments is None else attachments
    related = nearest(article, [*older, *newer])
    return {
        "slug": article.slug,
        "place": article.place,
        "article": _text(article, now),
        "corrections": _corrections(article),
        "path": tree().crumbs(article.section_id),
        "section_id": article.section_id,
        "poll_id": article.poll_id,
        "pictures": pictures_at(article.place),
        "attachments": shown,
        "all_attachments": offered(article.place, shown) if attachments is None else None,
        "newer": line(newer[0]) if newer else None,
        "older": line(older[0]) if older else None,
        "related": [line(other) for other in related],
        "latest": _latest(article, {other.id for other in [*newer[:1], *older[:1], *related]}, now),
        "page_key": pagekeys.sign(article.place),
        "alternate": _translation(article, now),
    }


def facebook_url(url: str) -> str:
    """Return the address at which Facebook offers to pass a page on; a plain link, nothing of it is loaded."""
    return "https://www.facebook.com/sharer/sharer.php?u=" + quote(url, safe="")


def _text(article: Article, now: int) -> dict[str, Any]:
    old_at = article.published_at + OLD_MS
    if now < old_at:
        fresh_until(old_at)
    return {
        "id": article.id,
        "title": article.title,
        "lead": article.lead,
        "lead_is_short": len(article.lead.split()) <= SHORT_LEAD_WORDS,
        "body": rich(article.body),
        "author_line": article.author_line,
        "photo_line": article.photo_line,
        "source_line": article.source_line,
        "published_on": formats.day(article.published_at),
        "published_iso": formats.iso(article.published_at),
        "updated_iso": formats.iso(article.updated_at) if article.updated_at else "",
        "updated_at_text": formats.moment(article.updated_at) if article.updated_at else None,
        "old_since": clock.day_of(article.published_at).year if now >= old_at else None,
        "path": url_of(article),
    }


def _corrections(article: Article) -> list[dict[str, str]]:
    """Return what was corrected, the latest first."""
    of_it = select(Correction).where(Correction.article_id == article.id)
    rows = db.session.scalars(of_it.order_by(Correction.at.desc(), Correction.id.desc()).limit(MOST_CORRECTIONS))
    return [{"on": formats.day(row.at), "text": row.text} for row in rows]


def _beside(article: Article, now: int) -> tuple[list[Article], list[Article]]:
    """Return what stands nearest after and before an article in its section, the nearest first."""
    others = without_texts(in_language(now).where(Article.section_id == article.section_id, Article.id != article.id))
    at = article.published_at
    later = (Article.published_at >= at, or_(Article.published_at > at, Article.id > article.id))
    before = db.session.scalars(others.where(Article.published_at <= at, not_(and_(*later))).limit(CANDIDATES)).all()
    rising = others.order_by(None).order_by(Article.published_at, Article.id)
    after = db.session.scalars(rising.where(*later).limit(CANDIDATES)).all()
    return list(after), list(before)


def _latest(article: Article, printed: set[int], now: int) -> list[Any]:
    """Return the section's latest that do not stand on the page already."""
    others = in_language(now).where(Article.section_id == article.section_id, Article.id.not_in({article.id, *printed}))
    return lines(others.limit(LATEST))


def _translation(article: Article, now: int) -> language.Alternate:
    """Return the link to the same article in the other language, to the home page where there is none."""
    same = visible(now).where(Article.translation_group == article.translation_group, Article.language != article.language)
    other = db.session.scalar(without_texts(same).limit(1))
    if other is None:
        return language.other_home()
    path = url_of(other).removeprefix(request.script_root)
    return language.alternate(other.language, path)
