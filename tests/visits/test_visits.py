"""A visit: a run of one reader's views with gaps of at most 30 minutes, on the day on which it began."""

from datetime import date

import pytest
from sqlalchemy import select

from portal.core.db import db
from portal.visits.models import SiteFigures, Visitor
from tests.client import PortalClient
from tests.visits.readers import Clock, Reader, sums


@pytest.fixture
def time(app: object, monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch, "2026-03-17T09:00")


def on(day: date) -> tuple[int, int]:
    """Return the site's views and visits of a day."""
    period = day.year * 10_000 + day.month * 100 + day.day
    db.session.rollback()
    found = db.session.execute(select(SiteFigures.views, SiteFigures.visits).where(SiteFigures.period == period)).first()
    return (found[0], found[1]) if found else (0, 0)


def test_ten_pages_in_a_row_are_ten_views_and_one_visit(client: PortalClient, time: Clock) -> None:
    reader = Reader(client)

    for number in range(1, 11):
        reader.sees(f"article:{number}")
        time.go(minutes=2)

    assert sums() == (10, 1)


def test_the_gap_slides(client: PortalClient, time: Clock) -> None:
    reader = Reader(client)

    for _ in range(8):
        reader.sees()
        time.go(minutes=29)

    assert sums() == (8, 1)


def test_a_gap_of_thirty_minutes_belongs_to_the_visit(client: PortalClient, time: Clock) -> None:
    reader = Reader(client)

    reader.sees()
    time.go(minutes=30)
    reader.sees()

    assert sums() == (2, 1)


def test_a_longer_gap_begins_another_visit(client: PortalClient, time: Clock) -> None:
    reader = Reader(client)

    reader.sees()
    time.go(minutes=30, milliseconds=1)
    reader.sees()

    assert sums() == (2, 2)


def test_two_browsers_behind_one_address_are_two_visits(client: PortalClient, time: Clock) -> None:
    Reader(client).sees()
    Reader(client, agent="Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0").sees()

    assert sums() == (2, 2)


def test_a_visit_over_midnight_is_one_and_belongs_to_the_day_it_began(client: PortalClient, time: Clock) -> None:
    reader = Reader(client)
    time.go(hours=14, minutes=50)

    for _ in range(4):
        reader.sees()
        time.go(minutes=15)

    assert sums() == (4, 1)
    assert on(date(2026, 3, 17)) == (1, 1)
    assert on(date(2026, 3, 18)) == (3, 0)


def test_after_midnight_one_reader_is_one_person_online(client: PortalClient, time: Clock) -> None:
    reader = Reader(client)
    time.go(hours=14, minutes=50)

    for _ in range(3):
        reader.sees()
        time.go(minutes=15)

    assert len(db.session.scalars(select(Visitor.key)).all()) == 1


def test_a_long_gap_over_midnight_begins_a_visit_of_the_new_day(client: PortalClient, time: Clock) -> None:
    reader = Reader(client)
    time.go(hours=14, minutes=50)

    reader.sees()
    time.go(minutes=31)
    reader.sees()

    assert sums() == (2, 2)
    assert on(date(2026, 3, 18)) == (1, 1)


def test_a_visit_over_the_end_of_a_month_and_year_is_one(client: PortalClient, monkeypatch: pytest.MonkeyPatch) -> None:
    time = Clock(monkeypatch, "2026-12-31T23:55")
    reader = Reader(client)

    reader.sees()
    time.go(minutes=10)
    reader.sees()

    assert sums() == (2, 1)
    assert on(date(2027, 1, 1)) == (1, 0)


def test_days_begin_at_midnight_in_viet_nam(client: PortalClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """23:59 in Ha Noi is 16:59 in Greenwich."""
    time = Clock(monkeypatch, "2026-03-17T23:59")

    Reader(client, address="203.0.113.5").sees()
    time.go(minutes=2)
    Reader(client, address="203.0.113.6").sees()

    assert (on(date(2026, 3, 17)), on(date(2026, 3, 18))) == ((1, 1), (1, 1))


def test_a_reader_who_comes_back_on_the_third_day_begins_a_visit(client: PortalClient, time: Clock) -> None:
    reader = Reader(client)

    for _ in range(3):
        reader.sees()
        time.go(days=1)

    assert sums() == (3, 3)


@pytest.mark.slow(why="146 page loads, one every half hour for three days")
def test_a_reader_who_never_goes_to_bed_is_one_visit_for_three_days(client: PortalClient, time: Clock) -> None:
    reader = Reader(client)

    for _ in range(3 * 24 * 2 + 2):
        reader.sees()
        time.go(minutes=30)

    assert sums() == (3 * 24 * 2 + 2, 1)
