"""Static pages: a tree in each language, one address each, old addresses lead on for ever."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core import versions
from portal.core.db import db, write
from portal.site.models import Page
from portal.site.pages import rename
from portal.visits import pagekeys
from portal.visits.models import PageViews
from tests import cast
from tests.client import PortalClient


def move(page_id: int, slug: str) -> None:
    """Give a page another address."""

    def store(session: Session) -> None:
        rename(session, session.get_one(Page, page_id), slug)
        versions.bump(session)

    write(store)


def links(html: str, mark: str) -> list[str]:
    """Return the addresses in the element that begins with a mark."""
    return re.findall(r'href="([^"]+)"', html.partition(mark)[2].partition("</nav>")[0])


def test_a_page_prints_its_title_its_body_and_when_it_changed(client: PortalClient) -> None:
    cast.a_page("Liên hệ", body="<h2>Trụ sở</h2><p>01 đường Ví Dụ</p>")
    text = client.get("/trang/lien-he").text
    assert '<h1 id="title">Liên hệ</h1>' in text
    assert "<h2>Trụ sở</h2>" in text
    assert "Cập nhật lúc 08:00 ngày 17/03/2026" in text
    assert '<link rel="canonical" href="http://localhost/trang/lien-he">' in text


def test_a_page_names_those_above_below_and_beside_it(client: PortalClient) -> None:
    top = cast.a_page("Giới thiệu")
    below = cast.a_page("Cơ cấu tổ chức", parent=top, position=1)
    cast.a_page("Lịch sử", parent=top, position=2)
    cast.a_page("Sơ đồ", parent=below)
    root, page = client.get("/trang/gioi-thieu").text, client.get("/trang/co-cau-to-chuc").text
    assert links(root, 'aria-labelledby="below"') == ["/trang/co-cau-to-chuc", "/trang/lich-su"]
    assert 'aria-labelledby="fellows"' not in root
    assert links(page, 'class="crumbs"') == ["/", "/trang/gioi-thieu"]
    assert links(page, 'aria-labelledby="fellows"') == ["/trang/gioi-thieu", "/trang/co-cau-to-chuc", "/trang/lich-su"]
    assert links(page, 'aria-labelledby="below"') == ["/trang/so-do"]
    assert links(client.get("/trang/so-do").text, 'class="crumbs"') == ["/", "/trang/gioi-thieu", "/trang/co-cau-to-chuc"]


def test_an_old_address_leads_to_the_present_one_for_ever(client: PortalClient) -> None:
    page = cast.a_page("Lien he")
    move(page, "lien-he-so")
    move(page, "lien-he-voi-so")
    for old in ("/trang/lien-he", "/trang/lien-he-so"):
        answer = client.get(old)
        assert (answer.status_code, answer.headers["Location"]) == (301, "/trang/lien-he-voi-so")
    assert client.get("/trang/lien-he-voi-so").status_code == 200


def test_an_address_that_a_page_takes_back_is_its_own_again(client: PortalClient) -> None:
    page = cast.a_page("Lien he")
    move(page, "khac")
    move(page, "lien-he")
    assert client.get("/trang/lien-he").status_code == 200
    assert client.get("/trang/khac").headers["Location"] == "/trang/lien-he"


def test_a_new_page_may_take_an_address_that_another_has_left(client: PortalClient) -> None:
    move(cast.a_page("Lien he"), "khac")
    cast.a_page("Liên hệ")
    assert "<h1" in client.get("/trang/lien-he").text


def test_a_page_and_its_translation_know_each_other(client: PortalClient) -> None:
    cast.a_page("Liên hệ", translation_group="contact")
    cast.a_page("Contact", language="en", translation_group="contact")
    for own, other, lang in (("/trang/lien-he", "/en/trang/contact", "en"), ("/en/trang/contact", "/trang/lien-he", "vi")):
        assert f'<link rel="alternate" hreflang="{lang}" href="http://localhost{other}">' in client.get(own).text
    answer = client.get("/en/trang/lien-he")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/en/trang/contact")


def test_a_page_without_a_translation_says_so_with_a_link_to_itself(client: PortalClient) -> None:
    cast.a_page("Lịch sử hình thành")
    answer = client.get("/en/trang/lich-su-hinh-thanh")
    assert answer.status_code == 404
    assert "This page is available in Vietnamese only." in answer.text
    assert '<a class="button" href="/trang/lich-su-hinh-thanh"' in answer.text
    assert '<meta name="robots" content="noindex">' in answer.text
    assert 'name="page"' not in answer.text, "nobody read the page"


def test_an_english_page_is_said_to_be_english_on_the_vietnamese_site(client: PortalClient) -> None:
    cast.a_page("Contact", language="en")
    answer = client.get("/trang/contact")
    assert answer.status_code == 404
    assert "Trang này chỉ có bản tiếng Anh." in answer.text
    assert 'href="/en/trang/contact"' in answer.text


def test_a_page_is_counted_under_its_own_key(client: PortalClient) -> None:
    page = cast.a_page("Liên hệ")
    key = pagekeys.sign(f"page:{page}")
    assert key in client.get("/trang/lien-he").text
    assert client.submit("/so-lieu", {"page": key, "load": "ab" * 16}).status_code == 200
    views = db.session.scalars(select(PageViews.views).where(PageViews.page == f"page:{page}", PageViews.period == 0))
    assert views.all() == [1]


def test_a_page_that_changed_is_shown_as_it_is_now(client: PortalClient) -> None:
    page = cast.a_page("Liên hệ")
    client.get("/trang/lien-he")

    def store(session: Session) -> None:
        session.get_one(Page, page).body = "<p>Nơi mới</p>"
        versions.bump(session)

    write(store)
    assert "Nơi mới" in client.get("/trang/lien-he").text


def test_stored_markup_is_cleaned_once_more(client: PortalClient) -> None:
    cast.a_page("Liên hệ", body='<p onclick="x()">a<script>x()</script></p>')
    assert "x()" not in client.get("/trang/lien-he").text


def test_pages_that_stand_in_a_ring_are_found(client: PortalClient) -> None:
    first = cast.a_page("Một")
    second = cast.a_page("Hai", parent=first)

    def store(session: Session) -> None:
        session.get_one(Page, first).parent_id = second
        versions.bump(session)

    write(store)
    assert client.get("/trang/mot").status_code == client.get("/trang/hai").status_code == 200


def test_a_page_under_one_of_the_other_language_stands_at_the_top(client: PortalClient) -> None:
    cast.a_page("Hai", parent=cast.a_page("One", language="en"))
    assert links(client.get("/trang/hai").text, 'class="crumbs"') == ["/"]


@pytest.mark.each_case_on_both
@pytest.mark.parametrize(
    "path",
    ["khong-co", "0", "-1", "lien_he", "Lien-He", "lien-he/", "a" * 3000, "%00", "lien-he%00", "%D9%A1", "..%2f", "lien--he", ""],
)
def test_what_is_no_page_is_not_found(client: PortalClient, path: str) -> None:
    cast.a_page("Liên hệ")
    assert client.get(f"/trang/{path}").status_code in {400, 404, 414}


def test_a_query_makes_no_second_page(client: PortalClient) -> None:
    cast.a_page("Liên hệ")
    assert client.get("/trang/lien-he?a=1&a=2").data == client.get("/trang/lien-he").data
