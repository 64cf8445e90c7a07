"""The urgent band: one at a time, on every page, and it ends by itself."""

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.clock import HOUR, MINUTE
from portal.site.models import Urgent
from tests import cast
from tests.client import PortalClient
from tests.clocks import Clock

STORM = "Bộ phận một cửa tạm ngừng nhận hồ sơ do mưa bão."


def a_notice(text: str = STORM, *, begins_in: int = -MINUTE, ends_in: int = HOUR, **values: str) -> int:
    now = clock.now_ms()
    return cast.listed(Urgent(text=text, begins_at=now + begins_in, ends_at=now + ends_in, **values))


def band(client: PortalClient, path: str = "/") -> str:
    return client.get(path).text.partition('<aside class="urgent"')[2].partition("</aside>")[0]


def test_every_page_says_its_word_first(client: PortalClient) -> None:
    a_notice(url="/trang/mua-bao")
    for path in ("/", "/so-do-trang", "/so-lieu/cach-tinh", "/khong-co"):
        said = band(client, path)
        assert "<b>Thông báo khẩn:</b>" in said
        assert f'<a href="/trang/mua-bao">{STORM}</a>' in said


def test_a_notice_without_more_to_read_is_no_link(client: PortalClient) -> None:
    a_notice()
    assert "<a" not in band(client)
    assert STORM in band(client)


def test_it_begins_and_ends_by_itself(client: PortalClient, standing: Clock) -> None:
    a_notice(begins_in=30_000, ends_in=90_000)
    assert band(client) == ""
    standing.turn(29.9)
    assert band(client) == ""
    standing.turn(0.1)
    assert STORM in band(client)
    standing.turn(59.9)
    assert STORM in band(client)
    standing.turn(0.1)
    assert band(client) == ""


def test_of_several_that_run_the_one_that_began_last_is_shown(client: PortalClient, standing: Clock) -> None:
    a_notice("Tin thứ nhất", begins_in=-2 * HOUR, ends_in=3 * HOUR)
    a_notice("Tin thứ hai", begins_in=-HOUR, ends_in=30_000)
    assert "Tin thứ hai" in band(client)
    assert "Tin thứ nhất" not in band(client)
    standing.turn(30)
    assert "Tin thứ nhất" in band(client)


def test_each_language_has_its_own(client: PortalClient) -> None:
    a_notice()
    a_notice("No visitors today.", language="en")
    assert STORM not in band(client, "/en/")
    assert "Urgent:" in band(client, "/en/")


def test_a_notice_that_would_never_end_is_refused(app: Flask) -> None:
    with pytest.raises(IntegrityError):
        cast.listed(Urgent(text=STORM, begins_at=1))
    with pytest.raises(IntegrityError):
        a_notice(begins_in=HOUR, ends_in=HOUR)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "so-khcn.example.vn", "ftp://example.vn/"])
def test_an_address_that_is_none_is_refused(app: Flask, url: str) -> None:
    with pytest.raises(IntegrityError):
        a_notice(url=url)
