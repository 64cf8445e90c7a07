"""The palette is a setting, and mourning is another with a first and a last day."""

import re

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.clock import DAY
from tests import cast
from tests.client import PortalClient
from tests.clocks import Clock


def palette(client: PortalClient) -> str:
    return re.findall('<html[^>]* data-palette="([^"]*)"', client.get("/").text)[0]


def seconds_to(instant: int) -> float:
    return (instant - clock.now_ms()) / 1000


@pytest.mark.parametrize("name", ["co-vit", "cham", "gom", "than"])
def test_a_page_wears_the_agency_s_palette(client: PortalClient, name: str) -> None:
    cast.change_site(palette=name)
    assert palette(client) == name


def test_a_site_that_says_nothing_wears_the_first(client: PortalClient) -> None:
    assert palette(client) == "co-vit"


def test_a_palette_that_nobody_has_tested_is_refused(app: Flask) -> None:
    with pytest.raises(IntegrityError):
        cast.change_site(palette="do")


def test_mourning_begins_and_ends_at_midnight_by_itself(client: PortalClient, standing: Clock) -> None:
    today = clock.day_of(clock.now_ms())
    begins = clock.next_midnight(clock.now_ms())
    first, last = clock.day_of(begins), clock.day_of(begins + DAY)
    cast.change_site(palette="gom", mourning_from=first, mourning_until=last)
    assert today < first

    standing.turn(seconds_to(begins) - 1)
    assert palette(client) == "gom"
    standing.turn(1)
    assert palette(client) == "quoc-tang"
    standing.turn(2 * DAY / 1000 - 1)
    assert palette(client) == "quoc-tang"
    standing.turn(1)
    assert palette(client) == "gom"


def test_a_first_day_without_a_last_changes_nothing(client: PortalClient) -> None:
    cast.change_site(mourning_from=clock.day_of(clock.now_ms()))
    assert palette(client) == "co-vit"


def test_a_last_day_before_the_first_is_refused(app: Flask) -> None:
    today = clock.day_of(clock.now_ms())
    with pytest.raises(IntegrityError):
        cast.change_site(mourning_from=today, mourning_until=today.replace(year=today.year - 1))
