"""The site map for people (sơ đồ trang): every section and every static page, each under what it belongs to."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import islice
from typing import Any

from flask import Blueprint, render_template

from portal.articles.sections import Node, tree
from portal.core.caching import cache_for
from portal.site import pages
from portal.visits import pagekeys, seen

blueprint = Blueprint("outline", __name__)

MOST_SECTIONS = 1_000
"""What the map names at most: sections, like static pages, are made by hand."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A section with those below it."""

    title: str
    url: str
    children: tuple["Branch", ...]


@blueprint.get("/so-do-trang")
@cache_for(300)
def show() -> str:
    told = {"figures": seen("outline").figures, "page_key": pagekeys.sign("outline")}
    return render_template("front/outline.html", **gathered(), **told)


def gathered() -> dict[str, Any]:
    """Return what the map names: sections and pages, as trees."""
    return {"sections": _sections(), "pages": pages.tree().roots}


def _sections() -> tuple[Branch, ...]:
    below: dict[int | None, list[Node]] = defaultdict(list)
    for section in islice(tree().nodes.values(), MOST_SECTIONS):
        below[section.parent_id].append(section)

    def branch(section: Node) -> Branch:
        return Branch(section.name, section.url, tuple(branch(child) for child in below[section.id]))

    return tuple(branch(section) for section in below[None])
