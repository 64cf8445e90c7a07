"""What stands for a browser in a poll."""

from dataclasses import dataclass

from sqlalchemy import select

from portal.core.db import db
from portal.polls.ballots import voter_key
from portal.polls.models import Ballot, BallotChoice, Poll


@dataclass(frozen=True, slots=True)
class Receipt:
    """When a browser voted, an instant, and for which choices."""

    cast_at: int
    choice_ids: frozenset[int]


def receipt_of(poll: Poll, browser: bytes | None) -> Receipt | None:
    """Return what stands for a browser in a poll; None where it has not voted, or can no longer be told."""
    if browser is None or poll.secret is None:
        return None
    found = select(Ballot.id, Ballot.cast_at).where(
        Ballot.poll_id == poll.id, Ballot.voter_key == voter_key(poll.secret, browser)
    )
    ballot = db.session.execute(found).first()
    if ballot is None:
        return None
    chosen = db.session.scalars(select(BallotChoice.choice_id).where(BallotChoice.ballot_id == ballot.id))
    return Receipt(ballot.cast_at, frozenset(chosen))
