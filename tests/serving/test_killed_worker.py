"""Killing the serving process at random: it comes back by itself, and what was acknowledged is there exactly once."""

from dataclasses import dataclass, field

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.db import db
from portal.polls.ballots import request_key
from portal.polls.models import Ballot, Poll
from portal.visits import pagekeys
from portal.visits.models import PageLoad
from tests import cast
from tests.client import READER
from tests.polls.voting import form, tallies
from tests.serving.killing import send_while_killed, until_acknowledged
from tests.serving.server import Server, swap
from tests.visits.readers import sums, token

pytestmark = [pytest.mark.serial, pytest.mark.slow(why="a real server, killed several times")]

CROWD = 8


@dataclass
class Sent:
    """What was acknowledged to one of the crowd."""

    ballots: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)


def test_what_was_acknowledged_is_there_exactly_once(server: Server, app: Flask) -> None:
    poll, crowd = cast.a_poll(), [Sent() for _ in range(CROWD)]
    keys = [[pagekeys.sign(f"article:{person * 100_000 + number}") for number in range(1, 4_000)] for person in range(CROWD)]

    def votes_and_reads(person: int, turn: int) -> int:
        ballot, load = form(poll, turn % 3), {"page": keys[person][turn], "load": token()}
        agent = READER.replace("120.0", f"120.{person}")
        repeats = until_acknowledged(lambda: swap(server, poll.url, ballot).status)
        crowd[person].ballots.append(ballot["request"])
        repeats += until_acknowledged(lambda: swap(server, "/so-lieu", load, User_Agent=agent).status)
        crowd[person].loads.append(load["load"])
        return repeats

    send_while_killed(server, votes_and_reads, people=CROWD)

    check_ballots(poll, crowd)
    check_views(crowd)


def check_ballots(poll: cast.PollIds, crowd: list[Sent]) -> None:
    counted = tallies(poll)
    secret = db.session.scalar(select(Poll.secret).where(Poll.id == poll.id)) or b""
    acknowledged = [request_key(bytes(secret), bytes.fromhex(request)).hex() for sent in crowd for request in sent.ballots]
    stored = db.session.scalars(select(Ballot.request_id).where(Ballot.poll_id == poll.id)).all()
    assert sorted(bytes(request).hex() for request in stored) == sorted(acknowledged)
    assert sum(counted) == len(acknowledged)


def check_views(crowd: list[Sent]) -> None:
    acknowledged = [load for sent in crowd for load in sent.loads]
    assert sums() == (len(acknowledged), CROWD)
    loads = db.session.scalars(select(PageLoad.id)).all()
    assert sorted(bytes(load).hex() for load in loads) == sorted(acknowledged)
