"""What an editor does with a whole poll: before the public and away from it, closed, copied, archived, deleted."""

from collections.abc import Callable
from typing import TypeAlias

from flask import current_app
from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from portal import audit
from portal.audit import Actor, vocabulary
from portal.core import clock, versions
from portal.core.db import db, write
from portal.core.errors import Refused
from portal.core.language import _
from portal.polls import forms, listing, managing
from portal.polls.models import Ballot, BallotMark, Choice, Listing, Poll, PollNetwork, PollVersion
from portal.settings.groups import ROWS

Shown: TypeAlias = tuple[str, str]
"""A title and an address."""


def publish(poll_id: int, *, actor: Actor) -> None:
    """Have readers see a draft. Raises Refused where it would be over already."""

    def act(_session: Session, poll: Poll) -> None:
        if poll.has_closed(clock.now_ms()):
            raise Refused(_("It would be closed already. Give it another closing time first."))
        poll.published_at = clock.now_ms()

    _do(poll_id, "publish", act, unless=lambda poll: poll.is_public, actor=actor)


def withdraw(poll_id: int, *, actor: Actor) -> None:
    """Make a poll a draft again: nobody sees it or votes in it, and its ballots stay."""

    def act(_session: Session, poll: Poll) -> None:
        poll.published_at = None

    _do(poll_id, "withdraw", act, unless=lambda poll: not poll.is_public, actor=actor)


def close(poll_id: int, *, actor: Actor) -> None:
    """Close a poll now. Raises Refused for a draft, and before it opens."""

    def act(session: Session, poll: Poll) -> None:
        now = clock.now_ms()
        if not poll.is_public or not poll.has_opened(now):
            raise Refused(_("It is not open yet. Take it down instead."))
        poll.closes_at = now
        poll.edits += 1  # a form that is open would open it again
        listing.schedule(session, poll)

    _do(poll_id, "close", act, unless=lambda poll: poll.has_closed(clock.now_ms()), actor=actor)


def publish_list(poll_id: int, *, actor: Actor) -> None:
    """Publish the codes and choices of a closed poll's votes now; they are there once. Raises Refused with a sentence."""

    def store(session: Session) -> None:
        poll = managing.locked(session, poll_id)
        if poll.listed_root is None:
            listing.demand(session, poll)
            listing.put(session, poll, actor=actor)

    write(store)


def archive(poll_id: int, *, actor: Actor) -> None:
    """Erase a closed poll's secret, and with it whatever leads from a browser or a network to a ballot. Raises Refused."""

    def store(session: Session) -> None:
        poll = managing.locked(session, poll_id)
        if not poll.has_closed(clock.now_ms()):
            raise Refused(_("Close the poll first: afterwards nobody can vote in it."))
        if listing.is_due(session, poll):
            listing.put(session, poll, actor=actor)
        poll.secret = None
        for table in (BallotMark, PollNetwork):
            session.execute(delete(table).where(table.poll_id == poll.id))
        _keep(session, poll, "archive", actor)

    write(store)


def copy(poll_id: int, *, actor: Actor) -> int:
    """Store a draft of the same text and settings, without times and ballots; return its id."""
    poll = db.session.get_one(Poll, poll_id)
    values = {**forms.values_of(poll), "opens_at": "", "closes_at": "", "on_home": False}

    def store(session: Session) -> int:
        made = managing.begun(session, {**values, ROWS: [{**row, "id": 0} for row in values[ROWS]]})
        audit.record(session, vocabulary.POLL_COPIED, actor=actor, thing=f"poll:{made.id}", copied=poll_id)
        return made.id

    return write(store)


def remove(poll_id: int, *, actor: Actor) -> None:
    """Delete a poll without a ballot that nothing shows. Raises Refused with a sentence that says what stands against it."""
    shown = shown_in(poll_id)

    def store(session: Session) -> None:
        poll = managing.locked(session, poll_id)
        if session.scalar(select(exists().where(Ballot.poll_id == poll.id))):
            raise Refused(_("There are votes in this poll, so it cannot be deleted. Close it and archive it."))
        if shown:
            titles = "; ".join(f"“{title}”" for title, _url in shown[:5])
            raise Refused(_("Articles show this poll: %(titles)s. Take it out of them first.", titles=titles))
        for table in (PollNetwork, Listing, PollVersion, Choice):
            session.execute(delete(table).where(table.poll_id == poll.id))
        _record(session, poll, "delete", actor)
        session.execute(delete(Poll).where(Poll.id == poll.id))
        versions.bump(session)

    write(store)


def shown_in(poll_id: int) -> list[Shown]:
    """Return what names a poll, as the features say that put a function for it into extensions["poll_showing"]."""
    return [one for find in current_app.extensions.get("poll_showing", ()) for one in find(poll_id)]


def _do(poll_id: int, step: str, act: Callable[[Session, Poll], None], *, unless: Callable[[Poll], bool], actor: Actor) -> None:
    """Do something once; whoever comes second finds it done."""

    def store(session: Session) -> None:
        poll = managing.locked(session, poll_id)
        if not unless(poll):
            act(session, poll)
            _keep(session, poll, step, actor)

    write(store)


def _keep(session: Session, poll: Poll, step: str, actor: Actor) -> None:
    session.flush()
    versions.bump(session)
    _record(session, poll, step, actor)


def _record(session: Session, poll: Poll, step: str, actor: Actor) -> None:
    audit.record(session, vocabulary.POLL_STEPS[step], actor=actor, thing=f"poll:{poll.id}")
