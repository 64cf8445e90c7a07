"""The agency's menu and links as settings."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import takewhile
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.language import _
from portal.settings import rows
from portal.settings.fields import Address, Choice, Line, Tick
from portal.settings.groups import ROWS, Fault, Lines, Setting, Values
from portal.settings.previews import shown_on
from portal.site import identity
from portal.site.agency import SITE, site_of
from portal.site.lists import MOST_LINES, MOST_TASKS, MenuLine, Named
from portal.site.models import Link, MenuItem

PLACES = {"task": _l("Tasks of the home page"), "link": _l("Links of the home page"), "foot": _l("Footer")}
MENU = Lines(
    (
        Line("label", _l("Label"), required=True, longest=80),
        Address("url", _l("Address")),
        Tick("hidden", _l("Hidden")),
    ),
    _l("Lines of the menu"), 100, levels=2,
)  # fmt: skip
LINKS = Lines(
    (
        Line("title", _l("Title"), required=True, longest=120),
        Address("url", _l("Address"), required=True),
        Choice("place", _l("Place"), options=lambda: [(key, str(label)) for key, label in PLACES.items()]),
    ),
    _l("Links"), 100,
)  # fmt: skip


def settings(lang: str, end: str) -> Iterator[Setting]:
    """Yield the lists of a language, whose settings' names end in `end`."""
    yield Setting(
        f"trinh-don{end}", f"menu_{lang}", _l("Menu"), (), partial(_read_menu, lang), partial(_store_menu, lang), stands,
        _preview_menu, lines=MENU, check=_check_menu, language=lang,
        note=_l(
            "Nine lines of the first level are shown. A line without an address only opens what stands below it. "
            "The address of a page of this site begins with /, that of another with https://."
        ),
    )  # fmt: skip
    yield Setting(
        f"lien-ket{end}", f"links_{lang}", _l("Links"), (), partial(_read_links, lang), partial(_store_links, lang), stands,
        _preview_links, lines=LINKS, language=lang,
        note=_l("The address of a page of this site begins with /, that of another with https://."),
    )  # fmt: skip


def stands(values: Values) -> str:
    """Say what stands on the first level of a list."""
    names = [row.get("label") or row.get("title") for row in values[ROWS] if row["level"] == 1]
    more = len(names) - MOST_LINES
    return (", ".join(names[:MOST_LINES]) + (f" … (+{more})" if more > 0 else "")) or _("There is nothing here yet.")


def placed(model: type[Any], lang: str, session: Session) -> Sequence[Any]:
    """Return the rows of a list in order."""
    here = select(model).where(model.site_id == SITE, model.language == lang)
    return session.scalars(here.order_by(model.position, model.id)).all()


def _read_menu(lang: str, session: Session) -> Values:
    listed = rows.in_order(placed(MenuItem, lang, session), levels=2)
    return {
        ROWS: [{"id": row.id, "level": level, "label": row.label, "url": row.url, "hidden": row.hidden} for row, level in listed]
    }


def _store_menu(lang: str, session: Session, values: Values) -> None:
    site_of(session)

    def assign(row: MenuItem, value: Values) -> None:
        row.label, row.url, row.hidden = value["label"], value["url"], value["hidden"]

    make = partial(MenuItem, site_id=SITE, language=lang)
    rows.store(session, placed(MenuItem, lang, session), values[ROWS], make=make, assign=assign)


def _check_menu(_session: Session, values: Values) -> Iterator[Fault]:
    lines, first = values[ROWS], 0
    for place, line in enumerate(lines):
        first += line["level"] == 1 and not line["hidden"]
        if first > MOST_LINES:
            most = _("Only %(most)s lines of the first level are shown. Hide one, or move it in.", most=MOST_LINES)
            yield Fault(most, "hidden", place)
            return
        below = takewhile(lambda one: one["level"] > 1, lines[place + 1 :]) if line["level"] == 1 else ()
        if not line["url"] and all(one["hidden"] for one in below):
            yield Fault(_("Nothing that is shown stands below this line, so it needs an address."), "url", place)


def _preview_menu(values: Values, way_back: Values) -> str:
    menu = list[MenuLine]()
    shown = True
    for line in values[ROWS]:
        if line["level"] == 1:
            shown = not line["hidden"]
            menu += [MenuLine(line["label"], line["url"])] if shown else []
        elif shown and not line["hidden"]:
            menu[-1] = replace(menu[-1], children=(*menu[-1].children, Named(line["label"], line["url"])))
    return shown_on("home", way_back, site=replace(identity.current(), menu=tuple(menu)))


def _read_links(lang: str, session: Session) -> Values:
    listed = placed(Link, lang, session)
    return {ROWS: [{"id": row.id, "level": 1, "title": row.title, "url": row.url, "place": row.place} for row in listed]}


def _store_links(lang: str, session: Session, values: Values) -> None:
    site_of(session)

    def assign(row: Link, value: Values) -> None:
        row.title, row.url, row.place = value["title"], value["url"], value["place"]

    rows.store(session, placed(Link, lang, session), values[ROWS], make=partial(Link, site_id=SITE, language=lang), assign=assign)


def _preview_links(values: Values, way_back: Values) -> str:
    def at(place: str) -> tuple[Named, ...]:
        return tuple(Named(row["title"], row["url"]) for row in values[ROWS] if row["place"] == place)

    site = replace(identity.current(), tasks=at("task")[:MOST_TASKS], links=at("link"), foot_links=at("foot"))
    return shown_on("home", way_back, site=site)
