"""A ballot is cast once, whatever a browser sends how often."""

import re

from portal.core.db import db
from portal.polls.models import Ballot, Choice, Poll
from tests import cast
from tests.client import PortalClient
from tests.polls.voting import form, number_of_ballots, tallies, token, word_anew


def test_a_ballot_is_stored_with_its_tallies(client: PortalClient) -> None:
    poll = cast.a_poll()

    answer = client.swap(poll.url, form(poll, 1))

    assert answer.status_code == 200
    assert [db.session.get(Choice, one).votes for one in poll.choices] == [0, 1, 0]
    assert db.session.get(Poll, poll.id).voters == 1
    assert number_of_ballots() == 1


def test_a_voter_is_shown_the_result_with_the_own_choice_marked(client: PortalClient) -> None:
    poll = cast.a_poll()

    told = client.swap("/en" + poll.url, form(poll, 1)).text

    assert "Your vote is recorded." in told
    assert re.search(r'<li class="poll-row mine">.{0,400}b\. Bình thường', told, re.S)
    assert "100% · 1" in told
    assert "<form" not in told


def test_the_same_request_sent_again_is_the_same_ballot(client: PortalClient) -> None:
    poll = cast.a_poll()
    sent = form(poll, 2)

    first = client.swap(poll.url, sent)
    again = client.swap(poll.url, sent)

    assert (again.status_code, again.data) == (200, first.data)
    assert tallies(poll) == [0, 0, 1]


def test_a_request_sent_again_after_a_lost_reply_is_the_same_ballot(client: PortalClient) -> None:
    """The cookie came with the reply, so it is lost too."""
    poll = cast.a_poll()
    sent = form(poll, 2)

    first = client.swap(poll.url, sent)
    client.delete_cookie("browser")
    again = client.swap(poll.url, sent)

    assert (again.status_code, again.data) == (200, first.data)
    assert tallies(poll) == [0, 0, 1]


def test_a_request_sent_again_is_known_though_the_browser_has_voted_elsewhere_since(client: PortalClient) -> None:
    """The first reply was lost with its cookie; another poll has set one by the time the voter tries again."""
    first, other = cast.a_poll(), cast.a_poll()
    sent = form(first, 0)
    client.swap(first.url, sent)
    client.delete_cookie("browser")
    client.swap(other.url, form(other, 0))

    again = client.swap("/en" + first.url, sent)

    assert again.status_code == 200
    assert "Your vote is recorded." in again.text
    assert client.swap("/en" + first.url, form(first, 1)).status_code == 409
    assert tallies(first) == [1, 0, 0]


def test_a_second_ballot_is_refused_with_the_time_of_the_first(client: PortalClient) -> None:
    poll = cast.a_poll()
    client.swap(poll.url, form(poll, 0))

    second = client.swap("/en" + poll.url, form(poll, 1))

    assert second.status_code == 409
    assert re.search(r"This browser voted at \d\d:\d\d on \d\d/\d\d/20\d\d\.", second.text)
    assert tallies(poll) == [1, 0, 0]


def test_another_choice_under_the_same_request_is_a_second_ballot(client: PortalClient) -> None:
    poll = cast.a_poll()
    request = token()
    client.swap(poll.url, form(poll, 0, request=request))

    changed = client.swap("/en" + poll.url, form(poll, 1, request=request))

    assert changed.status_code == 409
    assert "This browser voted at" in changed.text
    assert tallies(poll) == [1, 0, 0]


def test_one_who_has_voted_is_told_so_even_from_a_page_that_is_outdated(client: PortalClient) -> None:
    poll = cast.a_poll()
    client.swap(poll.url, form(poll, 0))
    word_anew(poll, labels={1: "Vừa"})

    told = client.swap("/en" + poll.url, form(poll, 1))

    assert told.status_code == 409
    assert "This browser voted at" in told.text
    assert "<form" not in told.text


def test_a_request_id_of_somebody_else_casts_nothing_and_tells_nothing(client: PortalClient) -> None:
    poll, elsewhere = cast.a_poll(), cast.a_poll()
    sent = form(poll, 0)
    client.swap(elsewhere.url, form(elsewhere, 0))
    client.swap(poll.url, sent)
    client.delete_cookie("browser")
    client.swap(elsewhere.url, form(elsewhere, 0))

    stolen = client.swap(poll.url, sent)

    assert stolen.status_code == 400
    assert "poll-result" not in stolen.text
    assert tallies(poll) == [1, 0, 0]


def test_one_browser_votes_in_several_polls_under_keys_that_do_not_match(client: PortalClient) -> None:
    first, second = cast.a_poll(), cast.a_poll()

    for poll in (first, second):
        assert client.swap(poll.url, form(poll, 0)).status_code == 200

    keys = db.session.scalars(db.select(Ballot.voter_key)).all()
    assert len(set(keys)) == 2


def test_two_browsers_behind_one_address_are_two_voters(client: PortalClient) -> None:
    poll = cast.a_poll()

    for _ in range(2):
        client.delete_cookie("browser")
        assert client.swap(poll.url, form(poll, 0)).status_code == 200

    assert tallies(poll) == [2, 0, 0]
