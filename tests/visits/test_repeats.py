"""The same load, and the same reader on the same page within ten seconds, count once."""

import pytest

from tests.client import PortalClient
from tests.visits.readers import Clock, Reader, sums, token


@pytest.fixture
def time(app: object, monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch, "2026-03-17T09:00")


def test_the_same_load_counts_once_however_late_it_is_told_again(client: PortalClient, time: Clock) -> None:
    reader, load = Reader(client), token()

    for _ in range(4):
        assert reader.sees(load=load).status_code == 200
        time.go(hours=11)

    assert sums() == (1, 1)


def test_a_load_told_from_another_address_is_the_same_load(client: PortalClient, time: Clock) -> None:
    """A telephone changes its network between a try and the next."""
    load = token()

    Reader(client, address="203.0.113.5").sees(load=load)
    Reader(client, address="198.51.100.9").sees(load=load)

    assert sums() == (1, 1)


def test_a_reload_within_ten_seconds_does_not_count(client: PortalClient, time: Clock) -> None:
    reader = Reader(client)

    reader.sees()
    time.go(seconds=9.999)
    reader.sees()

    assert sums() == (1, 1)


def test_a_reload_after_ten_seconds_counts(client: PortalClient, time: Clock) -> None:
    reader = Reader(client)

    reader.sees()
    time.go(seconds=10)
    reader.sees()

    assert sums() == (2, 1)


def test_reloading_all_the_time_counts_once_in_ten_seconds(client: PortalClient, time: Clock) -> None:
    reader = Reader(client)

    for _ in range(31):
        reader.sees()
        time.go(seconds=1)

    assert sums() == (4, 1)


def test_another_page_within_ten_seconds_counts(client: PortalClient, time: Clock) -> None:
    reader = Reader(client)

    for page in ("article:1", "article:2", "home"):
        reader.sees(page)

    assert sums() == (3, 1)


def test_another_reader_within_ten_seconds_counts(client: PortalClient, time: Clock) -> None:
    for address in ("203.0.113.5", "203.0.113.6"):
        Reader(client, address=address).sees()

    assert sums() == (2, 2)


def test_a_browser_that_tells_by_script_and_by_picture_counts_once(client: PortalClient, time: Clock) -> None:
    reader = Reader(client)

    reader.sees()
    reader.sees_picture()

    assert sums() == (1, 1)


def test_a_repeat_over_midnight_is_still_a_repeat(client: PortalClient, time: Clock) -> None:
    reader = Reader(client)
    time.go(hours=14, minutes=59, seconds=55)

    reader.sees()
    time.go(seconds=8)
    reader.sees()

    assert sums() == (1, 1)
