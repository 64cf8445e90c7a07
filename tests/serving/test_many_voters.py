"""Many voters on the real server: each counts once, and the tallies are what the ballots say."""

import secrets
import threading

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.polls.models import Ballot
from tests import cast
from tests.polls.voting import form, tallies
from tests.serving.crowd import at_once, in_turns
from tests.serving.server import Server, get, swap

pytestmark = [pytest.mark.serial, pytest.mark.slow(why="a real server, and hundreds of voters")]


def test_500_voters_are_500_ballots(server: Server, app: Flask) -> None:
    poll = cast.a_poll()

    def vote(number: int) -> int:
        return swap(server, poll.url, form(poll, number % 3)).status

    assert in_turns(vote, 500, at_a_time=50) == [200] * 500
    assert tallies(poll) == [167, 167, 166]
    assert get(server, "/en" + poll.url + "/ket-qua").text.count("33% · ") == 3


def test_one_request_sent_50_times_at_once_is_one_ballot_with_50_equal_answers(server: Server, app: Flask) -> None:
    poll = cast.a_poll()
    sent = form(poll, 1)

    answers = at_once([lambda: swap(server, poll.url, sent)] * 50)

    assert {answer.status for answer in answers} == {200}
    assert len({answer.body for answer in answers}) == 1
    assert tallies(poll) == [0, 1, 0]


def test_of_two_choices_of_one_voter_at_once_exactly_one_stands(server: Server, app: Flask) -> None:
    for _ in range(15):
        poll = cast.a_poll()
        cookie = f"browser={secrets.token_hex(16)}"

        answers = at_once(
            [lambda place=place: swap(server, "/en" + poll.url, form(poll, place), Cookie=cookie) for place in (0, 1)]  # type: ignore[misc]
        )

        assert sorted(answer.status for answer in answers) == [200, 409]
        told = next(answer for answer in answers if answer.status == 409)
        assert "This browser voted at" in told.text
        stands = [answer.status for answer in answers].index(200)
        assert tallies(poll) == [int(stands == 0), int(stands == 1), 0]


def test_votes_that_come_while_a_poll_closes_are_counted_or_refused(server: Server, app: Flask) -> None:
    closes_at = clock.now_ms() + 700
    poll = cast.a_poll(closes_at=closes_at)
    closed = threading.Event()

    def vote_until_it_closes(number: int) -> list[int]:
        statuses = []
        while not closed.is_set():
            statuses.append(swap(server, poll.url, form(poll, number % 3)).status)
            if statuses[-1] != 200:
                closed.set()
        return statuses

    statuses = [status for some in in_turns(vote_until_it_closes, 12, at_a_time=12) for status in some]

    assert set(statuses) == {200, 409}
    assert sum(tallies(poll)) == statuses.count(200)
    assert db.session.scalar(select(func.max(Ballot.cast_at)).where(Ballot.poll_id == poll.id)) < closes_at
