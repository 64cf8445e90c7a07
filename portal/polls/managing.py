"""Storing what an editor makes of a poll. A tally is never written here: ballots alone change it (`ballots`)."""

import secrets
from collections.abc import Iterable, Sequence

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from portal import audit
from portal.audit import Actor, vocabulary, words
from portal.core import clock, versions
from portal.core.db import write
from portal.core.errors import Refused
from portal.core.language import _
from portal.polls import forms, listing
from portal.polls.models import Ballot, Choice, Poll, PollVersion
from portal.settings.changing import Faulty
from portal.settings.groups import ROWS, Fault, Values

SECRET_BYTES = 32


class Meanwhile(Refused):
    """Somebody else has saved the poll since the form was opened; nothing was stored."""


def create(values: Values, *, actor: Actor) -> int:
    """Store a new poll as a draft and return its id. Raises Faulty."""

    def store(session: Session) -> int:
        _demand(forms.faults(values, None, now=clock.now_ms()))
        poll = begun(session, values)
        audit.record(session, vocabulary.POLL_STEPS["create"], actor=actor, thing=f"poll:{poll.id}")
        return poll.id

    return write(store)


def begun(session: Session, values: Values) -> Poll:
    """Put a new poll with its choices and first version into the session; it is a draft, and has a secret of its own."""
    now = clock.now_ms()
    poll = Poll(**forms.columns_of(values, None), secret=secrets.token_bytes(SECRET_BYTES), created_at=now)
    session.add(poll)
    session.flush()
    _put_choices(session, poll, values[ROWS], has_ballots=False)
    session.refresh(poll)
    session.add(PollVersion(poll_id=poll.id, version=poll.version, wording=poll.wording(), at=now))
    session.flush()
    listing.schedule(session, poll)
    return poll


def save(poll_id: int, values: Values, *, seen: int, actor: Actor) -> None:
    """Store a poll's form; a change of its text makes a new version. Raises Faulty, Meanwhile, Refused.

    `seen` is the number of saves that the form was opened after.
    """

    def store(session: Session) -> None:
        poll = locked(session, poll_id)
        if poll.edits != seen:
            raise Meanwhile(_("Somebody else has changed this poll meanwhile."))
        now, has_ballots = clock.now_ms(), bool(session.scalar(select(exists().where(Ballot.poll_id == poll.id))))
        _demand([*forms.faults(values, poll, now=now), *_fixed(poll, values, has_ballots=has_ballots)])
        before, wording = {"version": poll.version, **_columns(poll)}, poll.wording()
        for name, value in forms.columns_of(values, poll).items():
            setattr(poll, name, value)
        _put_choices(session, poll, values[ROWS], has_ballots=has_ballots)
        session.refresh(poll, ["choices"])
        if poll.wording() != wording:
            poll.version += 1
            session.add(PollVersion(poll_id=poll.id, version=poll.version, wording=poll.wording(), at=now))
        poll.edits += 1
        session.flush()
        listing.schedule(session, poll)
        versions.bump(session)
        changes = _changes(before, {"version": poll.version, **_columns(poll)})
        thing = f"poll:{poll.id}"
        audit.record(session, vocabulary.POLL_CHANGED, actor=actor, thing=thing, save=poll.edits, changes=changes or None)

    write(store)


def locked(session: Session, poll_id: int) -> Poll:
    """Return a poll that nobody else changes or votes in until this is stored. Raises Refused where it is gone or archived."""
    poll = session.scalars(select(Poll).where(Poll.id == poll_id).with_for_update(of=Poll)).first()
    if poll is None:
        raise Refused(_("This poll was deleted meanwhile."))
    if poll.secret is None:
        raise Refused(_("This poll is archived: it stays as it is."))
    return poll


def _fixed(poll: Poll, values: Values, *, has_ballots: bool) -> Iterable[Fault]:
    """Yield what can no longer become another."""
    if {row["id"] for row in values[ROWS]} - {0, *(choice.id for choice in poll.current_choices())}:
        yield Fault(_("One of these choices was removed meanwhile. Open the poll anew."))
    if not has_ballots:
        return
    if (values["max_choices"] > 1) != poll.is_multiple:
        yield Fault(_("There are votes already: one answer cannot become several, nor several one."), "max_choices")
    if values["checkable"] != poll.checkable:
        yield Fault(_("There are votes already: whether their voters get codes stays as it was."), "checkable")
    if poll.listed_root is None:
        return
    if forms.columns_of(values, poll)["closes_at"] != poll.closes_at:
        yield Fault(_("The list of its votes is published: it stays closed."), "closes_at")
    if values["question"] != poll.question:
        yield Fault(_("The list of its votes is published: the question stays as it was."), "question")
    if {row["id"]: row["label"] for row in values[ROWS]} != {choice.id: choice.label for choice in poll.current_choices()}:
        yield Fault(_("The list of its votes is published: the choices stay as they were."))


def _put_choices(session: Session, poll: Poll, rows: Sequence[Values], *, has_ballots: bool) -> None:
    """Have the choices be those of the form, in its order; one that can have been voted for is kept as removed."""
    known = {choice.id: choice for choice in poll.current_choices()}
    for place, row in enumerate(rows, start=1):
        choice = known.pop(row["id"], None)
        if choice is None:
            session.add(Choice(poll_id=poll.id, position=place, label=row["label"]))
        else:
            choice.position, choice.label = place, row["label"]
    for choice in known.values():
        choice.removed = True
    session.flush()
    if known and not has_ballots:
        session.execute(delete(Choice).where(Choice.id.in_(known)))


def _columns(poll: Poll) -> Values:
    return {name: getattr(poll, name) for name in forms.COLUMNS}


def _changes(before: Values, after: Values) -> dict[str, tuple[object, object]]:
    said = words.POLL_SETTINGS.columns
    return {name: (before[name], after[name]) for name in before if name in said and before[name] != after[name]}


def _demand(faults: Iterable[Fault]) -> None:
    if found := list(faults):
        raise Faulty(found)
