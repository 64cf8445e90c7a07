"""The home page prints its blocks in one order, each with a way to all of it; those without content take no room."""

import re
from datetime import date

import pytest
from flask import Flask

from portal.core import clock
from portal.files.renditions import render_waiting
from portal.site.models import Link, Strip
from tests import cast
from tests.client import PortalClient
from tests.files.samples import a_photo
from tests.front.blocks import block, blocks, main, named

IN_ORDER = ["tasks", "notices", "latest", "documents", *[f"section-{number}" for number in range(1, 6)]]
BESIDE = ["poll", "figures-title", "links"]


@pytest.mark.slow(why="fills the database")
def test_the_blocks_stand_in_one_order(demo: PortalClient) -> None:
    assert blocks(demo) == [*IN_ORDER, *BESIDE]


@pytest.mark.slow(why="fills the database")
def test_each_language_has_its_own(demo: PortalClient) -> None:
    text = main(demo, "/en/")
    assert blocks(demo, "/en/")[:4] == ["tasks", "notices", "latest", "documents"]
    assert set(re.findall(r'href="(/[a-z-]+/)', text)) == {"/en/"}
    assert "Latest articles" in text
    assert "Tin mới" not in text


@pytest.mark.slow(why="fills the database")
def test_every_heading_that_is_a_link_leads_to_a_page(demo: PortalClient) -> None:
    headings = re.findall(r'<h2 id="([\w-]+)"><a href="([^"]+)"', main(demo))
    assert [name for name, _ in headings] == [name for name in IN_ORDER if name not in {"tasks", "documents"}]
    for _, url in headings:
        assert demo.get(url).status_code == 200, url


def test_the_one_h1_is_the_agency(client: PortalClient) -> None:
    cast.a_site()
    assert re.findall("<h1[^>]*>(.*?)</h1>", client.get("/").text) == ["Sở Khoa học và Công nghệ"]


def test_an_empty_site_says_so(client: PortalClient) -> None:
    assert 'class="empty"' in main(client)
    assert blocks(client) == ["figures-title"]


def test_what_has_no_content_is_not_printed(client: PortalClient) -> None:
    cast.a_section("Trống")
    cast.an_article("Tin")
    assert blocks(client) == ["latest", "figures-title"]
    assert "Trống" not in main(client)
    assert 'class="empty"' not in main(client)


def test_notices_alone_are_no_news(client: PortalClient) -> None:
    cast.an_article("Nghỉ lễ", section=cast.a_section("Thông báo"))
    assert blocks(client) == ["notices", "figures-title"]


def test_tasks_links_and_the_strip_are_those_of_the_agency(client: PortalClient) -> None:
    today = clock.day_of(clock.now_ms())
    cast.listed(Link(place="task", title="Nộp hồ sơ", url="/trang/nop-ho-so"))
    cast.listed(Link(place="link", title="Cổng của tỉnh", url="https://example.vn/"))
    cast.listed(Strip(title="Ngày đo lường", url="/trang/do-luong", first_on=date(2020, 1, 1), last_on=today))
    text = main(client)
    assert '<a href="/trang/nop-ho-so">Nộp hồ sơ</a>' in text
    assert '<a href="https://example.vn/">Cổng của tỉnh</a>' in text
    assert '<a class="strip" href="/trang/do-luong">Ngày đo lường</a>' in text
    assert text.index("nop-ho-so") < text.index("do-luong") < text.index("example.vn")


def test_documents_are_the_newest_articles_with_files(client: PortalClient) -> None:
    now, section = clock.now_ms(), cast.a_section("Thông báo")
    for number in range(1, 8):
        article = cast.an_article(f"Văn bản {number}", section=section, published_at=now - number * clock.DAY)
        cast.an_attachment(article)
    cast.an_attachment(cast.an_article("Plan", language="en"))
    cast.an_attachment(cast.an_article("Đã gỡ", withdrawn_at=now, published_at=now - 1))
    assert named(block(client, "documents")) == [f"Văn bản {number}" for number in range(1, 6)]
    assert "PDF · " in block(client, "documents")


def test_an_article_with_several_files_says_how_many(client: PortalClient) -> None:
    article = cast.an_article("Hồ sơ")
    for name in ("Mẫu.pdf", "Hướng dẫn.pdf"):
        cast.an_attachment(article, name=name)
    assert "2 tài liệu đính kèm" in block(client, "documents")


@pytest.mark.slow(why="draws pictures in a process of its own")
def test_the_newest_album_is_a_strip_of_still_pictures(app: Flask, client: PortalClient) -> None:
    now = clock.now_ms()
    older, newer = (cast.an_article(name, published_at=now - age) for name, age in (("Cũ", 2), ("Mới", 1)))
    for article, number in ((newer, 6), (older, 2)):
        for width in range(number):
            cast.a_picture(article, a_photo(60 + width, 40), kind="album", alt=f"Ảnh của {article}")
    assert block(client, "album") == ""
    render_waiting()
    shown = block(client, "album")
    assert shown.count(f'alt="Ảnh của {newer}"') == 4
    assert f'href="{cast.article_path(newer, "Mới")}#album"' in shown
    assert re.findall('<img(?![^>]* width="[0-9]+" height="[0-9]+")', shown) == []


@pytest.mark.slow(why="draws a picture in a process of its own")
def test_the_lead_story_has_its_picture_where_there_is_one(app: Flask, client: PortalClient) -> None:
    article = cast.an_article("Tin")
    cast.a_picture(article, a_photo(60, 40))
    assert "<img" not in block(client, "latest")
    render_waiting()
    assert 'alt="Ruộng tỏi chạy ra tới biển"' in block(client, "latest")


def test_an_open_poll_goes_before_a_newer_one_that_is_over(client: PortalClient) -> None:
    now = clock.now_ms()
    opened, closed = cast.a_poll(), cast.a_poll(closes_at=now - clock.DAY)
    cast.an_article(poll_id=closed.id, published_at=now - 10)
    cast.an_article(poll_id=opened.id, published_at=now - 20)
    assert f'id="poll-{opened.id}"' in main(client)
    assert f'id="poll-{closed.id}"' not in main(client)


def test_of_several_polls_that_of_the_newest_article_is_shown(client: PortalClient) -> None:
    now = clock.now_ms()
    old, new = cast.a_poll(), cast.a_poll()
    for poll, age in ((old, 20), (new, 10)):
        cast.an_article(poll_id=poll.id, published_at=now - age)
    cast.an_article(published_at=now - 5)
    assert f'id="poll-{new.id}"' in main(client)
    assert f'id="poll-{old.id}"' not in main(client)
