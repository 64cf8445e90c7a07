"""When a poll takes ballots: from its opening to its closing, by the database's clock."""

from typing import Any

import pytest

from portal.core import clock
from portal.core.clock import DAY, HOUR, MINUTE
from tests import cast
from tests.client import PortalClient
from tests.polls.voting import change, form, number_of_ballots, tallies


def test_a_vote_for_a_closed_poll_gets_the_final_result_and_a_sentence(client: PortalClient) -> None:
    poll = cast.a_poll()
    client.swap(poll.url, form(poll, 1))
    client.delete_cookie("browser")
    change(poll, closes_at=clock.now_ms() - MINUTE)

    answer = client.swap("/en" + poll.url, form(poll, 0))

    assert answer.status_code == 409
    assert "The poll has closed; this vote was not counted." in answer.text
    assert "This is the final result." in answer.text
    assert "100% · 1" in answer.text
    assert "<form" not in answer.text
    assert tallies(poll) == [0, 1, 0]


def test_a_plain_vote_for_a_closed_poll_gets_a_page(client: PortalClient) -> None:
    poll = cast.a_poll(closes_at=clock.now_ms() - MINUTE)

    answer = client.submit("/en" + poll.url, form(poll, 0))

    assert answer.status_code == 409
    assert "<!doctype html>" in answer.text
    assert "The poll has closed; this vote was not counted." in answer.text


def test_a_poll_that_closes_between_render_and_vote_takes_no_ballot(client: PortalClient) -> None:
    poll = cast.a_poll(closes_at=clock.now_ms() + HOUR)
    assert "Closes at" in client.get("/en" + poll.url).text
    change(poll, closes_at=clock.now_ms() - 1)

    assert client.swap(poll.url, form(poll, 0)).status_code == 409
    assert number_of_ballots() == 0


def test_a_poll_that_is_not_open_yet_takes_no_ballot(client: PortalClient) -> None:
    poll = cast.a_poll(opens_at=clock.now_ms() + HOUR)

    answer = client.swap("/en" + poll.url, form(poll, 0))

    assert answer.status_code == 409
    assert "The poll is not open yet." in answer.text
    assert "<form" not in client.get("/en" + poll.url).text
    assert number_of_ballots() == 0


def test_a_retry_after_closing_has_its_receipt(client: PortalClient) -> None:
    poll = cast.a_poll()
    sent = form(poll, 0)
    client.swap(poll.url, sent)
    change(poll, closes_at=clock.now_ms() - 1)

    again = client.swap("/en" + poll.url, sent)

    assert again.status_code == 200
    assert "Your vote is recorded." in again.text
    assert tallies(poll) == [1, 0, 0]


@pytest.mark.parametrize("field", ["opens_at", "closes_at"])
def test_a_cached_page_changes_when_the_poll_opens_or_closes(
    client: PortalClient, monkeypatch: pytest.MonkeyPatch, field: str
) -> None:
    now = clock.now_ms()
    monkeypatch.setattr(clock, "now_ms", lambda: now)
    values: dict[str, Any] = {field: now + 400}
    poll = cast.a_poll(**values)
    shown = "<form" in client.get(poll.url).text
    monkeypatch.setattr(clock, "now_ms", lambda: now + 500)

    until = clock.time.monotonic() + 5
    while ("<form" in client.get(poll.url).text) == shown and clock.time.monotonic() < until:
        pass  # the page is kept by a clock that cannot be mocked

    assert ("<form" in client.get(poll.url).text) != shown


def test_the_days_left_are_told(client: PortalClient) -> None:
    poll = cast.a_poll(closes_at=clock.now_ms() + 3 * DAY)

    assert "(3 days left)" in client.get("/en" + poll.url).text
