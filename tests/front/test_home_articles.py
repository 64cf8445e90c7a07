"""Which articles stand where on the home page: no one twice, what is pinned first, what was taken down nowhere."""

import pytest
from flask import Flask

from portal.core import clock, versions
from portal.core.clock import DAY, HOUR
from tests import cast
from tests.articles.test_number_of_queries import statements
from tests.client import PortalClient
from tests.front.blocks import block, main, named


@pytest.fixture
def now() -> int:
    return clock.now_ms()


def some(section: str, number: int, *, now: int, age: int = HOUR, **values: object) -> int:
    """Store articles "<section> 1", the newest, to "<section> <number>"; return the section's id."""
    filed = cast.a_section(section, **values)
    for place in range(1, number + 1):
        cast.an_article(f"{section} {place}", section=filed, published_at=now - place * age)
    return filed


def test_notices_are_the_five_newest_of_their_section(client: PortalClient, now: int) -> None:
    some("Thông báo", 7, now=now)
    some("Tin", 1, now=now)
    assert named(block(client, "notices")) == [f"Thông báo {number}" for number in range(1, 6)]


def test_pinned_notices_come_first_and_say_so(client: PortalClient, now: int) -> None:
    section = some("Thông báo", 6, now=now, age=5 * DAY)
    cast.an_article("Được ghim", section=section, published_at=now - 900 * DAY, pinned_until=now + DAY)
    cast.an_article("Vừa đăng", section=section, published_at=now - 1)
    shown = block(client, "notices")
    assert named(shown) == ["Được ghim", "Vừa đăng", "Thông báo 1", "Thông báo 2", "Thông báo 3"]
    assert shown.count(">Ghim<") == 1
    assert shown.count(">Mới<") == 1


def test_the_latest_of_all_other_sections_are_one_story_and_four_more(client: PortalClient, now: int) -> None:
    some("Thông báo", 3, now=now, age=1)
    some("Khoa học", 4, now=now)
    some("Đo lường", 4, now=now - 1)
    assert named(block(client, "latest")) == ["Khoa học 1", "Đo lường 1", "Khoa học 2", "Đo lường 2", "Khoa học 3"]


def test_a_pinned_article_of_another_section_is_the_lead_story(client: PortalClient, now: int) -> None:
    section = some("Khoa học", 3, now=now)
    cast.an_article("Hội nghị", section=section, published_at=now - 90 * DAY, pinned_until=now + DAY)
    assert named(block(client, "latest"))[:2] == ["Hội nghị", "Khoa học 1"]


def test_no_article_stands_there_twice(client: PortalClient, now: int) -> None:
    some("Thông báo", 9, now=now)
    some("Khoa học", 9, now=now)
    some("Đo lường", 9, now=now)
    titles = named(main(client))
    assert len(titles) == len(set(titles)) == 5 + 5 + 2 * 3


def test_a_section_s_block_holds_what_is_filed_below_it_too(client: PortalClient, now: int) -> None:
    top = some("Tin tức", 7, now=now)
    some("Khoa học", 1, now=now - 30 * DAY, parent_id=top)
    some("Khác", 5, now=now, age=1)
    assert named(block(client, "section-1")) == ["Tin tức 1", "Tin tức 2", "Tin tức 3"]
    assert 'id="section-2"' not in main(client)
    cast.an_article("Khoa học 0", section=top + 1, published_at=now - 2)
    assert "Khoa học 0" in named(main(client))


def test_each_language_shows_its_own_articles(client: PortalClient, now: int) -> None:
    section = cast.a_section("Notices", language="en")
    cast.an_article("Closed on Monday", section=section, language="en", published_at=now - 1)
    cast.an_article("Nghỉ thứ hai", section=cast.a_section("Thông báo"), published_at=now - 1)
    assert named(main(client, "/en/")) == ["Closed on Monday"]
    assert named(main(client)) == ["Nghỉ thứ hai"]


def test_what_is_scheduled_or_taken_down_is_not_there(client: PortalClient, now: int) -> None:
    section = some("Tin", 1, now=now)
    cast.an_article("Ngày mai", section=section, published_at=now + DAY)
    gone = cast.an_article("Gỡ", section=section, published_at=now - 1)
    assert named(main(client)) == ["Gỡ", "Tin 1"]
    cast.change_article(gone, withdrawn_at=clock.now_ms())
    assert named(main(client)) == ["Tin 1"]


def test_a_pin_that_ends_makes_the_page_anew(client: PortalClient, now: int, monkeypatch: pytest.MonkeyPatch) -> None:
    section = some("Thông báo", 1, now=now)
    cast.an_article("Ghim một giờ", section=section, published_at=now - DAY, pinned_until=now + HOUR)
    assert named(block(client, "notices")) == ["Ghim một giờ", "Thông báo 1"]
    client.application.extensions["page_cache"].clear()
    client.application.extensions["remembered"].clear()
    monkeypatch.setattr(clock, "now_ms", lambda: now + HOUR)
    assert named(block(client, "notices")) == ["Thông báo 1", "Ghim một giờ"]


@pytest.mark.slow(why="stores many articles, files and polls")
def test_the_home_page_asks_as_often_whatever_it_holds(app: Flask, client: PortalClient, now: int) -> None:
    def asked() -> int:
        versions.current().look(force=True)  # so that nothing is found out and made twice meanwhile
        with statements(app) as sent:
            client.get("/")
        return len([one for one in sent if "FROM" in one and "cache_version" not in one])  # these are asked by the clock

    sections = [some(name, 2, now=now) for name in ("Thông báo", "Khoa học")]
    cast.an_attachment(cast.an_article("Kế hoạch", section=sections[0], poll_id=cast.a_poll().id))
    few = asked()
    for section in (*sections, *(cast.a_section(f"Mục {number}") for number in range(20))):
        cast.many_articles(60, section=section)
    for number in range(12):
        article = cast.an_article(f"Ghim {number}", section=sections[1], pinned_until=now + DAY, poll_id=cast.a_poll().id)
        cast.an_attachment(article)
    assert asked() <= few
    assert few <= 30
