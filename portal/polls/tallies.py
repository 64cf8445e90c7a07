"""What a poll's ballots add up to."""

from collections.abc import Set
from dataclasses import dataclass, replace

from portal.core.commits import read
from portal.core.statements import Statement

VOTERS, UNCOUNTED = 0, -1

FIND = Statement("""
    SELECT id, votes FROM poll_choice WHERE poll_id = :poll
    UNION ALL SELECT 0, voters FROM poll WHERE id = :poll UNION ALL SELECT -1, uncounted FROM poll WHERE id = :poll
""")


@dataclass(frozen=True, slots=True)
class Tally:
    """Ballots counted (one for each voter), votes by the choice's id, and ballots that were set aside or annulled."""

    voters: int
    votes: dict[int, int]
    uncounted: int = 0

    def with_ballot(self, choice_ids: frozenset[int]) -> "Tally":
        """Return the tally with one ballot more."""
        counted = {choice: votes + (choice in choice_ids) for choice, votes in self.votes.items()}
        return replace(self, voters=self.voters + 1, votes=counted)

    def with_ballot_aside(self) -> "Tally":
        """Return the tally with one ballot more that is not counted."""
        return replace(self, uncounted=self.uncounted + 1)

    def with_change(self, old: Set[int], new: Set[int]) -> "Tally":
        """Return the tally after a ballot's choices became others."""
        return replace(self, votes={one: votes - (one in old) + (one in new) for one, votes in self.votes.items()})


def tally_of(poll_id: int) -> Tally:
    """Return a poll's tally as this request's reading sees it."""
    votes = dict(sorted((int(choice), int(number)) for choice, number in read(FIND, poll=poll_id)))
    return Tally(votes.pop(VOTERS, 0), votes, votes.pop(UNCOUNTED, 0))
