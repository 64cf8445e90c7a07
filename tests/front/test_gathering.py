"""The pages that gather: home, site map, robots, and the answer to who watches."""

from typing import Any

import pytest

from portal import create_app
from tests.client import PortalClient
from tests.front.maps import parts


def test_addresses_are_those_that_the_installation_says(settings: dict[str, Any]) -> None:
    app = create_app({**settings, "SITE_URL": "https://so.example.vn"})
    app.test_client_class = PortalClient
    with app.app_context():
        client: PortalClient = app.test_client()  # type: ignore[assignment]
        assert parts(client) == ["https://so.example.vn/sitemap-pages.xml"]
        assert "https://so.example.vn/so-do-trang" in client.get("/sitemap-pages.xml").text
        assert "Sitemap: https://so.example.vn/sitemap.xml" in client.get("/robots.txt").text
        app.extensions["sqlalchemy"].session.remove()
        app.extensions["sqlalchemy"].engine.dispose()


def test_robots_are_told_where_the_map_is_and_what_to_leave(client: PortalClient) -> None:
    answer = client.get("/robots.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.text.splitlines()[0] == "User-agent: *"
    for mount in ("", "/en"):
        assert f"Disallow: {mount}/so-lieu/\n" in answer.text
        assert f"Disallow: {mount}/tham-do/*/ket-qua\n" in answer.text
        assert f"Allow: {mount}/so-lieu/cach-tinh\n" in answer.text
        assert f"Sitemap: http://localhost{mount}/sitemap.xml\n" in answer.text


def test_who_watches_is_answered_and_never_from_memory(client: PortalClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/healthz/", "/sitemap.xml/", "/robots.txt/", "/index.html", "/home"])
def test_no_page_has_a_second_address(client: PortalClient, path: str) -> None:
    assert client.get(path).status_code == 404
