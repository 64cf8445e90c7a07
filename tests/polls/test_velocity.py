"""How many ballots of one network count within an hour; what goes beyond is kept, told, and counted nowhere."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import update
from werkzeug.test import TestResponse

from portal.core import clock
from portal.core.db import db, write
from portal.core.networks import network_of
from portal.core.statements import Transaction
from portal.polls import ballots
from portal.polls.ballots import Outcome, Sent
from portal.polls.models import Ballot, BallotMark, Poll, PollNetwork
from portal.polls.velocity import DEFAULT_ALLOWANCE, Source
from tests import cast
from tests.cast import PollIds
from tests.client import HTMX, READER, PortalClient
from tests.clocks import Clock
from tests.polls.test_voter_privacy import everything_in
from tests.polls.voting import form, number_of_ballots, tallies

SCHOOL, CAFE = "203.0.113.77", "198.51.100.4"
WAITING = "Your vote was received and is being checked."


@pytest.fixture(autouse=True)
def database_clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The database's clock, standing: no test runs into the next hour."""
    stood = Clock()
    monkeypatch.setattr(Transaction, "now", lambda _: stood.now_ms())
    return stood


def vote(client: PortalClient, poll: PollIds, place: int = 0, *, address: str = SCHOOL, **fields: object) -> TestResponse:
    """Vote as a browser that has not voted yet."""
    client.delete_cookie("browser")
    return client.swap("/en" + poll.url, form(poll, place, **fields), environ_base={"REMOTE_ADDR": address})


def uncounted(poll: PollIds) -> int:
    return db.session.scalar(db.select(Poll.uncounted).where(Poll.id == poll.id)) or 0


def rows(model: type[BallotMark] | type[PollNetwork]) -> int:
    return db.session.scalar(db.select(db.func.count()).select_from(model)) or 0


@pytest.mark.slow(why="300 ballots")
def test_three_hundred_behind_one_address_are_all_counted(app: Flask) -> None:
    poll = cast.a_poll(allowance=DEFAULT_ALLOWANCE)
    source = Source(network=network_of(SCHOOL), likeness=READER)

    outcomes = set()
    for number in range(300):
        browser = number.to_bytes(16, "big")
        sent = Sent(poll.id, 1, frozenset(poll.choices[:1]), browser, browser, source=source)
        outcomes.add(ballots.cast(sent).outcome)

    assert outcomes == {Outcome.COUNTED}
    assert tallies(poll) == [300, 0, 0]


def test_what_is_beyond_the_allowance_is_kept_and_told_but_not_counted(client: PortalClient) -> None:
    poll = cast.a_poll(allowance=2)
    for _ in range(2):
        assert "Your vote is recorded." in vote(client, poll).text

    told = vote(client, poll, 1)

    assert told.status_code == 200
    assert WAITING in told.text
    assert "1 vote is not counted: it looks automated." in told.text
    assert "Your choice" in told.text
    assert tallies(poll) == [2, 0, 0]
    assert (number_of_ballots(), uncounted(poll)) == (3, 1)
    assert db.session.scalars(db.select(Ballot.reason).where(Ballot.status == "set_aside")).all() == ["network"]
    assert WAITING in client.get("/en" + poll.url + "/ket-qua").text
    assert "2 votes are not counted: they look automated." in vote(client, poll).text
    assert "2 phiếu không được tính vì có dấu hiệu bỏ phiếu tự động." in client.get(poll.url + "/ket-qua").text


def test_without_scripts_it_is_told_on_the_page(client: PortalClient) -> None:
    poll = cast.a_poll(allowance=1)
    vote(client, poll)
    client.delete_cookie("browser")

    sent_round = client.submit("/en" + poll.url, form(poll, 1, request=""), environ_base={"REMOTE_ADDR": SCHOOL})
    voted = client.submit(sent_round.location, form(poll, 1, request=""), environ_base={"REMOTE_ADDR": SCHOOL})

    assert voted.status_code == 303
    assert WAITING in client.get(voted.location).text


def test_the_same_request_again_is_answered_the_same(client: PortalClient) -> None:
    poll = cast.a_poll(allowance=1)
    vote(client, poll)
    sent = form(poll, 1)
    client.delete_cookie("browser")

    answers = [client.swap("/en" + poll.url, sent, environ_base={"REMOTE_ADDR": SCHOOL}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].data == answers[1].data
    assert (tallies(poll), uncounted(poll)) == ([1, 0, 0], 1)


def test_a_ballot_that_was_set_aside_stays_so_when_it_is_changed(client: PortalClient) -> None:
    poll = cast.a_poll(allowance=1, may_change=True)
    vote(client, poll)
    vote(client, poll, 1)

    changed = client.swap("/en" + poll.url, form(poll, 2, changes=0), environ_base={"REMOTE_ADDR": CAFE})

    assert changed.status_code == 200
    assert WAITING in changed.text
    assert (tallies(poll), uncounted(poll)) == ([1, 0, 0], 1)


def test_other_networks_and_other_hours_have_an_allowance_of_their_own(client: PortalClient, database_clock: Clock) -> None:
    poll = cast.a_poll(allowance=1)
    vote(client, poll)
    assert WAITING in vote(client, poll).text

    assert "Your vote is recorded." in vote(client, poll, address=CAFE).text
    database_clock.turn(clock.HOUR / 1000)
    assert "Your vote is recorded." in vote(client, poll).text
    assert (tallies(poll), uncounted(poll)) == ([3, 0, 0], 1)


def test_without_an_allowance_nothing_is_marked(client: PortalClient) -> None:
    poll = cast.a_poll()

    for _ in range(3):
        vote(client, poll)

    assert tallies(poll) == [3, 0, 0]
    assert (rows(BallotMark), rows(PollNetwork)) == (0, 0)


def test_two_at_once_at_the_edge_exceed_nothing(app: Flask) -> None:
    poll = cast.a_poll(allowance=1)
    clients: list[PortalClient] = [app.test_client() for _ in range(4)]  # type: ignore[misc]

    with ThreadPoolExecutor(4) as crowd:
        answers = list(crowd.map(lambda one: vote(one, poll), clients))

    assert {answer.status_code for answer in answers} == {200}
    assert sum(WAITING in answer.text for answer in answers) == 3
    assert (tallies(poll), uncounted(poll)) == ([1, 0, 0], 3)


def test_nothing_stored_leads_to_an_address(client: PortalClient) -> None:
    first, second = cast.a_poll(allowance=5), cast.a_poll(allowance=5)
    for poll in (first, second):
        vote(client, poll)

    stored = everything_in("ballot", "ballot_mark", "poll_network", "poll")

    said = [text.encode() for text in (SCHOOL, "203.0.113", READER, READER[:40])]
    assert not any(text in value for text in said for value in stored)
    assert len(set(db.session.scalars(db.select(BallotMark.network)))) == 2  # another poll's key is another


def test_an_annulled_ballot_is_told_to_its_browser(client: PortalClient) -> None:
    poll = cast.a_poll(may_change=True)
    vote(client, poll)
    write(lambda session: session.execute(update(Ballot).values(status="annulled")))  # as staff will

    told = client.get("/en" + poll.url + "/ket-qua", headers=HTMX).text

    assert "Your vote is not counted: it looks automated." in told
    assert "Change vote" not in told


@pytest.mark.parametrize(("back", "channel"), [("/en/", "home"), ("/en/bai-viet/ke-hoach-1", "article"), ("", "page")])
def test_a_ballot_knows_where_its_box_stood(client: PortalClient, back: str, channel: str) -> None:
    poll = cast.a_poll()

    vote(client, poll, back=back)

    assert db.session.scalars(db.select(Ballot.channel)).all() == [channel]
