"""The agency's own data as settings: names and addresses, look, emblem, figures, quotas, the rule of approval."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.db import db, insert
from portal.core.language import _
from portal.publishing import approval, second_person
from portal.settings.fields import Choice, Day, Email, Field, Line, Number, Telephone, Tick
from portal.settings.groups import Fault, Setting, Values
from portal.settings.previews import shown_on
from portal.site import identity
from portal.site.models import Site

SITE = 1
NAMELESS = "—"
LARGEST_UPLOAD_MB, QUOTA_GB = 100, 50
PALETTES = {"co-vit": _l("Teal"), "cham": _l("Indigo"), "gom": _l("Terracotta"), "than": _l("Charcoal")}
FIGURES = {
    "online": _l("Online now"),
    "today": _l("Visits today"),
    "month": _l("Visits this month"),
    "visits": _l("Visits"),
    "views": _l("Page views"),
}
ENGLISH = _l("In English; empty: the Vietnamese stands there too.")
WORDS: tuple[Field, ...] = (
    Line("name", _l("Name of the agency"), required=True),
    Line("name_en", _l("Name of the agency (English)"), ENGLISH),
    Line("locality", _l("Locality")),
    Line("locality_en", _l("Locality (English)"), ENGLISH),
    Line("governing_body", _l("Governing body")),
    Line("governing_body_en", _l("Governing body (English)"), ENGLISH),
    Line("responsible", _l("Responsible for content")),
    Line("responsible_en", _l("Responsible for content (English)"), ENGLISH),
    Line("address", _l("Address"), longest=300),
    Line("address_en", _l("Address (English)"), ENGLISH, longest=300),
    Telephone("telephone", _l("Telephone")),
    Telephone("hotline", _l("Hotline")),
    Email("email", _l("E-mail")),
    Line("hours", _l("Hours"), longest=300),
    Line("hours_en", _l("Hours (English)"), ENGLISH, longest=300),
    Line(
        "licence", _l("Licence"), _l("For instance the number and the day of the licence, where the site needs one."), longest=300
    ),
    Line("licence_en", _l("Licence (English)"), ENGLISH, longest=300),
    Line("credited_as", _l("Name under which others cite this site"), _l("Empty: the name of the agency."), longest=300),
    Line("credited_as_en", _l("Name under which others cite this site (English)"), ENGLISH, longest=300),
)
LOOK: tuple[Field, ...] = (
    Choice("palette", _l("Palette"), options=lambda: [(key, str(label)) for key, label in PALETTES.items()]),
    Day("mourning_from", _l("National mourning, first day"), _l("On these days all pages are grey. Empty: none.")),
    Day("mourning_until", _l("National mourning, last day")),
)
QUOTAS: tuple[Field, ...] = (
    Number("largest_upload_mb", _l("Largest file, in MB"), required=True, most=1_000),
    Number("quota_gb", _l("All files together, in GB"), required=True, most=100_000),
)
APPROVAL_NOTE = _l(
    "The rule counts while at least two people are there who may publish. A leader's approval on record does in its place."
)
APPROVAL: tuple[Field, ...] = (Tick("by_second_person", _l("Somebody else approves what one has written oneself")),)


class UploadLimits(NamedTuple):
    """What uploaded files may weigh: one of them in MB, all together in GB (decimal)."""

    largest_upload_mb: int
    quota_gb: int


def site_of(session: Session) -> Site:
    """Return the agency's row; the first who changes anything makes it."""
    session.execute(insert(session, Site).values(id=SITE, name=NAMELESS).on_conflict_do_nothing())
    return session.get_one(Site, SITE)


def upload_limits() -> UploadLimits:
    """Return what uploaded files may weigh; `files`, which lies below, asks through extensions["upload_limits"]."""
    row = db.session.execute(select(Site.largest_upload_mb, Site.quota_gb).where(Site.id == SITE)).one_or_none()
    return UploadLimits(*row) if row is not None else UploadLimits(LARGEST_UPLOAD_MB, QUOTA_GB)


def settings() -> Iterator[Setting]:
    """Yield the settings that are the agency's row."""
    yield Setting("co-quan", "agency", _l("Agency"), WORDS, _reader(WORDS), _storer(WORDS), _stands_agency, _preview_agency)
    yield Setting("giao-dien", "look", _l("Look"), LOOK, _read_look, _store_look, _stands_look, _preview_look, check=_check_look)
    figures = tuple(Tick(name, label) for name, label in FIGURES.items())
    yield Setting(
        "so-lieu", "figures", _l("Figures of visits"), figures, _read_figures, _store_figures, _stands_figures, _preview_figures,
        check=_check_figures, note=_l("What is not ticked is left out of all pages; it is counted as before."),
    )  # fmt: skip
    yield Setting("dung-luong", "quotas", _l("Size of files"), QUOTAS, _reader(QUOTAS), _storer(QUOTAS), _stands_quotas, None)
    rule = (_read_approval, _store_approval, _stands_approval, None)
    yield Setting("quy-tac-duyet", "approval_by_second_person", _l("Approval"), APPROVAL, *rule, note=APPROVAL_NOTE)


def _reader(fields: tuple[Field, ...]) -> Any:
    def read(session: Session) -> Values:
        site = session.get(Site, SITE) or Site(largest_upload_mb=LARGEST_UPLOAD_MB, quota_gb=QUOTA_GB)
        return {one.name: getattr(site, one.name) or "" for one in fields}

    return read


def _storer(fields: tuple[Field, ...]) -> Any:
    def store(session: Session, values: Values) -> None:
        site = site_of(session)
        for one in fields:
            setattr(site, one.name, values[one.name])

    return store


def _stands_agency(values: Values) -> str:
    return ", ".join(filter(None, (values["name"], values["locality"], values["hotline"]))) or _("Nothing is said yet.")


def _preview_agency(values: Values, way_back: Values) -> str:
    told: Any = identity.words(Site(**values))
    return shown_on("home", way_back, site=replace(identity.current(), **told))


def _read_look(session: Session) -> Values:
    site = session.get(Site, SITE) or Site(palette="co-vit")
    days = {name: getattr(site, name) for name in ("mourning_from", "mourning_until")}
    return {"palette": site.palette, **{name: day.isoformat() if day else "" for name, day in days.items()}}


def _store_look(session: Session, values: Values) -> None:
    site = site_of(session)
    site.palette = values["palette"]
    site.mourning_from, site.mourning_until = _day(values["mourning_from"]), _day(values["mourning_until"])


def _check_look(_session: Session, values: Values) -> Iterator[Fault]:
    first, last = values["mourning_from"], values["mourning_until"]
    if bool(first) != bool(last):
        yield Fault(_("Say both days, or neither."), "mourning_until" if first else "mourning_from")
    elif last < first:
        yield Fault(_("The last day is before the first. Check both."), "mourning_until")


def _stands_look(values: Values) -> str:
    palette = str(PALETTES.get(values["palette"], values["palette"]))
    if not values["mourning_from"]:
        return palette
    days = [date.fromisoformat(values[name]).strftime("%d/%m/%Y") for name in ("mourning_from", "mourning_until")]
    mourning = _("Mourning from %(first)s to %(last)s.", first=days[0], last=days[1])
    return f"{palette}. {mourning}"


def _preview_look(values: Values, way_back: Values) -> str:
    days = {name: _day(values[name]) for name in ("mourning_from", "mourning_until")}
    palette = identity.palette(Site(palette=values["palette"], **days), clock.now_ms())
    return shown_on("home", way_back, site=replace(identity.current(), palette=palette))


def _read_figures(session: Session) -> Values:
    site = session.get(Site, SITE)
    unshown = site.unshown_figures.split() if site is not None else []
    return {name: name not in unshown for name in FIGURES}


def _store_figures(session: Session, values: Values) -> None:
    site_of(session).unshown_figures = " ".join(sorted(_unshown(values)))


def _check_figures(_session: Session, values: Values) -> Iterator[Fault]:
    if not any(values.values()):
        yield Fault(_("Choose at least one figure."), next(iter(FIGURES)))


def _stands_figures(values: Values) -> str:
    return " · ".join(str(label) for name, label in FIGURES.items() if values[name])


def _preview_figures(values: Values, way_back: Values) -> str:
    return shown_on("home", way_back, site=replace(identity.current(), unshown=_unshown(values)))


def _unshown(values: Values) -> frozenset[str]:
    return frozenset(name for name in FIGURES if not values[name])


def _stands_quotas(values: Values) -> str:
    sizes = {"megabytes": values["largest_upload_mb"], "gigabytes": values["quota_gb"]}
    return _("One file at most %(megabytes)s MB, all together %(gigabytes)s GB.", **sizes)


def _read_approval(session: Session) -> Values:
    return {"by_second_person": second_person.is_on(session)}


def _store_approval(session: Session, values: Values) -> None:
    site_of(session)
    approval.put_rule(session, by_second_person=values["by_second_person"])


def _stands_approval(values: Values) -> str:
    on, off = (
        _("Somebody else approves what one has written oneself."),
        _("Everybody who may publish may approve their own texts."),
    )
    return on if values["by_second_person"] else off


def _day(said: str) -> date | None:
    return date.fromisoformat(said) if said else None
