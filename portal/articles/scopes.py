"""What a list of articles holds, and the places of its articles in time, read along an index whatever the list's length."""

from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import Select, or_, select, union_all

from portal.articles.models import Article, in_language
from portal.core.db import db

Key: TypeAlias = tuple[int, int]
"""An article's place in time: published_at and id. Lists run from the greatest to the smallest."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Articles of some sections (None: of all), published from one instant until before another, without a few by id."""

    sections: tuple[int, ...] | None = None
    since: int | None = None
    before: int | None = None
    without: tuple[int, ...] = ()

    def select(self, now: int, *, section: int | None = None) -> Select[int, int]:
        """Select the places of what is visible, newest first; of one of the sections where `section` says which."""
        chosen = in_language(now).with_only_columns(Article.published_at, Article.id)
        if section is not None:
            chosen = chosen.where(Article.section_id == section)
        if self.since is not None:
            chosen = chosen.where(Article.published_at >= self.since)
        if self.before is not None:
            chosen = chosen.where(Article.published_at < self.before)
        return chosen.where(Article.id.not_in(self.without)) if self.without else chosen

    def parts(self, now: int) -> list[Select[int, int]]:
        """Return a selection for each section, or one of everything: each runs along one index."""
        return [self.select(now, section=section) for section in self.sections or (None,)]


def newest(scope: Scope, now: int, *, limit: int, after: Key | None = None) -> list[Key]:
    """Return the places of a list's first articles, newest first; of those that come `after` a place."""
    parts = scope.parts(now)
    if after is not None:
        at, number = after
        parts = [p.where(Article.published_at <= at, or_(Article.published_at < at, Article.id < number)) for p in parts]
    return _merged(parts, limit, rising=False)


def rising(scope: Scope, now: int, *, limit: int, start: Key = (0, 0)) -> list[Key]:
    """Return places from `start` upwards, itself with them, oldest first."""
    at, number = start
    after = (Article.published_at >= at, or_(Article.published_at > at, Article.id >= number))
    return _merged([part.where(*after) for part in scope.parts(now)], limit, rising=True)


def _merged(parts: list[Select[int, int]], limit: int, *, rising: bool) -> list[Key]:
    """Run the first of each part and merge them: one statement however many sections there are."""
    order = (Article.published_at, Article.id) if rising else (Article.published_at.desc(), Article.id.desc())
    first = [part.order_by(None).order_by(*order).limit(limit) for part in parts]
    if len(first) == 1:
        return [(at, number) for at, number in db.session.execute(first[0])]
    joined = union_all(*(select(part.subquery()) for part in first)).subquery()
    at, number = joined.c.published_at, joined.c.id
    merged = (at, number) if rising else (at.desc(), number.desc())
    return [(at, number) for at, number in db.session.execute(select(at, number).order_by(*merged).limit(limit))]
