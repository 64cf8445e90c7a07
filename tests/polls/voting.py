"""What tests of polls say often: a ballot's form, and what is stored."""

import secrets
from typing import Any

from sqlalchemy import func, select, update

from portal.core import clock, versions
from portal.core.db import db, write
from portal.polls.cli import differences
from portal.polls.models import Ballot, Choice, Poll, PollVersion
from tests.cast import PollIds


def token() -> str:
    """Return a new request id, as the page's script makes one."""
    return secrets.token_hex(16)


def form(poll: PollIds, *places: int, **fields: Any) -> dict[str, Any]:
    """Return the box's form with the choices at `places` (0 is the first) taken, sent by a script."""
    chosen = [poll.choices[place] for place in places]
    return {"version": 1, "choice": chosen, "request": token(), **fields}


def tallies(poll: PollIds) -> list[int]:
    """Return the choices' tallies in order, after checking them, and the number of voters, against the ballots."""
    db.session.rollback()
    db.session.expire_all()
    assert differences() == []
    return list(db.session.scalars(select(Choice.votes).where(Choice.poll_id == poll.id).order_by(Choice.position)))


def number_of_ballots() -> int:
    """Return how many ballots are stored in all polls."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Ballot)) or 0


def change(poll: PollIds, **values: Any) -> None:
    """Change columns of a poll, as an editor's save will; pages that show it are told."""

    def store(session: Any) -> None:
        session.execute(update(Poll).where(Poll.id == poll.id).values(**values))
        versions.bump(session)

    write(store)


def word_anew(poll: PollIds, *, question: str = "", labels: dict[int, str] | None = None, remove: int | None = None) -> int:
    """Store a new version: labels by place (a place past the end adds a choice), one choice removed. Return the id added."""

    def store(session: Any) -> int:
        stored = session.get(Poll, poll.id)
        stored.question = question or stored.question
        added = 0
        for place, label in (labels or {}).items():
            if place < len(poll.choices):
                session.get(Choice, poll.choices[place]).label = label
            else:
                choice = Choice(poll_id=poll.id, position=place + 1, label=label)
                session.add(choice)
                session.flush()
                added = choice.id
        if remove is not None:
            session.get(Choice, poll.choices[remove]).removed = True
        stored.version += 1
        session.flush()
        session.refresh(stored)
        session.add(PollVersion(poll_id=poll.id, version=stored.version, wording=stored.wording(), at=clock.now_ms()))
        versions.bump(session)
        return added

    return write(store)
