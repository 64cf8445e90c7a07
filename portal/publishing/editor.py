"""A page for each step: what will happen, what it asks for, and what has happened meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, make_response, render_template, request
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload, load_only

from portal.core import clock, formats
from portal.core.db import db
from portal.core.errors import Refused, gives_back
from portal.core.staff import demand, may, needs, staff_blueprint
from portal.core.web import LARGEST_ID, see_other
from portal.publishing import acts, kinds, moments, revisions, second_person, steps
from portal.publishing.choices import EXPLAINED, LABELS, SLUGS, weight
from portal.publishing.forms import StepForm
from portal.publishing.kinds import Concern
from portal.publishing.lines import Line, revision_line, step_line
from portal.publishing.models import Piece, Revision, Taken
from portal.publishing.rules import RULES, Step, is_possible, permission_for
from portal.publishing.states import NAMES, state_of
from portal.publishing.steps import Overtaken

blueprint = staff_blueprint("publishing", __name__, url_prefix="/ban-bien-tap/bai")

MOST_TOLD = 5
"""Of what has happened meanwhile."""
TYPED = ("remark", "note", "leader_who", "leader_symbol", "concern_reason")
"""Fields of a step in which people write sentences."""


def found(piece_id: int, step: Step) -> Piece:
    """Return a piece with which whoever asks may take a step at all; else 404."""
    piece = db.get_or_404(Piece, piece_id)
    demand(RULES[step].permission, piece)
    return piece


@dataclass(frozen=True, slots=True)
class Seen:
    """What stands on the page of a step: sent back with it, so that nobody decides on what they have not seen."""

    head: int
    after: int


def _view(step: Step) -> Callable[[int], Response]:
    def act(piece_id: int) -> Response:
        piece = found(piece_id, step)
        form, concerns = StepForm(), _concerns(step, piece)
        form.ask(step, piece, has_concerns=bool(concerns))
        return _take(step, piece, form, concerns) if request.method == "POST" else _first(step, piece, form, concerns)

    act.__name__ = step.value
    return gives_back(*TYPED)(needs(RULES[step].permission)(act))


def _first(step: Step, piece: Piece, form: StepForm, concerns: list[Concern]) -> Response:
    return _page(step, piece, form, concerns, code=200 if _is_open(step, piece) else 409)


def _take(step: Step, piece: Piece, form: StepForm, concerns: list[Concern]) -> Response:
    home = kinds.of(piece).edit_url_of(piece)
    try:
        steps.take(step, piece.id, form.given(), actor=current_user, asked=_asked(step, piece))
    except Overtaken as overtaken:
        db.session.refresh(piece)
        return _page(step, piece, form, _concerns(step, piece), code=409, said=str(overtaken))
    except Refused as refused:
        return _page(step, piece, form, concerns, code=422, said=str(refused))
    return see_other(f"{home}?xong={SLUGS[step]}")


def _page(step: Step, piece: Piece, form: StepForm, concerns: list[Concern], *, code: int, said: str = "") -> Response:
    values: dict[str, Any] = {
        "piece": piece,
        "state": NAMES[state_of(piece)],
        "step": step,
        "label": LABELS[step],
        "explained": EXPLAINED[step],
        "weight": weight(step),
        "form": form,
        "said": said,
        "concerns": concerns,
        "not_by_me": second_person.sentence() if _is_open(step, piece) and _is_refused(step, piece) else "",
        "is_open": _is_open(step, piece),
        "seen": Seen(piece.head, steps.last_step(db.session(), piece.id)),
        "seen_before": _sent("seen", piece.head),
        "meanwhile": _meanwhile(piece) if code == 409 else [],
        "moment": _moment(form),
        "now": formats.moment(clock.now_ms()),
        "back": kinds.of(piece).edit_url_of(piece),
    }
    return make_response(render_template("publishing/step.html", **values), code)


def _is_open(step: Step, piece: Piece) -> bool:
    """Tell whether whoever asks may take a step with a piece as it is."""
    return is_possible(step, piece) and may(permission_for(step, piece), piece)


def _is_refused(step: Step, piece: Piece) -> bool:
    """Tell whether somebody else than who asks must take a step, unless a leader's approval is on record."""
    return second_person.refuses(db.session(), step, piece, current_user.id)


def _asked(step: Step, piece: Piece) -> Any:
    """Return the permission that whoever asks has: the one that the step takes now, else its own, which is then too little."""
    needed = permission_for(step, piece)
    return needed if may(needed, piece) else RULES[step].permission


def _concerns(step: Step, piece: Piece) -> list[Concern]:
    """Return what is published only with a reason, where the step would publish it and no reason was given yet."""
    if step not in acts.READY:
        return []
    revision = db.session.scalars(revisions.at(piece.id, piece.head)).one()
    return [] if acts.is_explained(db.session(), piece) else kinds.of(piece).concerns(revision.content)


def _meanwhile(piece: Piece) -> list[Line]:
    """Return what was saved and done since the page was opened on which the step was chosen; the last step where it was not."""
    seen, after = _sent("seen", piece.head), _sent("after", None)
    outline = revisions.history(piece.id).options(load_only(*revisions.OUTLINE))
    rows = db.session.scalars(outline.where(Revision.number > (seen or piece.head)).limit(MOST_TOLD))
    taken = select(Taken).where(Taken.piece_id == piece.id).options(joinedload(Taken.actor)).order_by(Taken.id.desc())
    done = taken.limit(1) if after is None else taken.where(Taken.id > after).limit(MOST_TOLD)
    lines = [*(revision_line(row, piece) for row in rows), *(step_line(row) for row in db.session.scalars(done))]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _sent(name: str, largest: int | None) -> int | None:
    """Return what a form says that its sender has seen, where it can have been so."""
    said = request.form.get(name, "")
    if not (said.isascii() and said.isdigit() and len(said) <= len(str(LARGEST_ID))):
        return None
    number = int(said)
    return number if largest is None or 0 < number <= largest else None


def _moment(form: StepForm) -> str:
    """Return in words the minute that was typed, "" where none was or there is none."""
    try:
        return moments.said(moments.instant_of(form.at.data)) if form.at.data else ""
    except Refused:
        return ""


for _step, _slug in SLUGS.items():
    _address, _page_of_step = f"/<id:piece_id>/{_slug}", _view(_step)
    blueprint.add_url_rule(_address, endpoint=_step.value, view_func=_page_of_step, methods=["GET"])
    blueprint.add_url_rule(_address, endpoint=_step.value, view_func=_page_of_step, methods=["POST"])
