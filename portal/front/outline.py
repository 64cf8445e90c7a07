"""The site map for people (sơ đồ trang): every section and every static page, each under what it belongs to."""

from dataclasses import dataclass

from flask import Blueprint, render_template

from portal.articles.sections import Node, tree
from portal.core.caching import cache_for
from portal.site import pages
from portal.visits import pagekeys, seen

blueprint = Blueprint("outline", __name__)


@dataclass(frozen=True, slots=True)
class Branch:
    """A section with those below it."""

    title: str
    url: str
    children: tuple["Branch", ...]


@blueprint.get("/so-do-trang")
@cache_for(300)
def show() -> str:
    return render_template(
        "front/outline.html",
        sections=_sections(),
        pages=pages.tree().roots,
        figures=seen("outline").figures,
        page_key=pagekeys.sign("outline"),
    )


def _sections() -> tuple[Branch, ...]:
    grown = tree()

    def branch(section: Node) -> Branch:
        return Branch(section.name, section.url, tuple(branch(child) for child in grown.under(section.id)))

    return tuple(branch(section) for section in grown.under(None))
