"""What a poll's ballots add up to."""

from dataclasses import dataclass

from portal.core.commits import read
from portal.core.statements import Statement

VOTERS = 0

FIND = Statement("""
    SELECT id, votes FROM poll_choice WHERE poll_id = :poll UNION ALL SELECT 0, voters FROM poll WHERE id = :poll
""")


@dataclass(frozen=True, slots=True)
class Tally:
    """Ballots counted (one for each voter), and votes by the choice's id."""

    voters: int
    votes: dict[int, int]

    def with_ballot(self, choice_ids: frozenset[int]) -> "Tally":
        """Return the tally with one ballot more."""
        return Tally(self.voters + 1, {choice: votes + (choice in choice_ids) for choice, votes in self.votes.items()})


def tally_of(poll_id: int) -> Tally:
    """Return a poll's tally as this request's reading sees it."""
    votes = dict(sorted((int(choice), int(number)) for choice, number in read(FIND, poll=poll_id)))
    return Tally(votes.pop(VOTERS, 0), votes)
