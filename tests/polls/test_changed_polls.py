"""A poll that was changed between render and vote: the choice is kept and the voter is asked again."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import update

from portal.core.db import db
from portal.polls.models import Poll
from tests import cast
from tests.client import PortalClient
from tests.polls.voting import form, number_of_ballots, tallies, word_anew

EN = "/en"


def test_a_renamed_choice_is_told_and_kept_checked(client: PortalClient) -> None:
    poll = cast.a_poll()
    word_anew(poll, labels={1: "Vừa phải"})

    asked = client.swap(EN + poll.url, form(poll, 1))

    assert asked.status_code == 409
    assert "“Bình thường” is now “Vừa phải”" in asked.text
    assert f'value="{poll.choices[1]}" checked' in asked.text
    assert asked.text.count(" checked") == 1
    assert number_of_ballots() == 0


def test_an_added_choice_is_told_and_the_choice_kept(client: PortalClient) -> None:
    poll = cast.a_poll()
    added = word_anew(poll, labels={3: "Không ý kiến"})

    asked = client.swap(EN + poll.url, form(poll, 0))

    assert asked.status_code == 409
    assert "“Không ý kiến” was added" in asked.text
    assert f'value="{added}"' in asked.text
    assert f'value="{poll.choices[0]}" checked' in asked.text
    assert number_of_ballots() == 0


def test_a_removed_choice_is_told_and_nothing_is_checked(client: PortalClient) -> None:
    poll = cast.a_poll()
    word_anew(poll, remove=2)

    asked = client.swap(EN + poll.url, form(poll, 2))

    assert asked.status_code == 409
    assert "“Xấu” was removed" in asked.text
    assert " checked" not in asked.text
    assert f'value="{poll.choices[2]}"' not in asked.text
    assert number_of_ballots() == 0


def test_a_question_worded_anew_is_told(client: PortalClient) -> None:
    poll = cast.a_poll()
    word_anew(poll, question="Giao diện mới thế nào?")

    assert "the question is worded anew" in client.swap(EN + poll.url, form(poll, 0)).text


def test_the_second_press_counts_with_the_same_request(client: PortalClient) -> None:
    poll = cast.a_poll()
    sent = form(poll, 1)
    word_anew(poll, labels={1: "Vừa phải"})
    asked = client.swap(EN + poll.url, sent)
    assert '<input type="hidden" name="version" value="2">' in asked.text

    assert client.swap(poll.url, {**sent, "version": 2}).status_code == 200
    assert tallies(poll) == [0, 1, 0]


def test_a_plain_form_is_asked_again_on_a_page(client: PortalClient) -> None:
    poll = cast.a_poll()
    word_anew(poll, labels={1: "Vừa phải"})

    asked = client.submit(EN + poll.url, form(poll, 1))

    assert asked.status_code == 409
    assert "<!doctype html>" in asked.text
    assert f'value="{poll.choices[1]}" checked' in asked.text


def test_a_removed_choice_cannot_be_voted_for_in_the_present_version(client: PortalClient) -> None:
    poll = cast.a_poll()
    word_anew(poll, remove=2)

    assert client.swap(poll.url, form(poll, 2, version=2)).status_code == 422
    assert number_of_ballots() == 0


def test_a_removed_choice_keeps_its_votes_in_the_result(client: PortalClient) -> None:
    poll = cast.a_poll()
    client.swap(poll.url, form(poll, 2))
    word_anew(poll, remove=2)

    result = client.get(EN + poll.url + "/ket-qua").text

    assert "Xấu (removed)" in result
    assert "100% · 1" in result
    assert tallies(poll) == [0, 0, 1]


def test_the_form_and_the_result_show_the_same_percent_though_a_choice_was_removed(client: PortalClient) -> None:
    poll = cast.a_poll()
    for place in (1, 2):
        client.delete_cookie("browser")
        client.swap(poll.url, form(poll, place))
    word_anew(poll, remove=2)
    client.delete_cookie("browser")

    assert "50% · 1" in client.get(EN + poll.url + "/phieu").text
    assert client.get(EN + poll.url + "/ket-qua").text.count("50% · 1") == 2


def test_a_retry_from_before_the_change_has_its_receipt(client: PortalClient) -> None:
    poll = cast.a_poll()
    sent = form(poll, 1)
    client.swap(poll.url, sent)
    word_anew(poll, labels={1: "Vừa phải"})

    again = client.swap(EN + poll.url, sent)

    assert again.status_code == 200
    assert "Your vote is recorded." in again.text
    assert tallies(poll) == [0, 1, 0]


def test_a_change_that_is_being_saved_is_waited_for(app: Flask, client: PortalClient) -> None:
    poll = cast.a_poll()

    with db.engine.connect() as editor, ThreadPoolExecutor(1) as voter:
        editor.execute(update(Poll).where(Poll.id == poll.id).values(version=2))
        vote = voter.submit(client.swap, poll.url, form(poll, 0))
        with pytest.raises(TimeoutError):
            vote.result(timeout=0.2)
        editor.commit()

        assert vote.result(timeout=5).status_code == 409
    assert number_of_ballots() == 0
