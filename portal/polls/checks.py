"""Checking a ballot (kiểm tra phiếu): a closed poll's published list, and whether a code is in it.

A code is sent in a form, never in an address: addresses are kept in histories and logs, and a code tells a choice.
"""

from bisect import bisect_left
from dataclasses import dataclass

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for

from portal.core import formats
from portal.core.access import same_origin
from portal.core.caching import cache_for, personal, remember
from portal.core.language import _
from portal.core.logs import quiet
from portal.core.web import form_value, fragment
from portal.polls import box, codes, listing, merkle
from portal.polls.listing import Line
from portal.polls.models import Poll

blueprint = Blueprint("poll_checks", __name__)

SHEET_HEAD = "code,counted,choices"


@dataclass(frozen=True, slots=True)
class Found:
    """A published ballot as it is printed, with what leads from its line to the root: each hash with the side it stands on."""

    code: str
    counted: bool
    labels: list[str]
    line: str
    steps: list[tuple[bool, str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a code that was typed leads to; `said` where it leads to nothing."""

    typed: str = ""
    said: str = ""
    found: tuple[Found, ...] = ()


@blueprint.get("/tham-do/<id:poll_id>/kiem-phieu")
@cache_for(60)
def show(poll_id: int) -> str:
    return _page(_find(poll_id), Answer())


@blueprint.post("/tham-do/<id:poll_id>/kiem-phieu")
@personal
@same_origin
@quiet
def check(poll_id: int) -> Response:
    """Say what is published under a code."""
    poll = _find(poll_id)
    if poll.listed_root is None:
        abort(404)
    answer = _answer(poll, form_value("ma", longest=codes.LONGEST_TYPED))
    in_place: bool = request.htmx  # type: ignore[attr-defined]
    html = fragment("polls/_checked.html", poll=poll, answer=answer) if in_place else _page(poll, answer)
    return make_response(html, 200 if answer.found else 422)


@blueprint.get("/tham-do/<id:poll_id>/danh-sach-phieu.csv")
@cache_for(3_600)
def sheet(poll_id: int) -> Response:
    """Return the list; every line but the first is one that the root binds."""
    poll = _find(poll_id)
    if poll.listed_root is None:
        abort(404)
    lines = [SHEET_HEAD, *map(str, listing.lines_of(poll.id))]
    response = make_response("".join(f"{line}\n" for line in lines))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="danh-sach-phieu-{poll.id}.csv"'
    return response


def _page(poll: Poll, answer: Answer) -> str:
    return render_template(
        "polls/check.html",
        poll=poll,
        answer=answer,
        root=poll.listed_root.hex() if poll.listed_root else "",
        listed_at=formats.moment(poll.listed_at) if poll.listed_at else "",
        legend=[(choice.id, choice.label) for choice in poll.choices],
        sheet_url=url_for("poll_checks.sheet", poll_id=poll.id),
    )


def _answer(poll: Poll, typed: str) -> Answer:
    code = codes.read(typed)
    if code is None:
        return Answer(typed, _("A code has eight letters and figures, such as K7QF-2M9D."))
    found = listing.found(poll.id, code)
    if not found:
        return Answer(typed, _("This code is not in the list. Look at each letter again."))
    lines, tree = remember(("listed", poll.id), lambda: _tree(poll.id))
    return Answer(code, found=tuple(_found(poll, line, bisect_left(lines, str(line)), tree) for line in found))


def _tree(poll_id: int) -> tuple[list[str], list[list[bytes]]]:
    """Return a list's lines in their order, and the rows of hashes over them: made once, however many ask."""
    lines = list(map(str, listing.lines_of(poll_id)))
    return lines, merkle.rows(lines)


def _found(poll: Poll, line: Line, place: int, tree: list[list[bytes]]) -> Found:
    labels = {choice.id: choice.label for choice in poll.choices}
    steps = [(step.is_left, step.hash.hex()) for step in merkle.proof(tree, place)]
    return Found(line.code, line.counted, [labels.get(one, str(one)) for one in line.choices], str(line), steps)


def _find(poll_id: int) -> Poll:
    """Return a public poll whose voters got codes."""
    poll = box.find(poll_id)
    return poll if poll is not None and poll.checkable else abort(404)
