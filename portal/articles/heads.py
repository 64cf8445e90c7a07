"""The newest of every section, and what is pinned: what a page needs that shows all sections, in two statements."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import select, union_all

from portal.articles.lines import Line, line, without_texts
from portal.articles.listing import MOST_HELD
from portal.articles.models import Article, in_language, pinned
from portal.articles.scopes import Key
from portal.core.caching import fresh_until
from portal.core.db import db


def newest_of_each(sections: Sequence[int], now: int, *, limit: int) -> dict[int, list[Key]]:
    """Return the places in time of each section's newest articles, by the section's id; each runs along its own index."""
    columns = (Article.section_id, Article.published_at, Article.id)
    parts = [in_language(now).with_only_columns(*columns).where(Article.section_id == one).limit(limit) for one in sections]
    found: dict[int, list[Key]] = defaultdict(list)
    if parts:
        for section, at, number in db.session.execute(union_all(*(select(part.subquery()) for part in parts))):
            found[section].append((at, number))
    return found


def pinned_places(now: int) -> dict[Key, int]:
    """Return the places in time of what is pinned, newest first, each with its section's id."""
    columns = (Article.published_at, Article.id, Article.section_id, Article.pinned_until)
    rows = db.session.execute(pinned(now).with_only_columns(*columns).limit(MOST_HELD)).all()
    for *_, until in rows:
        fresh_until(until or 0)
    return {(at, number): section for at, number, section, _ in rows}


def lines_of(ids: Iterable[int], now: int) -> dict[int, Line]:
    """Return articles as lists print them, by id; what is not visible is left out."""
    rows = db.session.scalars(without_texts(in_language(now).where(Article.id.in_(set(ids)))))
    return {row.id: line(row) for row in rows}
