"""Store the demo's polls with ballots that say what their tallies say."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, repeat

from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.text import nfc
from portal.demo import reading, texts
from portal.polls import demo_host
from portal.polls.models import Ballot, BallotChoice, Choice, Poll, PollVersion


@dataclass(frozen=True, slots=True)
class Asked:
    """One demo poll: choices with their votes, and how many browsers voted. Times are local, ISO, or ""."""

    key: str
    question: str
    choices: tuple[tuple[str, int], ...] = ()
    voters: int = 0
    fewest: int = 1
    most: int = 1
    help: str = ""
    opens: str = ""
    closes: str = ""


def read() -> list[Asked]:
    """Return all demo polls: first that of the page that the portal is modelled on."""
    seed = Asked(texts.PLAN, texts.QUESTION, texts.CHOICES, voters=sum(votes for _, votes in texts.CHOICES))
    return [seed, *_others()]


def store(session: Session, polls: Sequence[Asked]) -> dict[str, int]:
    """Store polls with their ballots; return their ids by key."""
    return {asked.key: _store(session, asked).id for asked in polls}


def _others() -> Iterator[Asked]:
    for said in _blocks():
        one = dict(said)
        choices = [value.rpartition("=") for key, value in said if key == "choice"]
        yield Asked(
            key=one["key"],
            question=one["question"],
            help=one.get("help", ""),
            choices=tuple((label.strip(), int(votes)) for label, _, votes in choices),
            voters=int(one["voters"] if one["kind"] == "multiple" else one["votes"]),
            fewest=int(one.get("min", 1)),
            most=int(one.get("max", 1)),
            opens=one["opens"],
            closes=one["closes"],
        )


def _blocks() -> list[list[tuple[str, str]]]:
    """Return the lines of polls.txt, each poll's apart."""
    blocks: list[list[tuple[str, str]]] = []
    for key, value in reading.lines("polls.txt"):
        if key == "[poll]":
            blocks.append([])
        else:
            blocks[-1].append((key, value))
    return blocks


def _store(session: Session, asked: Asked) -> Poll:
    now = clock.now_ms()
    poll = Poll(
        sites=demo_host.ORIGIN,
        question=nfc(asked.question),
        help=nfc(asked.help),
        min_choices=asked.fewest,
        max_choices=asked.most,
        opens_at=clock.instant_at(asked.opens) if asked.opens else None,
        closes_at=clock.instant_at(asked.closes) if asked.closes else None,
        secret=secrets.token_bytes(32),
        voters=asked.voters,
        published_at=now,
        created_at=now,
    )
    session.add(poll)
    session.flush()
    choices = [
        Choice(poll_id=poll.id, position=place, label=nfc(label), votes=votes)
        for place, (label, votes) in enumerate(asked.choices, 1)
    ]
    session.add_all(choices)
    session.flush()
    wording = {"question": poll.question, "choices": {str(choice.id): choice.label for choice in choices}}
    session.add(PollVersion(poll_id=poll.id, version=1, wording=wording, at=now))
    _vote(session, poll, choices, now)
    return poll


def _vote(session: Session, poll: Poll, choices: Sequence[Choice], now: int) -> None:
    """Store the ballots, cast one after the other from the opening until the closing, or until now.

    Votes are dealt out like cards, so that nobody takes a choice twice and all take about as many.
    """
    begun = min(poll.opens_at or now, now)
    step = (min(poll.closes_at or now, now) - begun) // max(1, poll.voters)
    ballots = [_ballot(poll, begun + number * step) for number in range(poll.voters)]
    session.add_all(ballots)
    session.flush()
    dealt = chain.from_iterable(repeat(choice.id, choice.votes) for choice in choices)
    for number, choice_id in enumerate(dealt):
        session.add(BallotChoice(ballot_id=ballots[number % len(ballots)].id, choice_id=choice_id))


def _ballot(poll: Poll, at: int) -> Ballot:
    return Ballot(
        poll_id=poll.id,
        version=1,
        voter_key=secrets.token_bytes(32),
        request_id=secrets.token_bytes(16),
        cast_at=at,
    )
