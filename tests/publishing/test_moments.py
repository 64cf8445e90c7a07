"""The minute of a schedule, in zones where clocks are never changed and where they are."""

from typing import Any

import pytest
from flask import Flask

from portal.articles import content as contents
from portal.core import clock
from portal.core.errors import Refused
from portal.publishing import moments


@pytest.fixture
def database() -> str:
    return "sqlite"


@pytest.fixture
def settings(settings: dict[str, Any], request: pytest.FixtureRequest) -> dict[str, Any]:
    return {**settings, "TIME_ZONE": getattr(request, "param", "Asia/Ho_Chi_Minh")}


berlin = pytest.mark.parametrize("settings", ["Europe/Berlin"], indirect=True)


def test_it_is_a_time_of_the_site(app: Flask) -> None:
    assert moments.instant_of("2026-03-24T08:00") == clock.instant_at("2026-03-24T08:00") == 1_774_314_000_000


def test_it_is_said_back_with_the_day_of_the_week(app: Flask) -> None:
    assert moments.said(1_774_314_000_000) == "08:00 ngày 24/03/2026 (Thứ Ba)"


NONE = ["", "mai", "2026-02-31T08:00", "2026-03-24", "2026-03-24T08:00+07:00", "2026-03-24T25:00", "2026-03-24T08:00:00"]
ODD = ["２０２６-03-24T08:00", "0001-01-01T00:00", "9999-12-31T23:59"]


@pytest.mark.parametrize("text", [*NONE, *ODD])
def test_what_is_no_such_time_is_refused_or_far_away(app: Flask, text: str) -> None:
    try:
        at = moments.instant_of(text)
    except Refused:
        return
    assert text.startswith(("0001", "9999"))
    assert abs(at - clock.now_ms()) > 366 * clock.DAY


@berlin
def test_a_time_that_the_clocks_skip_is_refused(app: Flask) -> None:
    with pytest.raises(Refused, match="chỉnh tới"):
        moments.instant_of("2027-03-28T02:30")


@berlin
def test_a_time_that_comes_twice_is_refused(app: Flask) -> None:
    with pytest.raises(Refused, match="hai lần"):
        moments.instant_of("2027-10-31T02:30")


def test_a_day_of_publication_is_one_whole_minute_of_the_site(app: Flask) -> None:
    assert contents.cleaned({"published_on": " 2022-03-17T08:00 "})["published_on"] == "2022-03-17T08:00"
    less = ("2022-03-17", "20220317T0800", "2022-W11-4T08:00", "2022-03-17T08", "2022-03-17 08:00", "17/03/2022")
    more = ("2022-03-17T08:00:30", "2022-03-17T08:00+00:00", "2022-03-17T08:00Z", "2022-03-17T24:00", "２０２２-03-17T08:00")
    for wrong in (*less, *more):
        with pytest.raises(Refused, match=r"^Ngày đăng: "):
            contents.cleaned({"published_on": wrong})


@berlin
@pytest.mark.parametrize("text", ["2021-03-28T02:30", "2021-10-31T02:30"])
def test_a_day_of_publication_is_no_time_that_never_was_or_came_twice(app: Flask, text: str) -> None:
    with pytest.raises(Refused, match=r"^Ngày đăng: .*đồng hồ"):
        contents.cleaned({"published_on": text})


@berlin
@pytest.mark.parametrize(("text", "utc_hour"), [("2027-03-28T03:00", 1), ("2027-10-31T01:59", 23), ("2027-10-31T03:00", 2)])
def test_the_hours_around_are_what_they_say(app: Flask, text: str, utc_hour: int) -> None:
    assert moments.instant_of(text) // clock.HOUR % 24 == utc_hour
