"""Voting without scripts: the first ballot of a browser is sent round once more, and only the second request counts."""

from urllib.parse import parse_qs, urlsplit

from werkzeug.test import TestResponse

from tests import cast
from tests.cast import PollIds
from tests.client import PortalClient
from tests.polls.voting import form, number_of_ballots, tallies


def paper(poll: PollIds, *places: int) -> dict[str, object]:
    """Return the box's form as a browser without scripts sends it."""
    return form(poll, *places, request="", back="")


def press(client: PortalClient, poll: PollIds, *places: int) -> list[TestResponse]:
    """Press Vote as a browser without scripts: follow a 307 with the same form, a 303 with a look. Return all answers."""
    answers = [client.submit("/en" + poll.url, paper(poll, *places))]
    if answers[-1].status_code == 307:
        answers.append(client.submit(answers[-1].location, paper(poll, *places)))
    if answers[-1].status_code == 303:
        answers.append(client.get(answers[-1].location))
    return answers


def codes(answers: list[TestResponse]) -> list[int]:
    return [answer.status_code for answer in answers]


def test_the_first_ballot_is_sent_round_with_a_cookie_and_a_key(client: PortalClient) -> None:
    poll = cast.a_poll()

    sent_round = client.submit(poll.url, paper(poll, 0))

    assert sent_round.status_code == 307
    key = parse_qs(urlsplit(sent_round.location).query)["k"][0]
    assert client.get_cookie("browser").value == key
    assert number_of_ballots() == 0


def test_the_second_request_counts_and_leads_to_the_result(client: PortalClient) -> None:
    poll = cast.a_poll()

    voted = press(client, poll, 1)

    assert codes(voted) == [307, 303, 200]
    assert "Your vote is recorded." in voted[-1].text
    assert tallies(poll) == [0, 1, 0]


def test_a_key_that_is_sent_repeatedly_counts_once(client: PortalClient) -> None:
    poll = cast.a_poll()
    sent_round = client.submit(poll.url, paper(poll, 1))

    for _ in range(3):
        assert client.submit(sent_round.location, paper(poll, 1)).status_code == 303

    assert tallies(poll) == [0, 1, 0]


def test_a_lost_reply_to_the_second_request_does_not_count_twice(client: PortalClient) -> None:
    """The voter goes back to the page and presses Vote again: the cookie is there since the first reply."""
    poll = cast.a_poll()
    press(client, poll, 1)

    again = press(client, poll, 1)

    assert codes(again) == [303, 200]
    assert "This browser voted at" in again[-1].text
    assert tallies(poll) == [0, 1, 0]


def test_a_browser_that_keeps_no_cookie_counts_once_for_each_key(client: PortalClient) -> None:
    poll = cast.a_poll()
    sent_round = client.submit(poll.url, paper(poll, 1))

    for _ in range(2):
        client.delete_cookie("browser")
        assert client.submit(sent_round.location, paper(poll, 1)).status_code == 303

    assert tallies(poll) == [0, 1, 0]


def test_a_browser_that_has_voted_elsewhere_is_not_sent_round(client: PortalClient) -> None:
    first, second = cast.a_poll(), cast.a_poll()
    press(client, first, 0)

    assert codes(press(client, second, 0)) == [303, 200]
    assert tallies(second) == [1, 0, 0]


def test_nothing_chosen_is_said_on_the_page(client: PortalClient) -> None:
    poll = cast.a_poll()

    told = press(client, poll)

    assert codes(told) == [307, 422]
    assert "You have not chosen anything." in told[-1].text
    assert number_of_ballots() == 0


def test_the_result_page_lets_one_who_has_not_voted_return_to_the_form(client: PortalClient) -> None:
    poll = cast.a_poll()

    result = client.get("/en" + poll.url + "/ket-qua")
    paper_again = client.get("/en" + poll.url + "/phieu")

    assert f'href="/en{poll.url}/phieu"' in result.text
    assert 'class="poll-form"' in paper_again.text
