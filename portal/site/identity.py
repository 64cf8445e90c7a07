"""The agency's data as templates see it, in the language of the page: one object, made once and remembered."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from portal.core import clock, language
from portal.core.caching import fresh_until, remember, unsaved
from portal.core.db import db
from portal.files.models import File, Picture, Rendition
from portal.files.pictures import Still, listed
from portal.files.storage import path_of
from portal.site import lists, urgency
from portal.site.lists import MenuLine, Named, StripLine
from portal.site.models import Site
from portal.site.urgency import Band

MOURNING = "quoc-tang"
TRANSLATED = ("locality", "governing_body", "responsible", "address", "hours", "licence")
"""What is said in English where there is English."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What the masthead, the menu and the footer print; an empty string, tuple or None is not printed."""

    name: str
    locality: str = ""
    governing_body: str = ""
    responsible: str = ""
    address: str = ""
    telephone: str = ""
    hotline: str = ""
    email: str = ""
    hours: str = ""
    credited_as: str = ""
    """The name under which others cite this site."""
    licence: str = ""
    emblem: Still | None = None
    """The agency's own; None: the one that comes with the portal."""
    unshown: frozenset[str] = frozenset()
    """Names of the figures of visits that its pages leave out."""
    palette: str = "co-vit"
    """One of the four, or "quoc-tang" during national mourning."""
    menu: tuple[MenuLine, ...] = ()
    """The agency's own menu; empty where the sections are the menu."""
    tasks: tuple[Named, ...] = ()
    links: tuple[Named, ...] = ()
    foot_links: tuple[Named, ...] = ()
    strip: StripLine | None = None
    """What stands on the home page these days, beside the news."""
    urgent: Band | None = None


def current() -> Identity:
    """Return the agency's data for the language of the request; a nameless one before anything is stored."""
    preview: Identity | None = unsaved("site")
    return preview or remember(("site", language.current()), _read)


def _read() -> Identity:
    site = db.session.scalar(select(Site).order_by(Site.id).limit(1))
    if site is None:
        return Identity(name="—")
    now = clock.now_ms()
    links = lists.links(site.id)
    return Identity(
        **words(site),
        emblem=emblem(site.emblem),
        unshown=frozenset(site.unshown_figures.split()),
        palette=palette(site, now),
        menu=lists.menu(site.id),
        tasks=links["task"][: lists.MOST_TASKS],
        links=links["link"],
        foot_links=links["foot"],
        strip=lists.strip(site.id, now),
        urgent=urgency.band(site.id, now),
    )


def words(site: Site) -> dict[str, str]:
    """Return what an agency says of itself, in the language of the page."""
    english = language.current() == "en"
    name = (english and site.name_en) or site.name
    same = {column: getattr(site, column) for column in ("telephone", "hotline", "email")}
    told = {column: (english and getattr(site, f"{column}_en")) or getattr(site, column) for column in TRANSLATED}
    credited = (english and site.credited_as_en) or (not english and site.credited_as) or name
    return {"name": name, **same, **told, "credited_as": credited}


def emblem(key: str) -> Still | None:
    """Return the picture that is an emblem, None where there is none, or none ready."""
    found = listed(select(Picture).where(Picture.key == key)) if key else []
    return found[0][1] if found else None


def emblem_file() -> Path | None:
    """Return where the agency's own emblem lies in its widest rendition, for who draws it; None where `emblem` has none."""
    drawn = select(File.stored_as).join(Rendition, Rendition.image_id == File.id).where(Rendition.page == 0)
    own = drawn.join(Picture, Picture.file_id == Rendition.file_id).join(Site, Site.emblem == Picture.key)
    stored_as = db.session.scalar(own.order_by(Rendition.width.desc()).limit(1))
    return path_of(stored_as) if stored_as is not None else None


def palette(site: Site, now: int) -> str:
    """Return the agency's palette, or mourning's from its first day through its last."""
    if site.mourning_from is None or site.mourning_until is None:
        return site.palette
    begins, ends = clock.start_of(site.mourning_from), clock.start_of(site.mourning_until + timedelta(days=1))
    for instant in (begins, ends):
        if instant > now:
            fresh_until(instant)
    return MOURNING if begins <= now < ends else site.palette
