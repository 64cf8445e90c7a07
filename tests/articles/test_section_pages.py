"""A section lists its articles, newest first, in pages of twenty."""

import re

import pytest

from portal.articles.views import PER_PAGE
from portal.core import clock
from tests import cast
from tests.client import PortalClient


@pytest.fixture
def filled() -> int:
    """A section with 41 articles, three pages; the first is the newest."""
    section, now = cast.a_section("Thông báo"), clock.now_ms()
    for number in range(1, 2 * PER_PAGE + 2):
        cast.an_article(f"Tin số {number}", section=section, published_at=now - number * clock.DAY)
    return section


def rows(client: PortalClient, number: int) -> list[int]:
    """Return the numbers of the articles on a page, in order."""
    text = client.get("/chuyen-muc/thong-bao" + (f"?trang={number}" if number > 1 else "")).text
    return [int(found) for found in re.findall(r"Tin số (\d+)</a>", text.partition("<main")[2])]


@pytest.mark.slow(why="stores 41 articles")
def test_every_article_stands_on_exactly_one_page_newest_first(client: PortalClient, filled: int) -> None:
    pages = [rows(client, number) for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [PER_PAGE, PER_PAGE, 1]
    assert [one for page in pages for one in page] == list(range(1, 2 * PER_PAGE + 2))


@pytest.mark.slow(why="stores 41 articles")
def test_the_pages_lead_to_each_other_and_to_no_page_beyond(client: PortalClient, filled: int) -> None:
    first, last = (client.get("/chuyen-muc/thong-bao" + query).text for query in ("", "?trang=3"))
    assert 'rel="next" href="/chuyen-muc/thong-bao?trang=2"' in first
    assert 'rel="prev"' not in first
    assert 'rel="prev" href="/chuyen-muc/thong-bao?trang=2"' in last
    assert 'rel="next"' not in last
    assert 'rel="prev" href="/chuyen-muc/thong-bao"' in client.get("/chuyen-muc/thong-bao?trang=2").text
    assert client.get("/chuyen-muc/thong-bao?trang=4").status_code == 404


def test_the_first_page_has_one_address(client: PortalClient) -> None:
    cast.a_section("Thông báo")
    answer = client.get("/chuyen-muc/thong-bao?trang=1")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/chuyen-muc/thong-bao")


def test_an_empty_section_says_so(client: PortalClient) -> None:
    cast.a_section("Thông báo")
    answer = client.get("/chuyen-muc/thong-bao")
    assert answer.status_code == 200
    assert 'class="empty"' in answer.text
    assert 'class="paging"' not in answer.text


def test_a_section_that_is_none_is_not_found(client: PortalClient) -> None:
    assert client.get("/chuyen-muc/khong-co").status_code == 404


def test_a_section_belongs_to_its_language(client: PortalClient) -> None:
    cast.a_section("Notices", language="en")
    assert client.get("/chuyen-muc/notices").status_code == 404
    assert client.get("/en/chuyen-muc/notices").status_code == 200


def test_articles_of_the_same_instant_keep_one_order(client: PortalClient) -> None:
    section, now = cast.a_section("Thông báo"), clock.now_ms()
    for number in range(3):
        cast.an_article(f"Tin số {number}", section=section, published_at=now - clock.DAY)
    assert rows(client, 1) == [2, 1, 0]


def test_the_menu_marks_the_section_that_is_open(client: PortalClient) -> None:
    cast.a_section("Thông báo")
    menu = client.get("/chuyen-muc/thong-bao").text.partition('class="menu-line"')[2].partition("</ul>")[0]
    assert '<a href="/chuyen-muc/thong-bao" aria-current="page">' in menu
    assert menu.count("aria-current") == 1
