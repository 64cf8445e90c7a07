"""The main menu: the agency's rows where it has some, else the sections; two levels, nine lines, the way to the page marked."""

import re

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError

from portal.core.db import db
from portal.site.lists import MOST_LINES
from portal.site.models import MenuItem
from tests import cast
from tests.client import PortalClient


def an_item(label: str, url: str, parent: int | None = None, **values: object) -> int:
    return cast.listed(MenuItem(label=label, url=url, parent_id=parent, **values))


def line(client: PortalClient, path: str = "/") -> str:
    """Return the menu of wide screens on a page."""
    return client.get(path).text.partition('<ul class="menu-line">')[2].partition("</nav>")[0]


def labels(html: str) -> list[str]:
    return re.findall(r"<(?:a|summary)\b[^>]*>([^<]+)<", html)


def test_without_rows_the_sections_are_the_menu(client: PortalClient) -> None:
    cast.a_section("Thông báo")
    assert labels(line(client))[:2] == ["Trang chủ", "Thông báo"]


def test_the_agency_s_rows_are_the_menu_in_their_order(client: PortalClient) -> None:
    cast.a_section("Thông báo")
    an_item("Liên hệ", "/trang/lien-he", position=2)
    an_item("Trang chủ", "/", position=1)
    assert labels(line(client))[:2] == ["Trang chủ", "Liên hệ"]
    assert "Thông báo" not in line(client)


def test_a_second_level_opens_by_a_press_and_begins_with_its_own_page(client: PortalClient) -> None:
    parent = an_item("Giới thiệu", "/trang/gioi-thieu")
    an_item("Cơ cấu tổ chức", "/trang/co-cau-to-chuc", parent)
    html = line(client)
    assert '<details class="menu-more"><summary>Giới thiệu</summary>' in html
    assert labels(html)[:3] == ["Giới thiệu", "Giới thiệu", "Cơ cấu tổ chức"]


def test_a_line_without_a_page_only_opens_its_second_level(client: PortalClient) -> None:
    parent = an_item("Tin tức", "")
    an_item("Khoa học", "/chuyen-muc/khoa-hoc", parent)
    assert labels(line(client))[:2] == ["Tin tức", "Khoa học"]
    assert 'href=""' not in line(client)


def test_there_is_no_third_level(client: PortalClient) -> None:
    first = an_item("Một", "/mot")
    second = an_item("Hai", "/hai", first)
    an_item("Ba", "/ba", second)
    assert "Ba" not in line(client)


def test_at_most_nine_lines_are_shown(client: PortalClient) -> None:
    for number in range(12):
        an_item(f"Mục {number}", f"/muc-{number}", position=number)
    assert line(client).count("Mục") == MOST_LINES == 9


def test_the_page_itself_and_what_leads_to_it_are_marked(client: PortalClient) -> None:
    parent = cast.a_page("Giới thiệu")
    cast.a_page("Cơ cấu tổ chức", parent=parent)
    item = an_item("Giới thiệu", "/trang/gioi-thieu")
    an_item("Cơ cấu", "/trang/co-cau-to-chuc", item)
    an_item("Liên hệ", "/trang/lien-he")
    html = line(client, "/trang/co-cau-to-chuc")
    assert '<summary aria-current="true">Giới thiệu</summary>' in html
    assert '<a href="/trang/co-cau-to-chuc" aria-current="page">' in html
    assert html.count("aria-current") == 2


def test_a_page_that_is_not_in_the_menu_marks_what_it_stands_below(client: PortalClient) -> None:
    parent = cast.a_page("Giới thiệu")
    cast.a_page("Lịch sử", parent=parent)
    an_item("Giới thiệu", "/trang/gioi-thieu")
    assert '<a href="/trang/gioi-thieu" aria-current="true">' in line(client, "/trang/lich-su")


def test_an_article_marks_its_section(client: PortalClient) -> None:
    article = cast.an_article(section=cast.a_section("Thông báo"))
    an_item("Trang chủ", "/")
    an_item("Thông báo", "/chuyen-muc/thong-bao")
    html = line(client, cast.article_path(article))
    assert '<a href="/chuyen-muc/thong-bao" aria-current="true">' in html
    assert html.count("aria-current") == 1


def test_each_language_has_its_own_menu(client: PortalClient) -> None:
    an_item("Liên hệ", "/trang/lien-he")
    an_item("Contact", "/en/trang/contact", language="en")
    assert "Contact" in line(client, "/en/")
    assert "Liên hệ" not in line(client, "/en/")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//evil.example", "/\\evil.example", "trang/lien-he", "ftp://x"])
def test_an_address_that_is_none_is_refused(app: Flask, url: str) -> None:
    with pytest.raises(IntegrityError):
        an_item("Bấm", url)


@pytest.mark.parametrize("url", ["/", "/trang/lien-he", "https://example.vn/", "http://example.vn/", ""])
def test_an_address_is_taken(app: Flask, url: str) -> None:
    assert an_item("Bấm", url)


def test_no_page_asks_more_of_the_database_because_the_menu_is_long(app: Flask, client: PortalClient) -> None:
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))

    def number() -> int:
        app.extensions["page_cache"].clear()
        app.extensions["remembered"].clear()
        asked.clear()
        client.get("/so-do-trang")
        return len(asked)

    parent = an_item("Một", "/mot")
    few = number()
    for place in range(30):
        an_item(f"Mục {place}", f"/muc-{place}", parent)
        cast.a_page(f"Trang {place}")
    assert number() == few
