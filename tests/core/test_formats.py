"""Figures and dates as the interface prints them."""

import pytest
from flask import Flask

from portal.core import clock, formats


@pytest.fixture
def database() -> str:
    """Nothing here reads the database."""
    return "sqlite"


@pytest.mark.parametrize(
    ("value", "vietnamese", "english"),
    [(0, "0", "0"), (999, "999", "999"), (2250, "2.250", "2,250"), (1957856, "1.957.856", "1,957,856")],
)
def test_thousands_are_marked_as_the_language_marks_them(app: Flask, value: int, vietnamese: str, english: str) -> None:
    with app.app_context(), app.test_request_context("/"):
        assert formats.number(value) == vietnamese
    with app.app_context(), app.test_request_context("/", environ_overrides={"SCRIPT_NAME": "/en"}):
        assert formats.number(value) == english


@pytest.mark.parametrize(
    ("octets", "said"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1_000, "1 kB"),
        (1_234_567, "1,2 MB"),
        (999_949, "999,9 kB"),
        (999_950, "1 MB"),
        (5_000_000_000, "5 GB"),
        (5_000_000_000_000, "5.000 GB"),
    ],
)
def test_sizes_have_one_place_and_the_right_unit(app: Flask, octets: int, said: str) -> None:
    with app.test_request_context("/"):
        assert formats.size(octets) == said


def test_days_and_moments_are_those_of_the_site_s_zone(app: Flask) -> None:
    before_midnight = clock.instant_at("2022-03-17T23:59")
    with app.test_request_context("/"):
        assert formats.day(before_midnight) == "17/03/2022"
        assert formats.day(before_midnight + clock.MINUTE) == "18/03/2022"
        assert formats.iso(before_midnight) == "2022-03-17T23:59:00+07:00"
        assert "23:59" in formats.moment(before_midnight)
        assert "17/03/2022" in formats.moment(before_midnight)


def test_a_day_begins_at_midnight_in_the_site_s_zone(app: Flask) -> None:
    noon = clock.instant_at("2022-03-17T12:00")
    assert clock.next_midnight(noon) == clock.instant_at("2022-03-18T00:00")
    assert clock.day_of(clock.start_of(clock.day_of(noon))) == clock.day_of(noon)
    assert clock.day_of(clock.start_of(clock.day_of(noon)) - 1) < clock.day_of(noon)
