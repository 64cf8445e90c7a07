"""The pages that gather: home, site map, robots, and the answer to who watches."""

import re
from typing import Any
from xml.etree import ElementTree

import pytest

from portal import create_app
from portal.core import clock
from tests import cast
from tests.client import PortalClient

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def mapped(client: PortalClient, path: str = "/sitemap.xml") -> dict[str, str | None]:
    """Return the addresses of a site map with the instants of their last change."""
    tree = ElementTree.fromstring(client.get(path).data)  # noqa: S314 - our own answer
    return {url.findtext("s:loc", "", NAMES): url.findtext("s:lastmod", None, NAMES) for url in tree.findall("s:url", NAMES)}


def test_an_empty_site_says_so(client: PortalClient) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert 'class="empty"' in answer.text


def test_the_home_page_shows_the_newest_first_and_each_section_s_three(client: PortalClient) -> None:
    section, now = cast.a_section("Thông báo"), clock.now_ms()
    for number in range(1, 9):
        cast.an_article(f"Tin số {number}", section=section, published_at=now - number * clock.HOUR)
    text = client.get("/").text
    latest, _, in_section = text.partition('id="latest"')[2].partition("</section>")
    assert re.findall(r"Tin số (\d)", latest) == ["1", "2", "3", "4", "5", "6"]
    assert re.findall(r"Tin số (\d)", in_section) == ["1", "2", "3"]


def test_a_section_without_articles_takes_no_room_at_home(client: PortalClient) -> None:
    cast.a_section("Trống")
    cast.an_article()
    assert "Trống" not in client.get("/").text.partition("<main")[2].partition("</main>")[0]


def test_the_home_page_shows_the_poll_of_the_newest_article_that_has_one(client: PortalClient) -> None:
    old, new = cast.a_poll(), cast.a_poll()
    now = clock.now_ms()
    cast.an_article(poll_id=old.id, published_at=now - 20)
    cast.an_article(poll_id=new.id, published_at=now - 10)
    cast.an_article(published_at=now - 5)
    text = client.get("/").text
    assert f'id="poll-{new.id}"' in text
    assert f'id="poll-{old.id}"' not in text


def test_the_site_map_lists_every_page_once_with_its_last_change(client: PortalClient) -> None:
    section = cast.a_section("Thông báo")
    plain = cast.an_article("Một", section=section, published_at=clock.instant_at("2022-03-17T08:00"))
    corrected = cast.an_article("Hai", section=section, updated_at=clock.instant_at("2022-04-01T09:30"))
    cast.a_page("Cơ cấu tổ chức", parent=cast.a_page("Giới thiệu"), updated_at=clock.instant_at("2026-01-02T10:00"))
    urls = mapped(client)
    root = "http://localhost"
    assert urls[f"{root}/"] is None
    assert urls[f"{root}/chuyen-muc/thong-bao"] is None
    assert urls[root + cast.article_path(plain, "Một")] == "2022-03-17T08:00:00+07:00"
    assert urls[root + cast.article_path(corrected, "Hai")] == "2022-04-01T09:30:00+07:00"
    assert urls[f"{root}/trang/co-cau-to-chuc"] == "2026-01-02T10:00:00+07:00"
    assert f"{root}/trang/gioi-thieu" in urls
    assert len(urls) == 6


def test_every_address_in_the_site_map_is_a_page(client: PortalClient) -> None:
    cast.an_article("Một", section=cast.a_section("Thông báo"))
    for url in mapped(client):
        assert client.get(url.removeprefix("http://localhost")).status_code == 200


def test_each_language_has_its_own_map(client: PortalClient) -> None:
    cast.an_article("Plan", section=cast.a_section("Notices", language="en"), language="en")
    assert set(mapped(client)) == {"http://localhost/"}
    assert {url for url in mapped(client, "/en/sitemap.xml") if "/en/" in url} == set(mapped(client, "/en/sitemap.xml"))
    assert len(mapped(client, "/en/sitemap.xml")) == 3


def test_addresses_are_those_that_the_installation_says(settings: dict[str, Any]) -> None:
    app = create_app({**settings, "SITE_URL": "https://so.example.vn"})
    app.test_client_class = PortalClient
    with app.app_context():
        client: PortalClient = app.test_client()  # type: ignore[assignment]
        assert set(mapped(client)) == {"https://so.example.vn/"}
        assert "Sitemap: https://so.example.vn/sitemap.xml" in client.get("/robots.txt").text
        app.extensions["sqlalchemy"].session.remove()
        app.extensions["sqlalchemy"].engine.dispose()


def test_robots_are_told_where_the_map_is_and_what_to_leave(client: PortalClient) -> None:
    answer = client.get("/robots.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.text.splitlines()[0] == "User-agent: *"
    assert "Disallow: /so-lieu" in answer.text
    assert "Sitemap: http://localhost/sitemap.xml" in answer.text


def test_who_watches_is_answered_and_never_from_memory(client: PortalClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/healthz/", "/sitemap.xml/", "/robots.txt/", "/index.html", "/home"])
def test_no_page_has_a_second_address(client: PortalClient, path: str) -> None:
    assert client.get(path).status_code == 404
