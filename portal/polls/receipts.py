"""What stands for a browser in a poll."""

from dataclasses import dataclass

from portal.core.commits import read
from portal.core.statements import Statement
from portal.polls.ballots import voter_key
from portal.polls.models import Poll

FIND = Statement("""
    SELECT ballot.cast_at, ballot.status, ballot.changes, ballot_choice.choice_id
    FROM ballot JOIN ballot_choice ON ballot_choice.ballot_id = ballot.id
    WHERE ballot.poll_id = :poll AND ballot.voter_key = :voter
""")


@dataclass(frozen=True, slots=True)
class Receipt:
    """When a browser voted, an instant, for which choices, whether that counts, and how often it was changed."""

    cast_at: int
    choice_ids: frozenset[int]
    status: str = "counted"
    changes: int = 0


def receipt_of(poll: Poll, browser: bytes | None) -> Receipt | None:
    """Return what stands for a browser in a poll; None where it has not voted, or can no longer be told."""
    if browser is None or poll.secret is None:
        return None
    rows = read(FIND, poll=poll.id, voter=voter_key(poll.secret, browser))
    return Receipt(rows[0][0], frozenset(row[3] for row in rows), rows[0][1], rows[0][2]) if rows else None
