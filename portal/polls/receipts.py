"""What stands for a browser in a poll."""

from dataclasses import dataclass

from portal.core.commits import read
from portal.core.statements import Statement
from portal.polls import codes
from portal.polls.ballots import voter_key
from portal.polls.models import Poll

FIND = Statement("""
    SELECT ballot.cast_at, ballot.status, ballot.changes, ballot.request_id, ballot_choice.choice_id
    FROM ballot JOIN ballot_choice ON ballot_choice.ballot_id = ballot.id
    WHERE ballot.poll_id = :poll AND ballot.voter_key = :voter
""")


@dataclass(frozen=True, slots=True)
class Receipt:
    """When a browser voted, an instant, for which choices, whether that counts, how often it was changed, and its code."""

    cast_at: int
    choice_ids: frozenset[int]
    status: str = "counted"
    changes: int = 0
    code: str = ""
    """By which the voter finds the ballot in the published list; "" where the poll gives none."""


def receipt_of(poll: Poll, browser: bytes | None) -> Receipt | None:
    """Return what stands for a browser in a poll; None where it has not voted, or can no longer be told."""
    if browser is None or poll.secret is None:
        return None
    rows = read(FIND, poll=poll.id, voter=voter_key(poll.secret, browser))
    if not rows:
        return None
    cast_at, status, changes, request, _choice = rows[0]
    code = codes.code_of(poll.secret, bytes(request)) if poll.checkable else ""
    return Receipt(cast_at, frozenset(row[4] for row in rows), status, changes, code)
