"""Polls in other sites' pages (mã nhúng): the same box in a frame, on the sites that a poll allows.

The frame's cookie is another than our pages', kept apart for each embedding site. Where it is blocked, the request's id names
the ballot; without a script, too, the frame leads to our page. Why: docs/decisions/0030-embeds.md.
"""

from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for

from portal.core import caching, clock, headers, language
from portal.core.access import same_origin_else
from portal.core.caching import personal
from portal.core.language import _
from portal.core.logs import quiet
from portal.core.web import absolute, fragment, query_value
from portal.polls import box, browser, notices, places
from portal.polls.ballots import Outcome, cast, tag_of
from portal.polls.box import Box, Notice, Visitor
from portal.polls.models import Channel, Poll
from portal.polls.places import Place
from portal.polls.receipts import receipt_of
from portal.polls.snippets import Look, frame_url
from portal.polls.tallies import tally_of
from portal.polls.views import STANDS, Stage, read_ballot, request_token, say, source_of

blueprint = Blueprint("poll_embeds", __name__, url_prefix="/embed/polls/<id:poll_id>")

PALETTES = ("co-vit", "cham", "gom", "than")
THEMES = ("light", "dark", "auto")
LONGEST_NAME = 10


@dataclass(frozen=True, slots=True)
class Frame:
    """A poll in a frame: where it stands and how it looks; "" for what the address does not say."""

    poll: Poll
    place: Place
    palette: str
    theme: str

    def url(self, endpoint: str, **more: Any) -> str:
        """Return the address of one of the frame's views, which keeps the place and the looks."""
        key = places.key_of(self.poll.id, self.place)
        looks: dict[str, Any] = {"palette": self.palette or None, "theme": self.theme or None}
        return url_for(f"poll_embeds.{endpoint}", poll_id=self.poll.id, place=key, **looks, **more)

    def framed(self, made: Box) -> Box:
        """Return a box all of whose ways stay in the frame."""
        return replace(
            made,
            vote_url=self.url("vote") if made.vote_url else "",
            results_url=self.url("results") if made.results_url else None,
            form_url=self.url("paper") if made.form_url else None,
            change_url=self.url("paper") if made.change_url else None,
            check_url=absolute(made.check_url) if made.check_url else None,
            opens_apart=True,
            is_inert=self.place.is_ours,
        )

    def answer(self, made: Box, code: int = 200) -> Response:
        """Return the frame with a box, or the box alone where htmx asks; only the poll's sites may show it."""
        made = self.framed(made)
        in_place: bool = request.htmx  # type: ignore[attr-defined]
        html = fragment("polls/_poll.html", box=made) if in_place else render_template("polls/embed.html", frame=self, box=made)
        response = make_response(html, code)
        response.headers["Vary"] = "HX-Request"
        response.headers["Content-Security-Policy"] = headers.framable_by("'self'", *places.allowed(self.poll))
        return response

    def refuse(self, text: str, code: int) -> Response:
        """Return the result, or what may be seen of it, with a sentence: voting is possible on our own page."""
        notice = Notice("warn", f"{text} " + _("Vote on the agency's own page."))
        made = box.make(self.poll, tally_of(self.poll.id), Visitor(), results=True, notice=notice)
        return self.answer(replace(made, form_url=None), code)

    @property
    def own_url(self) -> str:
        """Return the full address of the poll's own page."""
        return absolute(url_for("polls.show", poll_id=self.poll.id))


@blueprint.get("")
@personal
def show(poll_id: int) -> Response:
    """Show the frame, the same to everybody on one site. Opened in a window of its own, it leads to the poll's page."""
    poll = _find(poll_id)
    frame = Frame(poll, places.of_request(poll), *_looks())
    if "lang" in request.args:
        return _in_language(frame)
    if request.headers.get("Sec-Fetch-Dest") == "document" and not frame.place.is_ours:
        return redirect(url_for("polls.show", poll_id=poll_id))  # type: ignore[return-value]
    if not frame.place.may_vote and not frame.place.is_ours:
        return frame.refuse(_("This page is not allowed to embed the poll."), 200)
    return frame.answer(caching.remember(("embedded box", poll_id, language.current()), lambda: _box(poll)))


@blueprint.get("/ket-qua")
@personal
def results(poll_id: int) -> Response:
    """Show the result, or what may be seen of it, to this browser."""
    frame = _frame(poll_id)
    receipt = receipt_of(frame.poll, browser.known(embedded=True))
    said = query_value("moi", longest=1)
    notice = notices.of_ballot(frame.poll, receipt, is_new=said == "1", is_unchanged=said == "2") if receipt else None
    if said == "0":
        return frame.refuse(_("Nothing can be sent from this frame."), 200)
    return frame.answer(box.make(frame.poll, tally_of(poll_id), Visitor(receipt), results=True, notice=notice))


@blueprint.get("/phieu")
@personal
def paper(poll_id: int) -> Response:
    """Show the form again, to vote or to change a ballot."""
    frame, visitor = _frame(poll_id), Visitor()
    receipt = receipt_of(frame.poll, browser.known(embedded=True)) if frame.poll.may_change else None
    if receipt is not None and box.may_change(frame.poll, receipt, clock.now_ms()):
        visitor = replace(visitor, receipt=receipt, picked=receipt.choice_ids, changes=receipt.changes)
    return frame.answer(box.make(frame.poll, tally_of(poll_id), visitor))


def _refuse_strangers(poll_id: int) -> Response:
    """Answer what no frame of ours sent, or one that is so shut in that it has no origin."""
    poll = box.find(poll_id) or abort(403)
    return Frame(poll, places.of_key(poll), *_looks()).refuse(_("Nothing can be sent from this frame."), 403)


@blueprint.post("")
@personal
@same_origin_else(_refuse_strangers)
@quiet
def vote(poll_id: int) -> Response:
    """Take a ballot from a frame on a site that is on the list now."""
    frame = _frame(poll_id)
    if not frame.place.may_vote:
        return frame.refuse(_("This page is not allowed to embed the poll."), 409)  # as htmx shows it
    known, named = browser.known(embedded=True), request_token()
    if known is None and (named is None or "k" in request.args):
        return _send_round(frame)
    token = named or browser.new_token()
    source = source_of(Channel.EMBED, frame.place.host)
    sent = read_ballot(poll_id, known or token, token, source)
    verdict = cast(sent)
    if verdict.outcome is Outcome.NOT_YOURS:
        abort(400)
    response = say(verdict, sent, Stage(frame.answer, lambda moi: frame.url("results", moi=moi)))
    return browser.remember(response, sent.browser, embedded=True) if verdict.outcome in STANDS else response


def _send_round(frame: Frame) -> Response:
    """Send a browser without script round once, with a cookie; one that comes back without it keeps none, and is told."""
    if "k" in request.args:
        return frame.refuse(_("This browser keeps no cookies for this frame."), 403)
    fresh = browser.new_token()
    again = redirect(frame.url("vote", k=fresh.hex()), 307)
    return browser.remember(make_response(again), fresh, embedded=True)


def _box(poll: Poll) -> Box:
    caching.depends_on(tag_of(poll.id))
    return box.make(poll, tally_of(poll.id), Visitor())


def _find(poll_id: int) -> Poll:
    return box.find(poll_id) or abort(404)


def _frame(poll_id: int) -> Frame:
    """Return the frame that one of its own views stands in."""
    poll = _find(poll_id)
    return Frame(poll, places.of_key(poll), *_looks())


def _looks() -> tuple[str, str]:
    """Return the palette and the theme of the address. Aborts with 404 for names that are none."""
    return one_of("palette", PALETTES), one_of("theme", THEMES)


def one_of(name: str, values: tuple[str, ...]) -> str:
    """Return a query's word, "" where it is absent. Aborts with 404 where it is none of those known."""
    said = query_value(name, longest=LONGEST_NAME)
    return said if name not in request.args or said in values else abort(404)


def _in_language(frame: Frame) -> Response:
    """Lead to the address of a language: there it is a mount point, and each page has one address."""
    look = Look(frame.palette, frame.theme, one_of("lang", tuple(language.NAMES)))
    return redirect(frame_url(frame.poll, look))  # type: ignore[return-value]
