"""The main menu of every page: the agency's own where it has one, else the sections; what leads to the page is marked."""

from dataclasses import dataclass

from portal.articles.menu import menu as of_sections
from portal.core import language
from portal.core.caching import remember
from portal.core.trail import here, trail
from portal.site import identity
from portal.site.lists import MenuLine


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the menu. `current` is what aria-current says: "page" for this very page, "true" for what it stands
    below, "" for the rest."""

    label: str
    url: str
    current: str
    children: tuple["Item", ...] = ()


def menu() -> tuple[Item, ...]:
    """Return the menu of the page being made."""
    filed = of_sections()
    own = _own(frozenset((*trail(), *(item.url for item in filed if item.current))))
    return own or tuple(Item(item.label, item.url, item.current) for item in filed)


def _own(above: frozenset[str]) -> tuple[Item, ...]:
    """Return the agency's own menu, marked; empty where it has none.

    Its lines are read again while the part is made: those read before may be older than the versions it is kept under. And it
    is marked by nothing but its key, whichever lines that was made from.
    """
    lines = identity.current().menu
    known = frozenset(url for line in lines for url in (line.url, *(child.url for child in line.children)))
    page, leads = here() if here() in known else "", above & known
    return remember(("front.menu", language.current(), page, leads), lambda: _marked(identity.current().menu, page, leads))


def _marked(lines: tuple[MenuLine, ...], page: str, above: frozenset[str]) -> tuple[Item, ...]:
    def mark(url: str) -> str:
        return "page" if url == page else "true" if url in above else ""

    items = []
    for line in lines:
        children = tuple(Item(child.title, child.url, mark(child.url)) for child in line.children)
        leads_here = any(child.current for child in children)
        current = mark(line.url) or ("true" if leads_here else "")
        if children and line.url:  # the line itself only opens what is below it, so its page stands there first
            children = (Item(line.title, line.url, "page" if line.url == page else ""), *children)
        items.append(Item(line.title, line.url, current, children))
    return tuple(items)
