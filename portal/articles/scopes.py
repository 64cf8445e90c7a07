"""What a list of articles holds, and the places of its articles in time, read along an index whatever the list's length."""

from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import Select, or_

from portal.articles.models import Article, in_language, visible
from portal.core import language
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

    def select(self, now: int) -> Select[int, int]:
        """Select the places of what is visible, newest first.

        Told the language as a column, SQLite would walk along all that the language holds rather than along each section.
        """
        chosen = in_language(now)
        if self.sections is not None:
            ours = Article.language.concat("") == language.current()
            chosen = visible(now).where(Article.section_id.in_(self.sections), ours)
        if self.since is not None:
            chosen = chosen.where(Article.published_at >= self.since)
        if self.before is not None:
            chosen = chosen.where(Article.published_at < self.before)
        if self.without:
            chosen = chosen.where(Article.id.not_in(self.without))
        return chosen.with_only_columns(Article.published_at, Article.id)


def newest(scope: Scope, now: int, *, limit: int, after: Key | None = None) -> list[Key]:
    """Return the places of a list's first articles, newest first; of those that come `after` a place."""
    chosen = scope.select(now)
    if after is not None:
        at, number = after
        chosen = chosen.where(Article.published_at <= at, or_(Article.published_at < at, Article.id < number))
    return [(at, number) for at, number in db.session.execute(chosen.limit(limit))]


def rising(scope: Scope, now: int, *, limit: int, start: Key = (0, 0)) -> list[Key]:
    """Return places from `start` upwards, itself with them, oldest first."""
    at, number = start
    chosen = scope.select(now).where(Article.published_at >= at, or_(Article.published_at > at, Article.id >= number))
    oldest = chosen.order_by(None).order_by(Article.published_at, Article.id)
    return [(at, number) for at, number in db.session.execute(oldest.limit(limit))]
