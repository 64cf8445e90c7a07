"""What the site map's parts list: every public page, with its last change where that is known, and its translation."""

from dataclasses import dataclass

from flask import request, url_for
from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from portal.articles.archive import every_month, years
from portal.articles.lines import url_of
from portal.articles.models import Article, Section, visible
from portal.articles.scopes import Scope, newest
from portal.articles.sections import Node, tree
from portal.core import formats, language
from portal.core.db import db
from portal.core.web import absolute
from portal.front.alternates import STANDING, Alternates, alternates, other_language
from portal.front.briefs import changed_at, in_brief
from portal.polls.models import Poll
from portal.site import pages as static
from portal.site.models import Page


@dataclass(frozen=True, slots=True)
class Place:
    """An address in the map; without alternates where no other language has the page."""

    url: str
    changed_iso: str | None
    alternates: Alternates


def pages() -> list[Place]:
    """Return the pages that always stand, and the static ones."""
    standing = [_everywhere(url_for(endpoint)) for endpoint in STANDING]
    leaves = static.tree().by_id.values()
    groups = select(Page.translation_group, Page.slug).where(Page.language == other_language()).limit(static.MOST_PAGES)
    there = {shared: f"/trang/{slug}" for shared, slug in db.session.execute(groups)}
    own = select(Page.id, Page.translation_group).where(Page.language == language.current()).limit(static.MOST_PAGES)
    group = {number: shared for number, shared in db.session.execute(own)}  # noqa: C416 - rows are no pairs to dict()
    return standing + [_place(leaf.url, leaf.updated_iso, there.get(group.get(leaf.id, ""))) for leaf in leaves]


def section(node: Node, now: int) -> list[Place]:
    """Return a section's page and its archive."""
    twin = select(Section.slug).where(Section.translation_group == node.group, Section.language == other_language())
    slug = db.session.scalar(twin.limit(1))
    scope = Scope(tree().within(node.id))
    latest = newest(scope, now, limit=1)
    changed = formats.iso(latest[0][0]) if latest else None
    return [_place(node.url, changed, f"/chuyen-muc/{slug}" if slug else None), *archive(scope, node.url, now)]


def archive(scope: Scope, root: str, now: int) -> list[Place]:
    """Return the years and months of a list that hold something."""
    return [_place(f"{root}/{one.path}") for one in (*years(scope, now), *every_month(scope, now))]


def articles(first: int, last: int, now: int) -> list[Place]:
    """Return the articles of a range of ids."""
    twin = aliased(Article)
    same = and_(
        twin.translation_group == Article.translation_group,
        twin.language == other_language(),
        twin.published_at <= now,
        twin.withdrawn_at.is_(None),
    )
    ours = visible(now).where(Article.language == language.current(), Article.id.between(first, last))
    rows = in_brief(ours).add_columns(twin.id, twin.slug).outerjoin(twin, same).order_by(None).order_by(Article.id, twin.id)
    places: dict[int, Place] = {}
    for article, number, slug in db.session.execute(rows):
        there = f"/bai-viet/{slug}-{number}" if number else None
        places.setdefault(article.id, _place(url_of(article), formats.iso(changed_at(article)), there))
    return list(places.values())


def polls(first: int, last: int) -> list[Place]:
    """Return the pages of the polls of a range of ids; every language has them."""
    public = select(Poll.id).where(Poll.id.between(first, last), Poll.published_at.is_not(None))
    ids = db.session.scalars(public.order_by(Poll.id))
    return [_everywhere(url_for("polls.show", poll_id=number)) for number in ids]


def _everywhere(path: str) -> Place:
    return _place(path, None, path.removeprefix(request.script_root))


def _place(path: str, changed: str | None = None, there: str | None = None) -> Place:
    """Return an address; `there` is the path of its translation, without the language's prefix."""
    if there is None:
        return Place(absolute(path), changed, ())
    return Place(absolute(path), changed, alternates(path, language.mount(other_language()) + there))
