"""Ballots that say nothing, too much, or what the poll does not know: refused, and nothing is stored."""

from typing import Any

from tests import cast
from tests.client import SAME_ORIGIN, PortalClient
from tests.polls.voting import form, number_of_ballots, tallies, token

ANSWERS = ("Đẹp", "Bình thường", "Xấu", "Không ý kiến")


NO_POLLS = ("2147483647", "2147483648", "9223372036854775808", "0", "-1", "1x", "١", "01")

WRONG_FIELDS: list[dict[str, Any]] = [
    *({"version": wrong} for wrong in ("", "0", "-1", "1.0", "٣", "9" * 20, ["1", "1"])),
    *({"choice": wrong} for wrong in ("0", "-1", "x", "1 OR 1=1", "9999999999", [str(n) for n in range(1, 100)])),
    *({"request": wrong} for wrong in ("abc", "z" * 32, "a" * 5_000, ["a" * 32, "b" * 32])),
    *({"back": wrong} for wrong in ("/" + "a" * 5_000, ["/", "/"], "/a\x00b", "/a\r\nb")),
]


def test_a_poll_that_is_not_there_is_not_found(client: PortalClient) -> None:
    cast.a_poll()

    for poll_id in NO_POLLS:
        for path in (f"/tham-do/{poll_id}", f"/tham-do/{poll_id}/ket-qua", f"/tham-do/{poll_id}/phieu"):
            assert client.get(path).status_code == 404, path
        answer = client.swap(f"/tham-do/{poll_id}", {"version": 1, "choice": 1, "request": token()})
        assert answer.status_code == 404, poll_id

    assert number_of_ballots() == 0


def test_a_form_that_no_page_sends_is_refused(client: PortalClient) -> None:
    poll = cast.a_poll()

    for wrong in WRONG_FIELDS:
        assert client.swap(poll.url, form(poll, 0, **wrong)).status_code == 400, wrong
        assert number_of_ballots() == 0, wrong


def test_a_choice_given_twice_is_refused(client: PortalClient) -> None:
    poll = cast.a_poll(max_choices=3)

    assert client.swap(poll.url, form(poll, 0, 0)).status_code == 400
    assert number_of_ballots() == 0


def test_a_choice_of_another_poll_is_refused(client: PortalClient) -> None:
    poll, other = cast.a_poll(), cast.a_poll()

    answer = client.swap(poll.url, form(poll, choice=other.choices[0]))

    assert answer.status_code == 422
    assert number_of_ballots() == 0
    assert tallies(other) == [0, 0, 0]


def test_a_choice_that_nobody_knows_is_refused(client: PortalClient) -> None:
    poll = cast.a_poll()

    assert client.swap(poll.url, form(poll, choice=999_999_999)).status_code == 422
    assert number_of_ballots() == 0


def test_a_version_that_nobody_knows_asks_the_voter_again(client: PortalClient) -> None:
    poll = cast.a_poll()

    answer = client.swap("/en" + poll.url, form(poll, 0, version=999))

    assert answer.status_code == 409
    assert "The poll has just been changed." in answer.text
    assert number_of_ballots() == 0


def test_an_empty_ballot_is_refused_with_a_sentence(client: PortalClient) -> None:
    poll = cast.a_poll()

    answer = client.swap("/en" + poll.url, form(poll))

    assert answer.status_code == 422
    assert "You have not chosen anything." in answer.text
    assert number_of_ballots() == 0


def test_two_choices_are_too_many_where_one_is_asked_for(client: PortalClient) -> None:
    poll = cast.a_poll()

    answer = client.swap("/en" + poll.url, form(poll, 0, 1))

    assert answer.status_code == 422
    assert "Choose one." in answer.text
    assert number_of_ballots() == 0


def test_multiple_choice_holds_its_bounds(client: PortalClient) -> None:
    poll = cast.a_poll(ANSWERS, min_choices=2, max_choices=3)

    for places in ((0,), (0, 1, 2, 3)):
        answer = client.swap("/en" + poll.url, form(poll, *places))
        assert answer.status_code == 422
        assert "Choose from 2 to 3." in answer.text
    assert tallies(poll) == [0, 0, 0, 0]
    for places in ((0, 2), (0, 1, 3)):
        client.delete_cookie("browser")
        assert client.swap(poll.url, form(poll, *places)).status_code == 200
    assert tallies(poll) == [2, 1, 1, 1]


def test_a_refused_ballot_keeps_what_was_chosen(client: PortalClient) -> None:
    poll = cast.a_poll(ANSWERS, min_choices=2, max_choices=3)

    answer = client.swap(poll.url, form(poll, 2))

    assert f'value="{poll.choices[2]}" checked' in answer.text
    assert answer.text.count(" checked") == 1


def test_other_methods_are_not_possible(client: PortalClient) -> None:
    poll = cast.a_poll()

    for method in ("PUT", "DELETE", "PATCH"):
        answer = client.open(poll.url, method=method, data=form(poll, 0), headers=SAME_ORIGIN)
        assert answer.status_code == 405
        assert "POST" in answer.headers["Allow"]
    assert number_of_ballots() == 0


def test_no_form_writes_a_tally(client: PortalClient) -> None:
    poll = cast.a_poll()

    client.swap(poll.url, form(poll, 0, votes=500, voters=500, status="counted", cast_at=1, poll_id=9))

    assert tallies(poll) == [1, 0, 0]
