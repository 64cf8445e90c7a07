"""The agency's data as templates see it, in the language of the page: one object, made once and remembered."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from portal.core import clock, language
from portal.core.caching import fresh_until, remember
from portal.core.db import db
from portal.site import lists, urgency
from portal.site.lists import MenuLine, Named, StripLine
from portal.site.models import Site
from portal.site.urgency import Band

MOURNING = "quoc-tang"


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
    return remember(("site", language.current()), _read)


def _read() -> Identity:
    site = db.session.scalar(select(Site).order_by(Site.id).limit(1))
    if site is None:
        return Identity(name="—")
    now, english = clock.now_ms(), language.current() == "en"
    name = (english and site.name_en) or site.name
    links = lists.links(site.id)
    return Identity(
        name=name,
        locality=(english and site.locality_en) or site.locality,
        governing_body=(english and site.governing_body_en) or site.governing_body,
        responsible=(english and site.responsible_en) or site.responsible,
        address=(english and site.address_en) or site.address,
        telephone=site.telephone,
        hotline=site.hotline,
        email=site.email,
        hours=(english and site.hours_en) or site.hours,
        credited_as=(english and site.credited_as_en) or (not english and site.credited_as) or name,
        palette=_palette(site, now),
        menu=lists.menu(site.id),
        tasks=links["task"][: lists.MOST_TASKS],
        links=links["link"],
        foot_links=links["foot"],
        strip=lists.strip(site.id, now),
        urgent=urgency.band(site.id, now),
    )


def _palette(site: Site, now: int) -> str:
    """Return the agency's palette, or mourning's from its first day through its last."""
    if site.mourning_from is None or site.mourning_until is None:
        return site.palette
    begins, ends = clock.start_of(site.mourning_from), clock.start_of(site.mourning_until + timedelta(days=1))
    for instant in (begins, ends):
        if instant > now:
            fresh_until(instant)
    return MOURNING if begins <= now < ends else site.palette
