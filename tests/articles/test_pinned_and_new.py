"""Lists mark what is new for three days, and put first what is pinned until its day."""

import re

import pytest

from portal.articles.listing import MOST_PINNED, PER_PAGE
from portal.core import clock
from tests import cast
from tests.client import PortalClient
from tests.clocks import Clock

PAGE = "/chuyen-muc/thong-bao"


def titles(client: PortalClient, page: str = PAGE) -> list[tuple[str, str]]:
    """Return the marks and titles of a list, in order."""
    text = client.get(page).text.partition('id="list"')[2]
    return re.findall(r'class="row-title"[^>]*>(?:<span class="mark">(\w+)</span> )?([^<]+)</a>', text)


@pytest.fixture
def section() -> int:
    return cast.a_section("Thông báo")


def test_an_article_is_new_for_three_days(client: PortalClient, section: int, monkeypatch: pytest.MonkeyPatch) -> None:
    at = clock.now_ms() - 1000
    cast.an_article("Tin", section=section, published_at=at)
    assert titles(client) == [("Mới", "Tin")]
    monkeypatch.setattr(clock, "now_ms", lambda: at + 3 * clock.DAY)
    client.application.extensions["page_cache"].clear()
    assert titles(client) == [("", "Tin")]


def test_the_page_is_made_anew_when_an_article_is_new_no_longer(client: PortalClient, section: int) -> None:
    cast.an_article("Tin", section=section, published_at=clock.now_ms() - 3 * clock.DAY + 300)
    client.get(PAGE)
    pages = client.application.extensions["page_cache"]._pages.values()
    assert [page.right_until - page.made_at <= 0.3 for page in pages] == [True]


def test_a_pinned_article_stands_first_and_nowhere_else(client: PortalClient, section: int) -> None:
    cast.many_articles(PER_PAGE + 1, section=section, every_ms=5 * clock.DAY)
    until = clock.now_ms() + clock.DAY
    cast.an_article("Ghim cũ", section=section, published_at=1_000, pinned_until=until)
    cast.an_article("Ghim mới", section=section, published_at=2_000, pinned_until=until)
    first, second = titles(client), titles(client, f"{PAGE}?trang=2")
    assert first[:3] == [("Ghim", "Ghim mới"), ("Ghim", "Ghim cũ"), ("", "Tin số 1")]
    assert second == [("", f"Tin số {PER_PAGE + 1}")]


def test_when_a_pin_ends_no_page_of_the_list_keeps_the_order_before(client: PortalClient, section: int, standing: Clock) -> None:
    cast.many_articles(2 * PER_PAGE, section=section, every_ms=5 * clock.DAY)
    cast.an_article("Ghim", section=section, published_at=1_000, pinned_until=clock.now_ms() + 30_000)
    pages = [PAGE, f"{PAGE}?trang=2"]
    assert [len(titles(client, page)) for page in pages] == [PER_PAGE + 1, PER_PAGE]
    standing.turn(30)
    assert titles(client, f"{PAGE}?trang=3") == [("", "Ghim")]
    read = [title for page in pages for _, title in titles(client, page)]
    assert read == [f"Tin số {number}" for number in range(1, 2 * PER_PAGE + 1)]


def test_a_pin_that_ends_alters_every_page_of_the_list(client: PortalClient, section: int, standing: Clock) -> None:
    now = clock.now_ms()
    cast.many_articles(2 * PER_PAGE, section=section, every_ms=5 * clock.DAY)
    cast.an_article("Ghim", section=section, published_at=now - 4 * clock.DAY, pinned_until=now + 30_000)
    assert titles(client, f"{PAGE}?trang=2")[0] == ("", f"Tin số {PER_PAGE + 1}")
    standing.turn(30)
    assert titles(client, f"{PAGE}?trang=2")[0] == ("", f"Tin số {PER_PAGE}")


def test_an_article_whose_pin_has_ended_stands_where_its_day_puts_it(client: PortalClient, section: int) -> None:
    cast.an_article("Mới hơn", section=section, published_at=2_000)
    cast.an_article("Ghim", section=section, published_at=1_000, pinned_until=clock.now_ms() - 1)
    assert titles(client) == [("", "Mới hơn"), ("", "Ghim")]


def test_a_pinned_article_that_is_hidden_stays_hidden(client: PortalClient, section: int) -> None:
    until = clock.now_ms() + 2 * clock.DAY
    cast.an_article("Gỡ", section=section, pinned_until=until, withdrawn_at=1)
    cast.an_article("Hẹn", section=section, pinned_until=until, published_at=until - clock.DAY)
    assert titles(client) == []


def test_what_is_pinned_beyond_the_most_is_not_lost(client: PortalClient, section: int) -> None:
    cast.many_articles(MOST_PINNED + 2, section=section, every_ms=5 * clock.DAY, pinned_until=clock.now_ms() + clock.DAY)
    found = titles(client)
    assert [mark for mark, _ in found] == ["Ghim"] * MOST_PINNED + ["", ""]
    assert len({title for _, title in found}) == MOST_PINNED + 2


def test_a_pin_belongs_to_its_section_and_those_above(client: PortalClient, section: int) -> None:
    below, other = cast.a_section("Lịch", parent_id=section), cast.a_section("Khác")
    cast.an_article("Thường", section=section)
    cast.an_article("Ghim dưới", section=below, published_at=1_000, pinned_until=clock.now_ms() + clock.DAY)
    cast.an_article("Ghim nơi khác", section=other, pinned_until=clock.now_ms() + clock.DAY)
    assert titles(client) == [("Ghim", "Ghim dưới"), ("", "Thường")]
