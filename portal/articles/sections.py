"""The sections' menu, in the language of the page."""

from dataclasses import dataclass

from flask import g, request, url_for
from sqlalchemy import Select, select

from portal.articles.models import Section
from portal.core import language
from portal.core.caching import remember
from portal.core.db import db
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


def in_order() -> Select[Section]:
    """Select the sections of the request's language as the menu lists them."""
    return select(Section).where(Section.language == language.current()).order_by(Section.position)


def enter(section_id: int) -> None:
    """Say that the page being made belongs to a section."""
    g.section_id = section_id


def menu() -> list[Item]:
    """Return the main menu: home and the sections; the section that the page belongs to is marked."""
    here, endpoint = g.get("section_id"), request.endpoint or ""
    return remember(("menu", language.current(), here, endpoint if endpoint in MARKED else ""), lambda: _items(here, endpoint))


def _items(here: int | None, endpoint: str) -> list[Item]:
    home = url_for("front.home")
    items = [Item(_("Home"), home, "page" if endpoint == "front.home" else "")]
    for section in db.session.scalars(in_order()):
        url = url_for("articles.index", slug=section.slug)
        mark = "page" if endpoint == "articles.index" else "true"
        items.append(Item(section.name, url, mark if section.id == here else ""))
    return items
