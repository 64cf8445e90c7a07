"""What the agency shows for some days alone as settings: strips of the home page, and urgent notices, which always end."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core import clock, formats
from portal.core.language import _
from portal.files import pictures
from portal.files.models import Picture
from portal.settings import rows
from portal.settings.fields import Address, Choice, Day, Line, Moment
from portal.settings.groups import ROWS, Fault, Lines, Setting, Values
from portal.settings.previews import shown_on
from portal.site import identity, shelf
from portal.site.agency import SITE, site_of
from portal.site.list_settings import placed, stands
from portal.site.lists import StripLine
from portal.site.models import Strip, Urgent
from portal.site.urgency import MOST_WAITING, Band

STRIPS = Lines(
    (
        Line("title", _l("Title"), required=True),
        Address("url", _l("Address"), required=True),
        Day("first_on", _l("First day"), required=True),
        Day("last_on", _l("Last day"), required=True),
        Choice("picture", _l("Picture"), options=shelf.picture_options),
        Line("alt", _l("Description of the picture"), _l("For people who do not see it."), longest=500),
    ),
    _l("Strips"), 30,
)  # fmt: skip
URGENT = Lines(
    (
        Line("text", _l("Text"), required=True, longest=300),
        Address("url", _l("Address"), _l("Where more is to be read. Empty: nowhere."), longest=300),
        Moment("begins_at", _l("Begins"), _l("Empty: as soon as it is saved.")),
        Moment("ends_at", _l("Ends"), required=True),
    ),
    _l("Urgent notices"), MOST_WAITING,
)  # fmt: skip


def settings(lang: str, end: str) -> Iterator[Setting]:
    """Yield what a language's readers see for some days, in settings whose names end in `end`."""
    yield Setting(
        f"tin-khan{end}", f"urgent_{lang}", _l("Urgent notices"), (), partial(_read_urgent, lang), partial(_store_urgent, lang),
        _stands_urgent, _preview_urgent, lines=URGENT, check=_check_urgent, language=lang,
        note=_l("Of those that run, the one that began last stands under the masthead of every page. It ends by itself."),
    )  # fmt: skip
    yield Setting(
        f"bang-anh{end}", f"strips_{lang}", _l("Strips of the home page"), (), partial(_read_strips, lang),
        partial(_store_strips, lang), stands, _preview_strips, lines=STRIPS, check=_check_strips, language=lang,
        note=_l("The first strip whose days hold today is shown."), helpers=shelf.HELPERS,
    )  # fmt: skip


def _read_strips(lang: str, session: Session) -> Values:
    listed = placed(Strip, lang, session)
    leads = {row.place: row for row in session.scalars(_leads(listed))}
    return {ROWS: [_strip(row, leads.get(row.place)) for row in listed]}


def _leads(strips: Sequence[Strip]) -> Any:
    here = select(Picture).where(Picture.place.in_([row.place for row in strips]), Picture.kind == "lead")
    return here.order_by(Picture.position.desc(), Picture.id.desc())


def _strip(row: Strip, lead: Picture | None) -> Values:
    words = {"id": row.id, "level": 1, "title": row.title, "url": row.url}
    days = {"first_on": row.first_on.isoformat(), "last_on": row.last_on.isoformat()}
    return {**words, **days, "picture": str(lead.file_id) if lead else "", "alt": lead.alt if lead else ""}


def _store_strips(lang: str, session: Session, values: Values) -> None:
    site_of(session)

    def assign(row: Strip, value: Values) -> None:
        row.title, row.url = value["title"], value["url"]
        row.first_on, row.last_on = date.fromisoformat(value["first_on"]), date.fromisoformat(value["last_on"])
        session.add(row)
        session.flush()
        _dress(session, row, value)

    def remove(row: Strip) -> None:
        _dress(session, row, {"picture": ""})
        session.delete(row)

    make = partial(Strip, site_id=SITE, language=lang)
    rows.store(session, placed(Strip, lang, session), values[ROWS], make=make, assign=assign, remove=remove)


def _dress(session: Session, strip: Strip, value: Values) -> None:
    """Have a strip show a picture of the shelf, or none."""
    for lead in session.scalars(_leads([strip])):
        session.delete(lead)
    if value["picture"]:
        words = {"alt": value["alt"], "position": 1, "kind": "lead", "key": secrets.token_hex(16)}
        session.add(Picture(file_id=int(value["picture"]), place=strip.place, **words))


def _check_strips(_session: Session, values: Values) -> Iterator[Fault]:
    today = clock.day_of(clock.now_ms()).isoformat()
    for place, row in enumerate(values[ROWS]):
        if row["last_on"] < row["first_on"]:
            yield Fault(_("The last day is before the first. Check both."), "last_on", place)
        elif not row["id"] and row["last_on"] < today:
            yield Fault(_("This day has passed, so the strip would never be seen. Choose a later one."), "last_on", place)
        if row["picture"] and not row["alt"]:
            yield Fault(_("Say what the picture shows, for people who cannot see it."), "alt", place)


def _preview_strips(values: Values, way_back: Values) -> str:
    """Show the strip of today; where none runs today, the first of the list, so that it can be looked at."""
    today = clock.day_of(clock.now_ms()).isoformat()
    running = [row for row in values[ROWS] if row["first_on"] <= today <= row["last_on"]]
    shown = next(iter(running or values[ROWS]), None)
    strip = StripLine(shown["title"], shown["url"], _still(shown)) if shown else None
    return shown_on("home", way_back, site=replace(identity.current(), strip=strip))


def _still(row: Values) -> pictures.Still | None:
    if not row["picture"]:
        return None
    found = pictures.listed(select(Picture).where(Picture.file_id == int(row["picture"])).order_by(Picture.id).limit(1))
    still = found[0][1] if found else None
    return replace(still, alt=row["alt"]) if still else None


def _notices(lang: str, session: Session) -> Sequence[Urgent]:
    """Return the notices that have not ended, in the order in which they begin."""
    here = select(Urgent).where(Urgent.site_id == SITE, Urgent.language == lang, Urgent.ends_at > clock.now_ms())
    return session.scalars(here.order_by(Urgent.begins_at, Urgent.id).limit(MOST_WAITING)).all()


def _read_urgent(lang: str, session: Session) -> Values:
    return {ROWS: [_notice(row) for row in _notices(lang, session)]}


def _notice(row: Urgent) -> Values:
    times = {"begins_at": _local(row.begins_at), "ends_at": _local(row.ends_at)}
    return {"id": row.id, "level": 1, "text": row.text, "url": row.url, **times}


def _store_urgent(lang: str, session: Session, values: Values) -> None:
    site_of(session)
    now = clock.now_ms()

    def assign(row: Urgent, value: Values) -> None:
        row.text, row.url = value["text"], value["url"]
        for name in ("begins_at", "ends_at"):
            stored, said = getattr(row, name), value[name]
            if stored is None or _local(stored) != said:  # what is stored may know the second, which no form shows
                setattr(row, name, clock.instant_at(said) if said else now)

    make = partial(Urgent, site_id=SITE, language=lang)
    rows.store(session, _notices(lang, session), values[ROWS], make=make, assign=assign)


def _check_urgent(_session: Session, values: Values) -> Iterator[Fault]:
    now = _local(clock.now_ms())
    for place, row in enumerate(values[ROWS]):
        if row["ends_at"] <= now:
            yield Fault(_("This time has passed already. Choose a later one, or remove the notice."), "ends_at", place)
        elif row["ends_at"] <= row["begins_at"]:
            yield Fault(_("It would end before it begins. Check both."), "ends_at", place)


def _stands_urgent(values: Values) -> str:
    return _("%(number)s that run or wait.", number=len(values[ROWS])) if values[ROWS] else _("There is none.")


def _preview_urgent(values: Values, way_back: Values) -> str:
    """Show the notice that runs; where none does, the next one, so that it can be looked at."""
    now = clock.now_ms()
    begins = [(clock.instant_at(row["begins_at"]) if row["begins_at"] else now, row) for row in values[ROWS]]
    running = [one for one in begins if one[0] <= now]
    at, shown = max(running, key=_first, default=None) or min(begins, key=_first, default=(0, None))
    band = Band(shown["text"], shown["url"], formats.moment(at), formats.iso(at)) if shown else None
    return shown_on("home", way_back, site=replace(identity.current(), urgent=band))


def _first(one: tuple[int, Values]) -> int:
    return one[0]


def _local(at: int) -> str:
    return clock.local(at).strftime("%Y-%m-%dT%H:%M")
