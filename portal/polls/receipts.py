"""What stands for a browser in a poll."""

from dataclasses import dataclass

from portal.core.commits import read
from portal.core.statements import Statement
from portal.polls.ballots import voter_key
from portal.polls.models import Poll

FIND = Statement("""
    SELECT ballot.cast_at, ballot_choice.choice_id FROM ballot JOIN ballot_choice ON ballot_choice.ballot_id = ballot.id
    WHERE ballot.poll_id = :poll AND ballot.voter_key = :voter
""")


@dataclass(frozen=True, slots=True)
class Receipt:
    """When a browser voted, an instant, and for which choices."""

    cast_at: int
    choice_ids: frozenset[int]


def receipt_of(poll: Poll, browser: bytes | None) -> Receipt | None:
    """Return what stands for a browser in a poll; None where it has not voted, or can no longer be told."""
    if browser is None or poll.secret is None:
        return None
    rows = read(FIND, poll=poll.id, voter=voter_key(poll.secret, browser))
    return Receipt(rows[0][0], frozenset(choice for _, choice in rows)) if rows else None
