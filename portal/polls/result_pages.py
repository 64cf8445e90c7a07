"""The staff's page of a poll's result while it runs, refreshed in place, and the same as sheets for other programs."""

import csv
import io

from flask import Response, jsonify, make_response, render_template, request
from flask_login import current_user
from sqlalchemy.orm import Session

from portal import audit
from portal.audit import vocabulary
from portal.audit.sheet import cell
from portal.core import clock, formats
from portal.core.db import db, write
from portal.core.language import _
from portal.core.staff import Permission, needs, no_work, staff_blueprint
from portal.core.web import fragment
from portal.polls import results, roster, workbooks
from portal.polls.models import Poll
from portal.polls.results import Results
from portal.polls.workbooks import workbook

blueprint = staff_blueprint("poll_results", __name__, url_prefix="/ban-bien-tap/tham-do/<id:poll_id>/ket-qua")

BOM = "\ufeff"
"""Without it Excel takes UTF-8 for something else."""


@blueprint.get("")
@needs(Permission.MANAGE_POLLS)
def show(poll_id: int) -> str:
    return _page(db.get_or_404(Poll, poll_id))


@blueprint.get("/so-lieu")
@needs(Permission.MANAGE_POLLS)
@no_work
def figures(poll_id: int) -> str:
    """Return the figures anew: alone for the page that is open, which asks for them every few seconds."""
    poll = db.get_or_404(Poll, poll_id)
    if request.htmx:  # type: ignore[attr-defined]
        return fragment("polls/_live.html", poll=poll, live=results.of(poll))
    return _page(poll)


def _page(poll: Poll) -> str:
    is_open = poll.is_open(clock.now_ms())
    return render_template("polls/live.html", poll=poll, live=results.of(poll), is_open=is_open, strength=_strength())


@blueprint.post("/tham-do.csv")
@needs(Permission.MANAGE_POLLS)
def as_csv(poll_id: int) -> Response:
    """Return the result as a sheet; what it says is on record as taken out."""
    poll = db.get_or_404(Poll, poll_id)
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([list(map(cell, line)) for line in _lines(poll, results.of(poll))])
    return _given(poll, make_response(BOM + text.getvalue()), "csv", "text/csv; charset=utf-8")


@blueprint.post("/tham-do.xlsx")
@needs(Permission.MANAGE_POLLS)
def as_xlsx(poll_id: int) -> Response:
    """Return the same sheet for Excel."""
    poll = db.get_or_404(Poll, poll_id)
    octets = workbook(poll.question, _lines(poll, results.of(poll)))
    return _given(poll, make_response(octets), "xlsx", workbooks.KIND)


@blueprint.post("/tham-do.json")
@needs(Permission.MANAGE_POLLS)
def as_json(poll_id: int) -> Response:
    """Return the same for programs."""
    poll = db.get_or_404(Poll, poll_id)
    found = results.of(poll)
    said = {
        "poll": poll.id,
        "question": poll.question,
        "language": poll.language,
        "version": poll.version,
        "state": roster.state_of(poll, found.at),
        "opens_at": formats.iso(poll.opens_at) if poll.opens_at else None,
        "closes_at": formats.iso(poll.closes_at) if poll.closes_at else None,
        "at": formats.iso(found.at),
        "base": found.voters,
        "uncounted": {"total": found.uncounted, "by_reason": dict(found.reasons)},
        "choices": [{"label": one.label, "votes": one.votes, "percent": one.percent} for one in found.choices],
        "times": [{"time": one.name, "counted": one.counted, "uncounted": one.uncounted} for one in found.times],
        "places": [{"place": one.name, "counted": one.counted, "uncounted": one.uncounted} for one in found.places],
        "definitions": _definitions(poll),
    }
    return _given(poll, jsonify(said), "json", "application/json")


def _lines(poll: Poll, found: Results) -> list[tuple[object, ...]]:
    """Return the lines of the sheet: what was asked, the result, when and where votes came from, and what words mean."""
    head = [
        (_("Question"), poll.question),
        (_("Version of the text"), poll.version),
        (_("State"), roster.state_of(poll, found.at)),
        *((label, formats.moment(at)) for label, at in ((_("Opens at"), poll.opens_at), (_("Closes at"), poll.closes_at)) if at),
        (_("Figures of"), formats.moment(found.at)),
        (_("Votes counted"), found.voters),
        (_("Votes not counted"), found.uncounted),
        *found.reasons,
    ]
    choices = [(one.label, one.votes, one.percent) for one in found.choices]
    tables = ((_("Time"), found.times), (_("Where it stood"), found.places))
    more = [
        line
        for title, rows in tables
        for line in [(), (title, _("Counted"), _("Not counted")), *((row.name, row.counted, row.uncounted) for row in rows)]
    ]
    return [*head, (), (_("Choice"), _("Votes"), _("Percent")), *choices, *more, (), *((one,) for one in _definitions(poll))]


def _definitions(poll: Poll) -> list[str]:
    base = (
        _("Percent: of all voters whose vote counts; each may choose several, so the sum may be more than 100.")
        if poll.is_multiple
        else _("Percent: of all votes that count, rounded so that equal numbers stay equal; the sum may differ from 100.")
    )
    return [base, _strength()]


def _strength() -> str:
    return _("One vote per browser; no identity is collected. The result is indicative only.")


def _given(poll: Poll, response: Response, ending: str, kind: str) -> Response:
    def store(session: Session) -> None:
        audit.record(session, vocabulary.POLL_EXPORTED, actor=current_user, thing=f"poll:{poll.id}", kind=ending)

    write(store)
    response.headers["Content-Type"] = kind
    response.headers["Content-Disposition"] = f'attachment; filename="tham-do-{poll.id}.{ending}"'
    return response
