"""What the home page takes from the site: tasks, links, and the strip of these days."""

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.clock import DAY
from portal.files.renditions import render_waiting
from portal.site import identity
from portal.site.lists import MOST_TASKS, Named, StripLine
from portal.site.models import Link, Strip
from tests import cast
from tests.client import Elements, PortalClient
from tests.files import samples
from tests.site.placed import a_picture_at


def a_strip(title: str, first: int, last: int, **values: object) -> int:
    """Store a strip that runs from a number of days from today through another."""
    now = clock.now_ms()
    days = {"first_on": clock.day_of(now + first * DAY), "last_on": clock.day_of(now + last * DAY)}
    return cast.listed(Strip(title=title, url="/trang/le-hoi", **days, **values))


@pytest.fixture
def database() -> str:
    return "sqlite"


def test_tasks_and_links_stand_in_their_places_in_order(app: Flask) -> None:
    cast.listed(Link(place="task", title="Hai", url="/hai", position=2))
    cast.listed(Link(place="task", title="Một", url="/mot", position=1))
    cast.listed(Link(place="link", title="Tỉnh", url="https://example.vn/"))
    site = identity.current()
    assert site.tasks == (Named("Một", "/mot"), Named("Hai", "/hai"))
    assert site.links == (Named("Tỉnh", "https://example.vn/"),)


def test_at_most_six_tasks_are_shown(app: Flask) -> None:
    for number in range(8):
        cast.listed(Link(place="task", title=f"Việc {number}", url=f"/{number}", position=number))
    assert [task.title for task in identity.current().tasks] == [f"Việc {number}" for number in range(MOST_TASKS)]


def test_a_strip_shows_on_its_days_alone(app: Flask) -> None:
    a_strip("Đã qua", -3, -1)
    a_strip("Sắp tới", 1, 3)
    assert identity.current().strip is None
    a_strip("Hôm nay", 0, 0)
    assert identity.current().strip == StripLine("Hôm nay", "/trang/le-hoi")


def test_of_several_strips_the_first_is_shown(app: Flask) -> None:
    a_strip("Sau", -2, 2, position=2)
    a_strip("Trước", -1, 1, position=1)
    shown = identity.current().strip
    assert shown is not None
    assert shown.title == "Trước"


@pytest.mark.slow(why="renders a picture")
def test_a_strip_has_its_picture_on_its_days_alone(client: PortalClient) -> None:
    keys = {}
    for title, first, last in (("Đã qua", -3, -1), ("Hôm nay", -1, 1), ("Sắp tới", 1, 3)):
        place = f"strip:{a_strip(title, first, last)}"
        keys[title] = a_picture_at(place, samples.a_photo(1400, 300), alt=f"Ảnh {title}")
    assert "Ảnh Hôm nay" not in client.get("/").text
    render_waiting()
    page = client.get("/").text
    (picture,) = Elements(page.partition('class="strip"')[2].partition("</a>")[0]).of("img")
    assert (picture["alt"], picture["width"], picture["height"]) == ("Ảnh Hôm nay", "1400", "300")
    assert {title: client.get(f"/anh/{key}/1400.webp").status_code for title, key in keys.items()} == {
        "Đã qua": 404,
        "Hôm nay": 200,
        "Sắp tới": 404,
    }


def test_a_strip_that_ends_before_it_begins_is_refused(app: Flask) -> None:
    with pytest.raises(IntegrityError):
        a_strip("Ngược", 1, 0)


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "trang/lien-he", "JAVASCRIPT:x", "\tjavascript:x"])
def test_an_address_that_is_none_is_refused(app: Flask, url: str) -> None:
    with pytest.raises(IntegrityError):
        cast.listed(Link(place="link", title="Bấm", url=url))


def test_a_place_that_is_none_is_refused(app: Flask) -> None:
    with pytest.raises(IntegrityError):
        cast.listed(Link(place="side", title="Bấm", url="/"))
