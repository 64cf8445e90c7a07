"""A ballot that is changed while its poll is open, where the poll lets it: one stands, and the tallies are what it says."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from portal.core import clock
from portal.core.db import db
from portal.polls.models import Ballot
from tests import cast
from tests.cast import PollIds
from tests.client import HTMX, PortalClient
from tests.polls.voting import change, form, number_of_ballots, tallies, token, word_anew

ELSEWHERE = "Your vote was changed elsewhere meanwhile."


@pytest.fixture
def poll(client: PortalClient) -> PollIds:
    """A poll whose ballots may be changed; this browser has voted for the first choice."""
    made = cast.a_poll(may_change=True)
    assert client.swap(made.url, form(made, 0)).status_code == 200
    return made


def change_link(text: str) -> str | None:
    """Return where "Change vote" leads to."""
    found = re.search(r'<a [^>]*href="([^"]+)"[^>]*>Change vote</a>', text)
    return found[1] if found else None


def changing(poll: PollIds, place: int, *, changes: int = 0, **fields: Any) -> dict[str, Any]:
    return form(poll, place, changes=changes, **fields)


def test_one_who_has_voted_is_led_to_the_form_with_the_choice_picked(client: PortalClient, poll: PollIds) -> None:
    link = change_link(client.get("/en" + poll.url + "/ket-qua").text)

    assert link == f"/en{poll.url}/phieu"
    for headers in ({}, HTMX):
        paper = client.get(link, headers=headers).text
        assert f'value="{poll.choices[0]}" checked' in paper
        assert '<input type="hidden" name="changes" value="0">' in paper


def test_the_answer_to_a_vote_offers_the_change(client: PortalClient, poll: PollIds) -> None:
    client.delete_cookie("browser")
    assert change_link(client.swap("/en" + poll.url, form(poll, 1)).text)


def test_a_change_moves_the_vote(client: PortalClient, poll: PollIds) -> None:
    told = client.swap("/en" + poll.url, changing(poll, 2))

    assert told.status_code == 200
    assert "Your vote is recorded." in told.text
    assert tallies(poll) == [0, 0, 1]
    assert number_of_ballots() == 1
    assert client.swap("/en" + poll.url, changing(poll, 1, changes=1)).status_code == 200
    assert tallies(poll) == [0, 1, 0]


def test_a_change_of_several_choices_keeps_those_that_stay(client: PortalClient) -> None:
    several = cast.a_poll(may_change=True, max_choices=3)
    client.swap(several.url, form(several, 0, 1))

    client.swap(several.url, form(several, 1, 2, changes=0))

    assert tallies(several) == [0, 1, 1]


def test_where_ballots_may_not_be_changed_nothing_offers_or_takes_it(client: PortalClient) -> None:
    fixed = cast.a_poll()
    client.swap(fixed.url, form(fixed, 0))

    told = client.swap("/en" + fixed.url, changing(fixed, 1))

    assert told.status_code == 409
    assert "Votes in this poll can no longer be changed." in told.text
    assert change_link(told.text) is None
    assert 'name="changes"' not in client.get(fixed.url + "/phieu").text
    assert tallies(fixed) == [1, 0, 0]


def test_one_who_has_not_voted_is_offered_no_change(client: PortalClient, poll: PollIds) -> None:
    client.delete_cookie("browser")

    for path in ("", "/ket-qua", "/phieu"):
        text = client.get("/en" + poll.url + path).text
        assert change_link(text) is None
        assert 'name="changes"' not in text


def test_a_lost_reply_and_a_retry_count_once(client: PortalClient, poll: PollIds) -> None:
    sent = changing(poll, 2)

    for _ in range(2):
        assert client.swap(poll.url, sent).status_code == 200

    assert tallies(poll) == [0, 0, 1]
    assert db.session.scalar(db.select(Ballot.changes)) == 1


def test_a_request_id_that_a_lost_reply_left_behind_does_not_hinder_a_later_change(client: PortalClient, poll: PollIds) -> None:
    """The page's script keeps the id of a press that was not answered, for the next press too."""
    request = token()
    client.swap(poll.url, changing(poll, 1, request=request))

    assert client.swap(poll.url, changing(poll, 2, changes=1, request=request)).status_code == 200
    assert tallies(poll) == [0, 0, 1]


def test_without_scripts_a_change_and_its_retry_lead_to_the_result(client: PortalClient, poll: PollIds) -> None:
    for _ in range(2):
        answer = client.submit("/en" + poll.url, changing(poll, 2, request=""))
        assert answer.status_code == 303
        assert "Your vote is recorded." in client.get(answer.location).text

    assert tallies(poll) == [0, 0, 1]


def test_a_change_made_in_another_tab_meanwhile_is_told_with_what_stands(client: PortalClient, poll: PollIds) -> None:
    client.swap(poll.url, changing(poll, 1))

    told = client.swap("/en" + poll.url, changing(poll, 2))
    plain = client.submit("/en" + poll.url, changing(poll, 2, request=""))

    assert (told.status_code, plain.status_code) == (409, 303)
    for text in (told.text, client.get(plain.location).text):
        assert ELSEWHERE in text
        assert re.search(r'<li class="poll-row mine">.{0,400}b\. Bình thường', text, re.S)
        assert change_link(text)
    assert tallies(poll) == [0, 1, 0]


def test_two_changes_at_once_leave_one(app: Flask, client: PortalClient, poll: PollIds) -> None:
    cookie = client.get_cookie("browser").value
    tabs = [app.test_client() for _ in range(2)]
    for tab in tabs:
        tab.set_cookie("browser", cookie)

    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(lambda pair: pair[0].swap(poll.url, changing(poll, pair[1])), zip(tabs, (1, 2), strict=True)))

    assert sorted(answer.status_code for answer in answers) == [200, 409]
    winner = next(place for place, answer in enumerate(answers, 1) if answer.status_code == 200)
    assert tallies(poll) == [0, winner == 1, winner == 2]


@pytest.mark.parametrize("wrong", ["edited", "nothing chosen"])
def test_a_refused_change_keeps_what_was_picked_and_that_it_is_a_change(client: PortalClient, poll: PollIds, wrong: str) -> None:
    sent = changing(poll, 2)
    if wrong == "edited":
        word_anew(poll, labels={1: "Vừa phải"})
    else:
        sent["choice"] = []

    asked = client.swap("/en" + poll.url, sent)

    assert asked.status_code == (409 if wrong == "edited" else 422)
    assert '<input type="hidden" name="changes" value="0">' in asked.text
    assert (f'value="{poll.choices[2]}" checked' in asked.text) == (wrong == "edited")
    assert tallies(poll) == [1, 0, 0]
    again = {**changing(poll, 2), "version": 2 if wrong == "edited" else 1}
    assert client.swap(poll.url, again).status_code == 200
    assert tallies(poll) == [0, 0, 1]


def test_after_closing_nothing_changes_and_the_former_choice_is_shown(client: PortalClient, poll: PollIds) -> None:
    change(poll, closes_at=clock.now_ms() - 1)

    told = client.swap("/en" + poll.url, changing(poll, 1))

    assert told.status_code == 409
    assert "The poll has closed; your former choice stands." in told.text
    assert re.search(r'<li class="poll-row mine">.{0,400}a\. Đẹp', told.text, re.S)
    for text in (told.text, client.get("/en" + poll.url + "/ket-qua").text):
        assert change_link(text) is None
    assert 'name="changes"' not in client.get(poll.url + "/phieu").text
    assert tallies(poll) == [1, 0, 0]


def test_a_change_in_a_poll_with_hidden_results_can_be_left_without_seeing_them(client: PortalClient) -> None:
    hidden = cast.a_poll(may_change=True, visibility="closed")
    client.swap(hidden.url, form(hidden, 0))

    paper = client.get("/en" + hidden.url + "/phieu").text

    assert f'href="/en{hidden.url}/ket-qua"' in paper
    assert "Keep the choice</a>" in paper
    assert "100%" not in paper


@pytest.mark.parametrize("said", ["-1", "x", "01", "1.0", "9999999999"])
def test_a_number_of_changes_that_no_page_holds_is_refused(client: PortalClient, poll: PollIds, said: str) -> None:
    assert client.swap(poll.url, form(poll, 1, changes=said)).status_code == 400
    assert tallies(poll) == [1, 0, 0]
