"""Store the demo's agency with its menu and its links."""

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from portal.demo import texts
from portal.site.models import Link, MenuItem, Site
from portal.visits.models import SITE

DATA = ("responsible", "address", "governing_body", "telephone", "hotline", "email", "hours", "credited_as")
PLACES = ("task", "link", "foot")

Pairs = Sequence[tuple[str, str]]


def store_agency(session: Session, lines: Pairs) -> None:
    """Store the agency, which all other rows name."""
    said = {key: value for key, value in lines if key.removesuffix("_en") in DATA}
    session.add(Site(id=SITE, **texts.AGENCY | said))
    session.flush()


def store_lists(session: Session, lines: Pairs, paths: Mapping[str, str]) -> None:
    """Store menu and links; an address in `paths`, which names a file of the demo, becomes the path there."""
    position = Counter[str]()
    above: dict[str, int] = {}
    for key, value in lines:
        noun, language = key.removesuffix("_en"), "en" if key.endswith("_en") else "vi"
        title, _, address = (part.strip() for part in value.partition("|"))
        placed = {"site_id": SITE, "language": language, "url": paths.get(address, address)}
        position[key] += 1
        if noun in PLACES:
            session.add(Link(place=noun, title=title, position=position[key], **placed))
        elif noun == "menu":
            parent = above[language] if title.startswith(">") else None
            item = MenuItem(label=title.lstrip("> "), parent_id=parent, position=position[key], **placed)
            session.add(item)
            session.flush()
            above[language] = item.id if parent is None else parent
