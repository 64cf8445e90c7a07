"""Several pieces at once: taken down with one public reason, or moved. Each is its own write; what could not be done is said."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from flask import Response, abort, make_response, render_template, request, url_for
from flask_login import current_user

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused, Unavailable, gives_back
from portal.core.forms import Form
from portal.core.language import _
from portal.core.staff import Permission, demand, needs, staff_blueprint
from portal.core.web import LARGEST_ID, form_value, query_value, see_other
from portal.desk import asking, choices, listing
from portal.desk.asking import Asked
from portal.desk.forms import MoveForm, ReasonForm
from portal.desk.lines import Line, line
from portal.publishing import moving, steps
from portal.publishing.acts import Given
from portal.publishing.models import Piece
from portal.publishing.rules import Step

blueprint = staff_blueprint("bulk", __name__, url_prefix="/ban-bien-tap/bai")

MOST = 100
TICK = re.compile("([1-9][0-9]{0,9})(?:-([1-9][0-9]{0,9}))?")
"""A piece's id, and the number of the revision that stood before whoever chose it."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A piece that was ticked, as a list prints it; `seen` is the revision that stood before whoever ticked it."""

    line: Line
    seen: int
    language: str
    wrong: str = ""


@blueprint.get("/go")
@needs(Permission.PUBLISH)
def ask_take_down() -> Response:
    return _asked(Permission.PUBLISH, "desk/take_down.html", ReasonForm(formdata=None))


@blueprint.post("/go")
@gives_back("reason", "concern_reason")
@needs(Permission.PUBLISH)
def take_down() -> Response:
    chosen, form = _ticked(request.form.getlist("bai"), Permission.PUBLISH), ReasonForm()
    if not chosen or not form.validate() or (form.spoken and not form.concern_reason.data):
        return _page("desk/take_down.html", form, chosen, asking.asked(form_value), code=422)
    said = {"remark": form.reason.data, "concern_reason": form.concern_reason.data if form.spoken else ""}

    def act(one: Chosen) -> None:
        steps.take(Step.TAKE_DOWN, one.line.id, Given(one.seen, **said), actor=current_user)

    return _answered(chosen, act, "desk/take_down.html", form, permission=Permission.PUBLISH, done="go")


@blueprint.get("/chuyen")
@needs(Permission.EDIT)
def ask_move() -> Response:
    return _asked(Permission.EDIT, "desk/move.html", _move_form(formdata=None))


@blueprint.post("/chuyen")
@needs(Permission.EDIT)
def move() -> Response:
    chosen, form = _ticked(request.form.getlist("bai"), Permission.EDIT), _move_form()
    if not chosen or not form.validate():
        return _page("desk/move.html", form, chosen, asking.asked(form_value), code=422)
    section, unit = (int(field.data) if field.data else None for field in (form.section, form.unit))

    spoken = choices.language_of(section) if section else None

    def act(one: Chosen) -> None:
        if spoken is not None and one.language != spoken:
            raise Refused(_("This section does not stand in the language of the article."))
        moving.move(one.line.id, unit_id=unit, changes={"section_id": section} if section else {}, actor=current_user)

    return _answered(chosen, act, "desk/move.html", form, permission=Permission.EDIT, done="chuyen")


def _move_form(**options: object) -> MoveForm:
    form = MoveForm(**options)
    form.offer(sections=choices.sections(open_ones=True), units=choices.units(active=True))
    return form


def _asked(permission: Permission, template: str, form: Form) -> Response:
    """Show the form for what was ticked in the list."""
    chosen = _ticked(request.args.getlist("bai"), permission)
    return _page(template, form, chosen, asking.asked(query_value), code=200 if chosen else 422)


def _ticked(values: list[str], permission: Permission) -> list[Chosen]:
    """Return what was ticked, in the order of the form. Whoever may not touch one of them finds none."""
    if len(values) > MOST:
        raise Refused(_("Choose at most %(most)s articles at a time.", most=MOST))
    ticks = [TICK.fullmatch(value) or abort(400) for value in dict.fromkeys(values)]
    seen = {int(tick[1]): int(tick[2] or 0) for tick in ticks}
    if any(number > LARGEST_ID for number in (*seen, *seen.values())):
        abort(404)
    found = {row[0].id: row for row in db.session.execute(listing.with_names().where(Piece.id.in_(seen)))}
    for piece_id in seen:
        demand(permission, found[piece_id][0] if piece_id in found else abort(404))
    chosen = [(found[piece_id], number) for piece_id, number in seen.items()]
    return [Chosen(line(row, clock.now_ms()), number or row[0].head, row[0].language) for row, number in chosen]


def _answered(
    chosen: list[Chosen], act: Callable[[Chosen], None], template: str, form: Form, *, permission: Permission, done: str
) -> Response:
    """Do it to each; lead to the list when all is done, else show what is left and why."""
    asked, wrong = asking.asked(form_value), _each(chosen, act)
    if not wrong:
        values: dict[str, Any] = {**asked.given, "xong": done}
        return see_other(url_for("desk.index", **values))
    db.session.rollback()  # what is left is shown as it is now
    left = [replace(one, wrong=wrong[one.line.id]) for one in _ticked([str(number) for number in wrong], permission)]
    number = len(chosen) - len(left)
    return _page(template, form, left, asked, number=number, code=200 if number else 422)


def _each(chosen: list[Chosen], act: Callable[[Chosen], None]) -> dict[int, str]:
    """Do something to each and say by its id why one could not be done; when the database cannot write, the rest is not tried."""
    wrong: dict[int, str] = {}
    busy = ""
    for one in chosen:
        try:
            if not busy:
                act(one)
        except Refused as refused:
            wrong[one.line.id] = str(refused)
        except Unavailable:
            busy = _("The system is busy: not done yet. Please try again.")
        if busy:
            wrong[one.line.id] = busy
    return wrong


def _page(template: str, form: Form, chosen: list[Chosen], asked: Asked, *, number: int = 0, code: int = 200) -> Response:
    return make_response(render_template(template, form=form, chosen=chosen, asked=asked, number=number), code)
