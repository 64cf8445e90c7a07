"""Voting over the web: in place with htmx, by plain forms and pages without."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for

from portal.core import clock, versions
from portal.core.access import same_origin
from portal.core.caching import cache_for, depends_on, personal
from portal.core.logs import quiet
from portal.core.networks import network_of
from portal.core.web import form_value, fragment, query_value, safe_back, see_other
from portal.polls import box, browser, notices
from portal.polls.ballots import Outcome, Sent, Verdict, cast, tag_of
from portal.polls.box import Box, Visitor
from portal.polls.models import MOST_CHOICES, Channel, Poll
from portal.polls.oembed import address_of
from portal.polls.receipts import Receipt, receipt_of
from portal.polls.tallies import tally_of
from portal.polls.velocity import Source

blueprint = Blueprint("polls", __name__)

NUMBER = re.compile("[1-9][0-9]{0,8}")


@blueprint.get("/tham-do/<id:poll_id>")
@cache_for(60)
def show(poll_id: int) -> str:
    poll = _find(poll_id)
    depends_on(tag_of(poll.id))
    made = box.make(poll, tally_of(poll.id), Visitor())
    return render_template("polls/show.html", box=made, oembed_url=address_of(poll))


@blueprint.get("/tham-do/<id:poll_id>/ket-qua")
@personal
def results(poll_id: int) -> Response:
    """Show the result, or what may be seen of it, to this browser."""
    poll, back = _find(poll_id), safe_back(query_value("back", longest=300))
    receipt = receipt_of(poll, browser.known())
    said = query_value("moi", longest=1)
    notice = notices.of_ballot(poll, receipt, is_new=said == "1", is_unchanged=said == "2") if receipt else None
    return _answer(box.make(poll, tally_of(poll.id), Visitor(receipt, back=back), results=True, notice=notice))


@blueprint.get("/tham-do/<id:poll_id>/phieu")
@personal
def paper(poll_id: int) -> Response:
    """Show the form again after a look at the result, or to change a ballot where that may be."""
    poll, visitor = _find(poll_id), Visitor(back=safe_back(query_value("back", longest=300)))
    receipt = receipt_of(poll, browser.known()) if poll.may_change else None
    if receipt is not None and box.may_change(poll, receipt, clock.now_ms()):
        visitor = replace(visitor, receipt=receipt, picked=receipt.choice_ids, changes=receipt.changes)
    return _answer(box.make(poll, tally_of(poll.id), visitor))


@blueprint.post("/tham-do/<id:poll_id>")
@personal
@same_origin
@quiet
def vote(poll_id: int) -> Response:
    """Take a ballot. A browser without cookie and without script is sent round once more, now with both."""
    known, named = browser.known(), request_token()
    if known is None and named is None:
        fresh = browser.new_token()
        again = redirect(url_for("polls.vote", poll_id=poll_id, k=fresh.hex()), 307)
        return browser.remember(make_response(again), fresh)
    token = named or browser.new_token()
    back = safe_back(form_value("back", longest=300))  # all is read before anything is stored
    sent = read_ballot(poll_id, known or token, token, source_of(_channel(back)))
    verdict = cast(sent)
    if verdict.outcome is Outcome.NOT_YOURS:
        abort(400)
    stage = Stage(_answer, lambda moi: url_for("polls.results", poll_id=poll_id, back=back, moi=moi), back)
    response = say(verdict, sent, stage)
    return browser.remember(response, sent.browser) if verdict.outcome in STANDS else response


STANDS = {Outcome.COUNTED, Outcome.SET_ASIDE, Outcome.ALREADY_VOTED}
LONGEST_LIKENESS = 400


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a box stands: what answers with it, the address of the result by what is said there, and the way back."""

    answer: Callable[[Box, int], Response]
    results_url: Callable[[int | None], str]
    back: str | None = None


def say(verdict: Verdict, sent: Sent, stage: Stage) -> Response:
    """Return what a voter is told: the result where a ballot stands, else the box with a sentence and the choice kept."""
    if verdict.outcome not in STANDS:
        versions.current().look(force=True)  # whoever is asked again sees what the ballot was measured by
    poll = _find(sent.poll_id)
    if verdict.outcome in STANDS:
        return _say_it_stands(verdict, poll, sent, stage)
    code, notice = notices.of_refusal(verdict.outcome, poll, sent)
    visitor = Visitor(picked=sent.choice_ids, back=stage.back, changes=sent.changes)
    if sent.changes is not None:
        visitor = replace(visitor, receipt=receipt_of(poll, sent.browser))
    return stage.answer(box.make(poll, verdict.tally, visitor, notice=notice), code)


def _say_it_stands(verdict: Verdict, poll: Poll, sent: Sent, stage: Stage) -> Response:
    if verdict.outcome is Outcome.COUNTED and not poll.checkable:
        receipt = Receipt(clock.now_ms(), sent.choice_ids)
    else:
        receipt = receipt_of(poll, sent.browser) or abort(404)
    # Without a script, a change that is sent again has another request's id: it is known by what it says.
    is_new = verdict.outcome is not Outcome.ALREADY_VOTED or (sent.changes is not None and receipt.choice_ids == sent.choice_ids)
    is_unchanged = not is_new and sent.changes is not None
    if not request.htmx:  # type: ignore[attr-defined]
        said = 1 if is_new else 2 if is_unchanged else None
        return see_other(stage.results_url(said))
    notice = notices.of_ballot(poll, receipt, is_new=is_new, is_unchanged=is_unchanged)
    made = box.make(poll, verdict.tally, Visitor(receipt, back=stage.back), results=True, notice=notice)
    return stage.answer(made, 200 if is_new else 409)


def _answer(made: Box, code: int = 200) -> Response:
    in_place: bool = request.htmx  # type: ignore[attr-defined]
    html = fragment("polls/_poll.html", box=made) if in_place else render_template("polls/show.html", box=made)
    response = make_response(html, code)
    response.headers["Vary"] = "HX-Request"
    return response


def _find(poll_id: int) -> Poll:
    return box.find(poll_id) or abort(404)


def _channel(back: str | None) -> Channel:
    return Channel.PAGE if back is None else Channel.HOME if back == url_for("front.home") else Channel.ARTICLE


def source_of(channel: Channel, site: str | None = None) -> Source:
    """Return where a ballot comes from; `site` is the host of an embedding site."""
    likeness = "\n".join(request.headers.get(name, "")[:LONGEST_LIKENESS] for name in ("User-Agent", "Accept-Language"))
    return Source(channel, site, network_of(request.remote_addr or ""), likeness)


def read_ballot(poll_id: int, voter: bytes, token: bytes, source: Source) -> Sent:
    """Return the ballot that the form says."""
    return Sent(poll_id, _number("version"), _choices(), voter, token, _changes(), source)


def request_token() -> bytes | None:
    """Return the id of this request: from the script's field, else from the address that we sent the browser round with."""
    said = form_value("request", longest=64) or query_value("k", longest=64)
    return (browser.token(said) or abort(400)) if said else None


def _number(name: str) -> int:
    said = form_value(name, longest=9)
    return int(said) if NUMBER.fullmatch(said) else abort(400)


def _changes() -> int | None:
    """Return how often the ballot that is to be changed was changed before, None where none is."""
    said = form_value("changes", longest=9)
    return (int(said) if said == "0" or NUMBER.fullmatch(said) else abort(400)) if said else None


def _choices() -> frozenset[int]:
    said = request.form.getlist("choice")
    if len(said) > MOST_CHOICES or len(set(said)) < len(said) or not all(NUMBER.fullmatch(one) for one in said):
        abort(400)
    return frozenset(map(int, said))
