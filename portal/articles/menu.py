"""The sections' menu, in the language of the page."""

from dataclasses import dataclass

from flask import g, request, url_for

from portal.articles.sections import Node, tree
from portal.core import language
from portal.core.caching import remember
from portal.core.language import _

MARKED = {"front.home", "articles.index"}
"""Pages that are themselves in the menu."""


@dataclass(frozen=True, slots=True)
class Item:
    """A link of the main menu."""

    label: str
    url: str
    current: str
    """What aria-current says: "page" for this very page, "true" for the section it belongs to, "" for the rest."""


def enter(section_id: int) -> None:
    """Say that the page being made belongs to a section."""
    g.section_id = section_id


def menu() -> list[Item]:
    """Return the main menu: home and the sections at the top; the one that the page belongs to is marked."""
    here, endpoint = g.get("section_id"), request.endpoint or ""
    return remember(("menu", language.current(), here, endpoint if endpoint in MARKED else ""), lambda: _items(here, endpoint))


def _items(here: int | None, endpoint: str) -> list[Item]:
    path = [node.id for node in tree().path(here or 0)]

    def mark(node: Node) -> str:
        if node.id not in path:
            return ""
        return "page" if endpoint == "articles.index" and node.id == here else "true"

    home = Item(_("Home"), url_for("front.home"), "page" if endpoint == "front.home" else "")
    return [home, *(Item(node.name, node.url, mark(node)) for node in tree().under(None) if not node.closed)]
