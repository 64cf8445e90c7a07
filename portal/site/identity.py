"""The agency's data as templates see it, in the language of the page."""

from dataclasses import dataclass

from sqlalchemy import select

from portal.core import language
from portal.core.caching import remember
from portal.core.db import db
from portal.site.models import Site


@dataclass(frozen=True, slots=True)
class Identity:
    """What the masthead and the footer print; an empty string is not printed."""

    name: str
    locality: str = ""
    governing_body: str = ""
    responsible: str = ""
    address: str = ""
    telephone: str = ""
    hotline: str = ""
    email: str = ""


def current() -> Identity:
    """Return the agency's data for the language of the request; a nameless one before anything is stored."""
    return remember(("site", language.current()), _read)


def _read() -> Identity:
    site = db.session.scalar(select(Site).order_by(Site.id).limit(1))
    if site is None:
        return Identity(name="—")
    english = language.current() == "en"
    return Identity(
        name=(english and site.name_en) or site.name,
        locality=(english and site.locality_en) or site.locality,
        governing_body=site.governing_body,
        responsible=site.responsible,
        address=site.address,
        telephone=site.telephone,
        hotline=site.hotline,
        email=site.email,
    )
