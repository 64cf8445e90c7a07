"""What a poll's ballots add up to, read with one statement: exact within a shared commit, and for a page."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from portal.core.commits import Statement, Transaction, read

VOTERS = 0

FIND = Statement("""
    SELECT id, votes FROM poll_choice WHERE poll_id = :poll UNION ALL SELECT 0, voters FROM poll WHERE id = :poll
""")


@dataclass(frozen=True, slots=True)
class Tally:
    """Ballots counted (one for each voter), and votes by the choice's id."""

    voters: int
    votes: dict[int, int]


def tally_of(poll_id: int) -> Tally:
    """Return a poll's tally as this request's reading sees it."""
    return _add_up(read(FIND, poll=poll_id))


def tally_within(transaction: Transaction, poll_id: int) -> Tally:
    """Return a poll's tally as it will be after this commit."""
    return _add_up(transaction.run(FIND, poll=poll_id).fetchall())


def _add_up(rows: Iterable[Any]) -> Tally:
    votes = dict(sorted((int(choice), int(number)) for choice, number in rows))
    return Tally(votes.pop(VOTERS, 0), votes)
