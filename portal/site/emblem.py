"""The emblem as a setting: one of those that were put up, or the one that comes with the portal."""

from collections.abc import Iterator
from dataclasses import replace

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from portal.core.language import _
from portal.settings.fields import Choice
from portal.settings.groups import Setting, Values
from portal.settings.previews import shown_on
from portal.site import identity, shelf
from portal.site.agency import SITE, site_of
from portal.site.models import Site

FIELDS = (Choice("emblem", _l("Emblem"), options=shelf.emblem_options),)


def settings() -> Iterator[Setting]:
    """Yield the one setting."""
    yield Setting("bieu-trung", "emblem", _l("Emblem"), FIELDS, _read, _store, _stands, _preview, helpers=shelf.HELPERS)


def _read(session: Session) -> Values:
    site = session.get(Site, SITE)
    return {"emblem": site.emblem if site is not None else ""}


def _store(session: Session, values: Values) -> None:
    site_of(session).emblem = values["emblem"]


def _stands(values: Values) -> str:
    return _("The agency's own.") if values["emblem"] else _("The one that comes with the portal.")


def _preview(values: Values, way_back: Values) -> str:
    return shown_on("home", way_back, site=replace(identity.current(), emblem=identity.emblem(values["emblem"])))
