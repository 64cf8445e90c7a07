"""All polls as staff see them, drafts too: the newest first, page by page."""

from dataclasses import dataclass

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import lazyload

from portal.core import clock, formats
from portal.core.db import db
from portal.core.language import _
from portal.polls.models import Poll

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A poll in the list."""

    question: str
    language: str
    url: str
    state: str
    when: str
    votes: str


def page(number: int) -> tuple[list[Line], bool]:
    """Return a page of polls, and whether there are more."""
    polls = select(Poll).order_by(Poll.id.desc()).options(lazyload(Poll.choices))
    found = db.session.scalars(polls.offset((number - 1) * PER_PAGE).limit(PER_PAGE + 1)).all()
    now = clock.now_ms()
    return [_line(poll, now) for poll in found[:PER_PAGE]], len(found) > PER_PAGE


def state_of(poll: Poll, now: int) -> str:
    """Return in a word or two how far a poll has come."""
    if poll.secret is None:
        return _("archived")
    if not poll.is_public:
        return _("draft")
    if poll.has_closed(now):
        return _("closed")
    return _("open") if poll.has_opened(now) else _("not open yet")


def _line(poll: Poll, now: int) -> Line:
    times = {_("from"): poll.opens_at, _("to"): poll.closes_at}
    when = " ".join(f"{word} {formats.moment(instant)}" for word, instant in times.items() if instant is not None)
    url = url_for("poll_editor.edit", poll_id=poll.id)
    return Line(poll.question, poll.language, url, state_of(poll, now), when, formats.number(poll.voters))
