"""What the fields of the list offer: sections, units and people, each with its id."""

from typing import Any, TypeAlias

from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import select

from portal.accounts.models import Unit, User
from portal.accounts.permissions import ALLOWED
from portal.articles.models import Section
from portal.core.db import db
from portal.core.language import DEFAULT
from portal.core.language import NAMES as LANGUAGES
from portal.core.staff import Permission
from portal.desk import scopes
from portal.desk.listing import Sort
from portal.desk.reach import reaches_everything

MOST_PEOPLE = 500
ORDERS = {
    Sort.CHANGED: _l("Changed last"),
    Sort.PUBLISHED: _l("Published last"),
    Sort.TITLE: _l("By title"),
    Sort.WAITING: _l("Waiting, the longest first"),
    Sort.SOONEST: _l("Scheduled, the soonest first"),
}

Options: TypeAlias = list[tuple[Any, str]]


def all_of_them() -> dict[str, Options]:
    """Return what each field offers to whoever asks, by the field's name."""
    return {
        "trang-thai": [(scope.value, str(scopes.LABELS[scope])) for scope in scopes.offered()],
        "chuyen-muc": sections(),
        "don-vi": units(),
        "nguoi": people(),
        "ngon-ngu": list(LANGUAGES.items()),
        "sap": [(sort.value, str(label)) for sort, label in ORDERS.items()],
    }


def sections(*, open_ones: bool = False) -> Options:
    """Return the sections of all languages, ours first; a name that is not in ours says its language.

    `open_ones`: those alone to which something can be moved.
    """
    rows = select(Section.id, Section.name, Section.language)
    rows = rows.where(Section.closed.is_(False)) if open_ones else rows
    found = db.session.execute(rows.order_by(Section.language.desc(), Section.position, Section.id))
    return [(key, name if language == DEFAULT else f"{name} ({language})") for key, name, language in found]


def language_of(section_id: int) -> str | None:
    """Return the language of a section."""
    return db.session.scalar(select(Section.language).where(Section.id == section_id))


def units(*, active: bool = False) -> Options:
    """Return the units for who reaches them all; `active`: those alone to which something can be given."""
    if not reaches_everything():
        return []
    rows = select(Unit.id, Unit.name).order_by(Unit.name)
    return [(key, name) for key, name in db.session.execute(rows.where(Unit.active) if active else rows)]


def people() -> Options:
    """Return who writes, for an author those of the own unit, in order of given names; namesakes are told apart by numbers."""
    writing = [role.value for role, allowed in ALLOWED.items() if Permission.WRITE in allowed]
    rows = select(User.id, User.name).where(User.role.in_(writing)).order_by(User.sorted_as, User.id)
    if not reaches_everything():
        rows = rows.where(User.unit_id == (current_user.unit_id or 0))
    return [(key, f"{name} (#{key})") for key, name in db.session.execute(rows.limit(MOST_PEOPLE))]
