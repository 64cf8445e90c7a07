"""The site map for people lists every section and every page, each below what it belongs to."""

import re

import pytest

from portal.front import outline
from tests import cast
from tests.client import PortalClient


def main(client: PortalClient, path: str = "/so-do-trang") -> str:
    return client.get(path).text.partition("<main")[2].partition("</main>")[0]


def test_it_lists_every_page_and_every_section(client: PortalClient) -> None:
    top = cast.a_page("Giới thiệu")
    cast.a_page("Cơ cấu tổ chức", parent=top)
    cast.a_section("Thông báo")
    html = main(client)
    assert re.findall(r'href="(/(?:trang|chuyen-muc)/[^"]+)"', html) == [
        "/trang/gioi-thieu",
        "/trang/co-cau-to-chuc",
        "/chuyen-muc/thong-bao",
    ]
    assert '<a href="/trang/gioi-thieu">Giới thiệu</a>\n<ul>' in html


def test_it_does_not_grow_without_end(client: PortalClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outline, "MOST_SECTIONS", 3)
    top = cast.a_section("Tin tức", position=1)
    for number in range(5):
        cast.a_section(f"Phần {number}", parent_id=top, position=2)
    assert re.findall(r">(Tin tức|Phần \d)</a>", main(client)) == ["Tin tức", "Phần 0", "Phần 1"]


def test_each_language_has_its_own(client: PortalClient) -> None:
    cast.a_page("Contact", language="en")
    cast.a_page("Liên hệ")
    html = main(client, "/en/so-do-trang")
    assert "/en/trang/contact" in html
    assert "Liên hệ" not in html


def test_an_empty_site_has_one_too(client: PortalClient) -> None:
    assert "Sơ đồ trang" in main(client)


def test_a_new_page_is_in_it_at_once(client: PortalClient) -> None:
    main(client)
    cast.a_page("Liên hệ")
    assert "/trang/lien-he" in main(client)
