"""The tree of sections (cây chuyên mục) in the language of the request, as finished values."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from flask import request, url_for
from sqlalchemy import Select, select

from portal.articles.models import Section
from portal.core import language
from portal.core.caching import remember, unsaved
from portal.core.db import db


@dataclass(frozen=True, slots=True)
class Node:
    """A section in its place."""

    id: int
    name: str
    slug: str
    group: str
    """The key that it shares with its translations."""
    parent_id: int | None
    url: str
    closed: bool = False
    """Whether it takes nothing new, and menus leave it out."""


@dataclass(frozen=True, slots=True)
class Tree:
    """The sections of one language by id, in the order of the menu."""

    nodes: dict[int, Node]

    def find(self, slug: str) -> Node | None:
        """Return the section with that address."""
        return next((node for node in self.nodes.values() if node.slug == slug), None)

    def under(self, parent_id: int | None) -> list[Node]:
        """Return what stands directly under a section; under None the sections at the top."""
        return [node for node in self.nodes.values() if node.parent_id == parent_id]

    def within(self, section_id: int) -> tuple[int, ...]:
        """Return the ids of a section and of all that stands under it."""
        found = [section_id]
        for parent in found:  # grows while it is walked
            found += [node.id for node in self.under(parent) if node.id not in found]
        return tuple(found)

    def path(self, section_id: int) -> list[Node]:
        """Return a section and those above it, the top first."""
        path: list[Node] = []
        node = self.nodes.get(section_id)
        while node is not None and node not in path:
            path.insert(0, node)
            node = self.nodes.get(node.parent_id or 0)
        return path

    def crumbs(self, section_id: int) -> list[str]:
        """Return the path to a section as a page prints it: name, address, name, address."""
        return [said for node in self.path(section_id) for said in (node.name, node.url)]


def tree() -> Tree:
    """Return the sections of the request's language."""
    preview: Tree | None = unsaved("sections")
    return preview or remember(("sections", language.current()), lambda: grown(db.session.scalars(in_order())))


def in_order(lang: str | None = None) -> Select[Section]:
    """Select the sections of a language, the request's unless said otherwise, in the order of the menu."""
    return select(Section).where(Section.language == (lang or language.current())).order_by(Section.position, Section.id)


def shelves(lang: str, *, kept: int | None = None) -> list[tuple[int, str]]:
    """Return the sections of a language for a form: ids, and names with those above them, each under its parent.

    One that is closed is left out, unless what is filed stays there: `kept`.
    """
    tall, found = grown(db.session.scalars(in_order(lang))), list[tuple[int, str]]()
    waiting = tall.under(None)[::-1]
    while waiting:
        node = waiting.pop()
        if not node.closed or node.id == kept:
            found.append((node.id, " › ".join(one.name for one in tall.path(node.id))))
        waiting += tall.under(node.id)[::-1]
    return found


def grown(sections: Iterable[Section]) -> Tree:
    """Return the tree; a section whose parent is none of this language stands at the top."""
    rows = list(sections)
    known = {row.id for row in rows}
    return Tree({row.id: _node(row, row.parent_id if row.parent_id in known else None) for row in rows})


def _node(row: Section, parent_id: int | None) -> Node:
    url = url_for("articles.index", slug=row.slug)
    return Node(row.id, row.name, row.slug, row.translation_group, parent_id, url, row.closed)


def home_url(section: Section) -> str:
    """Return the address of a section on the site of its own language, whatever the request's is."""
    path = url_for("articles.index", slug=section.slug).removeprefix(request.script_root)
    return language.mount(section.language) + path


def alternate(section: Node, *, exact: bool = True) -> language.Alternate:
    """Return the link to a section's translation, to the other language's home page where there is none.

    Not `exact` where the page is a part of the section's, which the other language need not have.
    """
    same = select(Section).where(Section.translation_group == section.group, Section.language != language.current())
    other = db.session.scalar(same.limit(1))
    if other is None:
        return language.other_home()
    return replace(language.alternate(other.language, f"/chuyen-muc/{other.slug}"), exact=exact)
