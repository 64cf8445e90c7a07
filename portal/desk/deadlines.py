"""Within how many hours a section answers what was sent to review: set by administrators, for all sections on one page."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import Response, make_response, render_template, url_for
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import audit
from portal.articles.models import Section
from portal.audit import Actor, vocabulary
from portal.core.db import db, write
from portal.core.language import NAMES as LANGUAGES
from portal.core.language import _
from portal.core.staff import Permission, needs, staff_blueprint
from portal.core.web import form_value, query_value, see_other

blueprint = staff_blueprint("deadlines", __name__, url_prefix="/ban-bien-tap/thoi-han")

MOST_HOURS = 720
LONGEST = 10


@dataclass(frozen=True, slots=True)
class Row:
    """A section with what stands in its field, and what stood there when the page was opened."""

    id: int
    name: str
    language: str
    before: str
    typed: str
    wrong: str = ""


@blueprint.get("")
@needs(Permission.MANAGE_SITE)
def show() -> Response:
    done = _("Saved.") if query_value("xong", longest=20) == "luu" else ""
    return _page(_rows(), done=done)


@blueprint.post("")
@needs(Permission.MANAGE_SITE)
def save() -> Response:
    """Set what was changed on the page; what somebody else has set meanwhile stays where this page did not touch it."""
    rows = [_typed(row) for row in _rows()]
    if any(row.wrong for row in rows):
        return _page(rows, said=_("Nothing was saved. Correct what is marked."), code=422)
    set_hours({row.id: _hours(row.typed) for row in rows if row.typed != row.before}, actor=current_user)
    return see_other(url_for("deadlines.show", xong="luu"))


def set_hours(hours: Mapping[int, int | None], *, actor: Actor) -> None:
    """Set the hours of sections, None for no deadline; each that changes is on record."""

    def store(session: Session) -> None:
        found = session.scalars(select(Section).where(Section.id.in_(hours)).order_by(Section.id).with_for_update(of=Section))
        changed = [section for section in found if section.review_hours != hours[section.id]]
        for section in changed:
            section.review_hours = hours[section.id]
        session.flush()
        for section in changed:
            thing = f"section:{section.id}"
            audit.record(session, vocabulary.DEADLINE_SET, actor=actor, thing=thing, hours=section.review_hours)

    write(store)


def _rows() -> list[Row]:
    found = db.session.scalars(select(Section).order_by(Section.language.desc(), Section.position, Section.id))
    hours = [(section, str(section.review_hours or "")) for section in found]
    return [Row(one.id, one.name, LANGUAGES.get(one.language, one.language), said, said) for one, said in hours]


def _typed(row: Row) -> Row:
    """Return a row with what was sent for it; a section that was added since has nothing sent."""
    before, typed = (form_value(f"{name}-{row.id}", longest=LONGEST).strip() for name in ("cu", "gio"))
    return replace(row, before=before, typed=typed, wrong=_wrong(typed))


def _wrong(typed: str) -> str:
    is_right = typed == "" or (typed.isascii() and typed.isdigit() and 0 < int(typed) <= MOST_HOURS)
    return "" if is_right else _("Write whole hours from 1 to %(most)s, or leave it empty.", most=MOST_HOURS)


def _hours(typed: str) -> int | None:
    return int(typed) if typed else None


def _page(rows: list[Row], *, said: str = "", done: str = "", code: int = 200) -> Response:
    return make_response(render_template("desk/deadlines.html", rows=rows, said=said, done=done, most=MOST_HOURS), code)
