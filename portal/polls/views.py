"""Voting over the web: in place with htmx, by plain forms and pages without."""

import re

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for

from portal.core import clock, formats, versions
from portal.core.access import same_origin
from portal.core.caching import cache_for, depends_on, personal
from portal.core.language import _
from portal.core.logs import quiet
from portal.core.web import form_value, fragment, query_value, safe_back, see_other
from portal.polls import box, browser, changes
from portal.polls.ballots import Outcome, Sent, Verdict, cast, tag_of
from portal.polls.box import Box, Notice, Visitor
from portal.polls.models import Poll
from portal.polls.receipts import Receipt, receipt_of
from portal.polls.tallies import tally_of

blueprint = Blueprint("polls", __name__)

MOST_CHOICES = 60
NUMBER = re.compile("[1-9][0-9]{0,8}")


@blueprint.get("/tham-do/<id:poll_id>")
@cache_for(60)
def show(poll_id: int) -> str:
    poll = _find(poll_id)
    depends_on(tag_of(poll.id))
    return render_template("polls/show.html", box=box.make(poll, tally_of(poll.id), Visitor()))


@blueprint.get("/tham-do/<id:poll_id>/ket-qua")
@personal
def results(poll_id: int) -> Response:
    """Show the result, or what may be seen of it, to this browser."""
    poll, back = _find(poll_id), safe_back(query_value("back", longest=300))
    receipt = receipt_of(poll, browser.known())
    notice = None
    if receipt is not None:
        notice = _recorded() if query_value("moi", longest=1) else _voted_at(receipt.cast_at)
    return _answer(box.make(poll, tally_of(poll.id), Visitor(receipt, back=back), results=True, notice=notice))


@blueprint.get("/tham-do/<id:poll_id>/phieu")
@personal
def paper(poll_id: int) -> Response:
    """Show the form again after a look at the result."""
    poll, back = _find(poll_id), safe_back(query_value("back", longest=300))
    return _answer(box.make(poll, tally_of(poll.id), Visitor(back=back)))


@blueprint.post("/tham-do/<id:poll_id>")
@personal
@same_origin
@quiet
def vote(poll_id: int) -> Response:
    """Take a ballot. A browser without cookie and without script is sent round once more, now with both."""
    known, named = browser.known(), _request_token()
    if known is None and named is None:
        fresh = browser.new_token()
        again = redirect(url_for("polls.vote", poll_id=poll_id, k=fresh.hex()), 307)
        return browser.remember(make_response(again), fresh)
    request_token = named or browser.new_token()
    sent = Sent(poll_id, _number("version"), _choices(), browser=known or request_token, request=request_token)
    back = safe_back(form_value("back", longest=300))  # all is read before anything is stored
    verdict = cast(sent)
    if verdict.outcome is Outcome.NOT_YOURS:
        abort(400)
    response = _say(verdict, sent, back)
    return browser.remember(response, sent.browser) if verdict.outcome in STANDS else response


STANDS = {Outcome.COUNTED, Outcome.ALREADY_VOTED}


def _say(verdict: Verdict, sent: Sent, back: str | None) -> Response:
    """Return what a voter is told: the result where a ballot stands, else the box with a sentence and the choice kept."""
    outcome = verdict.outcome
    if outcome not in STANDS:
        versions.current().look(force=True)  # whoever is asked again sees what the ballot was measured by
    poll = _find(sent.poll_id)
    if outcome in STANDS and not request.htmx:  # type: ignore[attr-defined]
        new = 1 if outcome is Outcome.COUNTED else None
        return see_other(url_for("polls.results", poll_id=poll.id, back=back, moi=new))
    if outcome in STANDS:
        if outcome is Outcome.COUNTED:
            receipt, notice = Receipt(clock.now_ms(), sent.choice_ids), _recorded()
        else:
            receipt = receipt_of(poll, sent.browser) or abort(404)
            notice = _voted_at(receipt.cast_at)
        made = box.make(poll, verdict.tally, Visitor(receipt, back=back), results=True, notice=notice)
        return _answer(made, 200 if outcome is Outcome.COUNTED else 409)
    code, notice = _refusal(outcome, poll, sent)
    return _answer(box.make(poll, verdict.tally, Visitor(picked=sent.choice_ids, back=back), notice=notice), code)


def _refusal(outcome: Outcome, poll: Poll, sent: Sent) -> tuple[int, Notice]:
    if outcome is Outcome.CHANGED:
        return 409, Notice("warn", changes.since(poll, sent.version))
    if outcome is Outcome.CLOSED:
        return 409, Notice("info", _("The poll has closed; this vote was not counted. Below is the final result."))
    if outcome is Outcome.NOT_OPEN:
        return 409, Notice("info", _("The poll is not open yet."))
    return 422, Notice("bad", box.hint(poll) if sent.choice_ids else _("You have not chosen anything."))


def _answer(made: Box, code: int = 200) -> Response:
    in_place: bool = request.htmx  # type: ignore[attr-defined]
    html = fragment("polls/_poll.html", box=made) if in_place else render_template("polls/show.html", box=made)
    response = make_response(html, code)
    response.headers["Vary"] = "HX-Request"
    return response


def _recorded() -> Notice:
    return Notice("ok", _("Your vote is recorded."))


def _voted_at(instant: int) -> Notice:
    return Notice("info", _("This browser voted at %(moment)s.", moment=formats.moment(instant)))


def _find(poll_id: int) -> Poll:
    return box.find(poll_id) or abort(404)


def _request_token() -> bytes | None:
    """Return the id of this request: from the script's field, else from the address that we sent the browser round with."""
    said = form_value("request", longest=64) or query_value("k", longest=64)
    return (browser.token(said) or abort(400)) if said else None


def _number(name: str) -> int:
    said = form_value(name, longest=9)
    return int(said) if NUMBER.fullmatch(said) else abort(400)


def _choices() -> frozenset[int]:
    said = request.form.getlist("choice")
    if len(said) > MOST_CHOICES or len(set(said)) < len(said) or not all(NUMBER.fullmatch(one) for one in said):
        abort(400)
    return frozenset(map(int, said))
