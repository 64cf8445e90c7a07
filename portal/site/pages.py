"""The tree of static pages in one language: who stands below whom, under which address."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import request, url_for
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.core import formats, language
from portal.core.caching import remember, unsaved
from portal.core.db import db
from portal.files.places import Where
from portal.site.models import OldSlug, Page

MOST_PAGES = 1_000
"""What the tree reads at most: static pages are written by hand."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page as lists name it. `children` are in order; `updated_iso` is when it last changed."""

    id: int
    title: str
    url: str
    updated_iso: str
    parent_id: int | None
    children: tuple["Leaf", ...] = ()


@dataclass(frozen=True, slots=True)
class Tree:
    """All pages of a language."""

    roots: tuple[Leaf, ...]
    by_id: dict[int, Leaf]

    def above(self, page_id: int) -> list[Leaf]:
        """Return the pages above one, from the top."""
        found: list[Leaf] = []
        parent = self.by_id[page_id].parent_id
        while parent is not None and parent in self.by_id:
            found.insert(0, self.by_id[parent])
            parent = self.by_id[parent].parent_id
        return found

    def beside(self, page_id: int) -> tuple[Leaf, ...]:
        """Return the pages under the same parent, itself among them; none at the top, where they have little in common."""
        parent = self.by_id[page_id].parent_id
        return self.by_id[parent].children if parent is not None and parent in self.by_id else ()


def tree() -> Tree:
    """Return the pages of the request's language."""
    return unsaved("pages") or remember(("pages", language.current()), _grown)


def in_language(lang: str) -> Select[Page]:
    """Select the pages in a language that readers find, in order."""
    return select(Page).where(Page.language == lang, Page.hidden.is_(False)).order_by(Page.position, Page.id)


def find(slug: str, lang: str) -> Page | None:
    """Return the page that has, or once had, an address in a language."""
    page = db.session.scalar(in_language(lang).where(Page.slug == slug))
    if page is None:
        old = select(OldSlug.page_id).where(OldSlug.language == lang, OldSlug.slug == slug)
        page = db.session.scalar(in_language(lang).where(Page.id.in_(old)))
    return page


def translation(page: Page, lang: str) -> Page | None:
    """Return the same page in another language."""
    return db.session.scalar(in_language(lang).where(Page.translation_group == page.translation_group))


def url_of(page: Page) -> str:
    """Return a page's path within its language's site, without that language's prefix."""
    return url_for("site.show", slug=page.slug).removeprefix(request.script_root)


def is_public(page_id: int) -> bool:
    """Tell whether there is such a page, and readers find it."""
    page = db.session.get(Page, page_id)
    return page is not None and not page.hidden


def where(page_id: int) -> Where | None:
    """Return a page as what stands on it leads back to it."""
    page = db.session.get(Page, page_id)
    return Where(page.title, language.mount(page.language) + url_of(page)) if page is not None else None


def rename(session: Session, page: Page, slug: str) -> None:
    """Give a page another address, within the caller's transaction; the present one leads to it from now on."""
    key = {"site_id": page.site_id, "language": page.language}
    session.merge(OldSlug(**key, slug=page.slug, page_id=page.id))
    returning = session.get(OldSlug, {**key, "slug": slug})
    if returning is not None:
        session.delete(returning)
    page.slug = slug


def _grown() -> Tree:
    return grown(db.session.scalars(in_language(language.current()).limit(MOST_PAGES)))


def grown(pages: Iterable[Page]) -> Tree:
    """Return the tree; a page whose parent is none of these, or that stands in a ring, stands at the top."""
    rows = {row.id: row for row in pages}
    parents = _parents(rows)
    below: dict[int | None, list[Page]] = defaultdict(list)
    for row in rows.values():
        below[parents[row.id]].append(row)
    by_id: dict[int, Leaf] = {}

    def leaf(row: Page) -> Leaf:
        children = tuple(leaf(child) for child in below[row.id])
        url = url_for("site.show", slug=row.slug)
        by_id[row.id] = Leaf(row.id, row.title, url, formats.iso(row.updated_at), parents[row.id], children)
        return by_id[row.id]

    return Tree(tuple(leaf(row) for row in below[None]), by_id)


def _parents(rows: Mapping[int, Page]) -> dict[int, int | None]:
    """Return which page each stands under, None at the top."""
    parents = {row.id: row.parent_id if row.parent_id in rows else None for row in rows.values()}
    for one, under in list(parents.items()):
        above, parent = {one}, under
        while parent is not None and parent not in above:
            above.add(parent)
            parent = parents[parent]
        if parent == one:
            parents[one] = None
    return parents
