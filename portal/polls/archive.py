"""All polls (các cuộc thăm dò): those that can be answered first, then page by page those that are over."""

from dataclasses import dataclass, replace

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from sqlalchemy import ColumnElement, Select, and_, not_, or_, select
from sqlalchemy.orm import lazyload, load_only

from portal.core import clock, formats, language
from portal.core.caching import cache_for, fresh_until
from portal.core.db import db
from portal.core.language import _, ngettext
from portal.core.web import query_number
from portal.polls import box
from portal.polls.models import Poll
from portal.polls.tallies import Tally
from portal.visits import pagekeys, seen

blueprint = Blueprint("all_polls", __name__)

MOST_OPEN = 20
PER_PAGE = 20
MOST_LEADERS = 3
MOST_PAGES = 50


@dataclass(frozen=True, slots=True)
class Leader:
    """One of the choices that most voted for, with its percent and votes, such as "62% · 31"."""

    label: str
    figure: str
    unit: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A poll as the list prints it: when it ends, ended or begins; where it is over, how many voted, and for what most of all."""

    question: str
    language: str
    url: str
    when: str
    total: str
    leaders: list[Leader]


@blueprint.get("/tham-do")
@cache_for(60, query=("trang",))
def index() -> str | Response:
    number = query_number("trang", largest=MOST_PAGES)
    path = url_for("all_polls.index")
    if number == 1 and "trang" in request.args:
        return redirect(path, 301)  # type: ignore[return-value]
    now = clock.now_ms()
    closed = _closed(number, now)
    if number > 1 and not closed:
        abort(404)
    more = len(closed) > PER_PAGE and number < MOST_PAGES
    return render_template(
        "polls/index.html",
        open_polls=_open(now) if number == 1 else [],
        closed_polls=closed[:PER_PAGE],
        number=number,
        newer_url=url_for("all_polls.index", trang=number - 1 if number > 2 else None) if number > 1 else None,
        older_url=url_for("all_polls.index", trang=number + 1) if more else None,
        alternate=replace(language.alternate(language.other_home().lang, request.path), exact=number == 1),
        figures=seen("polls").figures,
        page_key=pagekeys.sign("polls"),
    )


def _open(now: int) -> list[Entry]:
    """Return what can be answered now or will be, the newest first."""
    return [
        _entry(poll, now)
        for poll in db.session.scalars(_polls(not_(_is_over(now))).options(lazyload(Poll.choices)).limit(MOST_OPEN))
    ]


def _closed(number: int, now: int) -> list[Entry]:
    """Return a page of what is over, the newest first, and one more where there is another page."""
    rows = _polls(_is_over(now)).offset((number - 1) * PER_PAGE).limit(PER_PAGE + 1)
    return [_entry(poll, now) for poll in db.session.scalars(rows)]


def _is_over(now: int) -> ColumnElement[bool]:
    return or_(and_(Poll.closes_at.is_not(None), Poll.closes_at <= now), Poll.secret.is_(None))


def _polls(which: ColumnElement[bool]) -> Select[Poll]:
    times = (Poll.published_at, Poll.opens_at, Poll.closes_at)
    printed = load_only(Poll.question, Poll.language, *times, Poll.secret, Poll.visibility, Poll.voters, Poll.max_choices)
    return select(Poll).where(Poll.published_at.is_not(None), which).order_by(Poll.id.desc()).options(printed)


def _entry(poll: Poll, now: int) -> Entry:
    for instant in (poll.opens_at, poll.closes_at):
        if instant is not None and instant > now:
            fresh_until(instant)
    is_over = not poll.is_open(now) and poll.has_opened(now)
    said = is_over and poll.shows_results(now, has_voted=False)
    total = _("Total votes: %(number)s", number=formats.number(poll.voters)) if poll.voters else _("No votes yet.")
    url, leaders = url_for("polls.show", poll_id=poll.id), _leaders(poll) if said and poll.voters else []
    return Entry(poll.question, poll.language, url, _when(poll, now), total if said else "", leaders)


def _leaders(poll: Poll) -> list[Leader]:
    """Return what most voted for, the most first; none that nobody did."""
    votes = {choice.id: choice.votes for choice in sorted(poll.choices, key=lambda choice: choice.id)}
    percents = box.percents_of(poll, Tally(poll.voters, votes))
    most = sorted((choice for choice in poll.choices if choice.votes), key=lambda choice: -choice.votes)[:MOST_LEADERS]
    return [
        Leader(box.label(one), f"{percents[one.id]}% · {formats.number(one.votes)}", ngettext("vote", "votes", one.votes))
        for one in most
    ]


def _when(poll: Poll, now: int) -> str:
    if poll.has_closed(now) and poll.closes_at is not None:
        return _("Closed at %(moment)s.", moment=formats.moment(poll.closes_at))
    if not poll.has_opened(now) and poll.opens_at is not None:
        return _("Opens at %(moment)s.", moment=formats.moment(poll.opens_at))
    return _("Closes at %(moment)s.", moment=formats.moment(poll.closes_at)) if poll.closes_at is not None else ""
