"""A public page never varies by person: no cookie, no Vary: Cookie, and the same bytes signed in or not."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal import create_app
from portal.core.sessions import cookie_name
from portal.demo.content import fill_if_empty
from tests import cast
from tests.client import HTMX, PortalClient

PAGES = {
    "all_polls.index": ("/tham-do", "/en/tham-do"),
    "front.home": ("/", "/en/"),
    "maps.index": ("/sitemap.xml", "/en/sitemap.xml"),
    "maps.pages": ("/sitemap-pages.xml", "/en/sitemap-pages.xml"),
    "maps.archive": ("/sitemap-archive.xml",),
    "maps.section": ("/sitemap-section-1.xml", "/en/sitemap-section-2.xml"),
    "maps.articles": ("/sitemap-articles-1.xml", "/en/sitemap-articles-1.xml"),
    "maps.polls": ("/sitemap-polls-1.xml",),
    "maps.robots": ("/robots.txt",),
    "feeds.rss": ("/rss.xml", "/en/rss.xml"),
    "feeds.atom": ("/atom.xml", "/en/atom.xml"),
    "feeds.section_rss": ("/chuyen-muc/cai-cach-hanh-chinh/rss.xml",),
    "feeds.section_atom": ("/en/chuyen-muc/administrative-reform/atom.xml",),
    "api.contract": ("/api/v1/openapi.json", "/en/api/v1/openapi.json"),
    "api.site": ("/api/v1/site", "/en/api/v1/site"),
    "api.sections": ("/api/v1/sections",),
    "api.articles": ("/api/v1/articles", "/en/api/v1/articles", "/api/v1/articles?section=1"),
    "api.article": ("/api/v1/articles/1",),
    "api.polls": ("/api/v1/polls",),
    "api.poll": ("/api/v1/polls/1",),
    "articles.show": ("ARTICLE",),
    "articles.archives": ("/luu-tru", "/en/luu-tru"),
    "articles.qr": ("/b/1/qr.svg",),
    "articles.section_archive": ("/chuyen-muc/cai-cach-hanh-chinh/2022", "/chuyen-muc/cai-cach-hanh-chinh/2022/3"),
    "articles.whole_archive": ("/luu-tru/2022", "/luu-tru/2022/3", "/en/luu-tru/2022"),
    "articles.index": ("/chuyen-muc/cai-cach-hanh-chinh", "/en/chuyen-muc/administrative-reform"),
    "files.read": ("READ", "/enREAD"),
    "oembed.show": ("/oembed?url=http%3A%2F%2Flocalhost%2Ftham-do%2F1",),
    "outline.show": ("/so-do-trang", "/en/so-do-trang"),
    "poll_checks.sheet": ("LISTED/danh-sach-phieu.csv",),
    "poll_checks.show": ("LISTED/kiem-phieu", "/enLISTED/kiem-phieu"),
    "polls.show": ("/tham-do/1",),
    "site.show": ("/trang/gioi-thieu", "/trang/ngan-sach", "/en/trang/contact"),
    "visits.about": ("/so-lieu/cach-tinh", "/en/so-lieu/cach-tinh"),
}
"""Every page that is kept for everybody, by its endpoint."""

PERSONAL_HEADERS = {"Date", "X-Request-Id"}


@pytest.fixture(params=["kept", "made anew each time"])
def app(settings: dict[str, Any], request: pytest.FixtureRequest) -> Iterator[Flask]:
    """A portal with demo content, with and without its page cache."""
    app = create_app(settings if request.param == "kept" else {**settings, "PAGE_CACHE_BYTES": 0})
    app.test_client_class = PortalClient
    with app.app_context():
        fill_if_empty()
        yield app
        app.extensions["sqlalchemy"].session.remove()
        app.extensions["sqlalchemy"].engine.dispose()


def pages(client: PortalClient) -> list[str]:
    """Return an address of every page that is kept for everybody."""
    article = re.findall(r'href="(/bai-viet/ke-hoach-truyen-thong[^"]+)"', client.get("/").text)[0]
    (file, *_) = re.findall(r'href="(/tep/\w+)"', client.get(article).text)
    listed = cast.a_poll(checkable=True, listed_root=bytes(32), closes_at=1).url
    named = {"ARTICLE": article, "READ": f"{file}/xem", "LISTED": listed}
    return [re.sub("[A-Z]{4,}", lambda name: named[name[0]], url) for urls in PAGES.values() for url in urls]


def said(answer: TestResponse) -> tuple[int, dict[str, str], bytes]:
    headers = {name: value for name, value in answer.headers.items() if name not in PERSONAL_HEADERS}
    return answer.status_code, headers, answer.data


def test_every_page_that_is_kept_for_everybody_is_looked_at(app: Flask) -> None:
    kept = {endpoint for endpoint, view in app.view_functions.items() if hasattr(view, "cache_query")}
    assert kept == set(PAGES)


@pytest.mark.slow(why="makes every kind of page several times")
def test_a_page_is_the_same_for_everybody(app: Flask, client: PortalClient) -> None:
    for page in pages(client):
        app.extensions["page_cache"].clear()
        visitor = said(client.get(page))
        for cookie, value in ((cookie_name(app), cast.signed_in()), ("browser", "ab" * 16), ("session", "x")):
            app.extensions["page_cache"].clear()
            other = app.test_client()
            other.set_cookie(cookie, value)
            assert said(other.get(page)) == visitor, f"{page} with the cookie {cookie}"
        assert visitor[0] == 200


@pytest.mark.slow(why="makes every kind of page several times")
def test_a_page_sets_no_cookie_and_does_not_vary_by_one(app: Flask, client: PortalClient) -> None:
    client.set_cookie(cookie_name(app), cast.signed_in())
    for page in pages(client):
        answer = client.get(page)
        assert "Set-Cookie" not in answer.headers
        assert "cookie" not in answer.headers.get("Vary", "").lower()
        assert answer.headers["Cache-Control"] == "public, max-age=0, must-revalidate"


@pytest.mark.slow(why="makes every kind of page several times")
def test_what_a_client_claims_about_itself_changes_no_page(app: Flask, client: PortalClient) -> None:
    claims = [HTMX, {"HX-Target": "#x", "HX-Boosted": "true", "HX-Current-URL": "http://evil.example"}, {"Accept-Language": "en"}]
    for page in pages(client):
        app.extensions["page_cache"].clear()
        plain = said(client.get(page))
        for claim in claims:
            app.extensions["page_cache"].clear()
            assert said(client.get(page, headers=claim)) == plain, f"{page} with {claim}"


def test_a_visitor_gets_no_cookie_anywhere_before_a_vote(client: PortalClient) -> None:
    for page in [*pages(client), "/tham-do/1/ket-qua", "/tham-do/1/phieu", "/nothing", "/healthz"]:
        assert "Set-Cookie" not in client.get(page).headers, page
