"""What machines are told, seen from inside a browser: data that runs nothing, and an API that other sites' pages may read."""

import json

import pytest
from playwright.sync_api import Page

from tests.browser.reader import DRIVEN, Readers
from tests.browser.site import Site, every_page, the_plan

pytestmark = DRIVEN

READ = """url => fetch(url, {credentials: 'include'}).then(answer => answer.json(), () => 'refused')"""
PLAIN_READ = """url => fetch(url).then(answer => answer.json(), () => 'refused')"""
CONDITIONAL = """async url => {
    const first = await fetch(url);
    const again = await fetch(url, {headers: {'If-None-Match': first.headers.get('ETag') || '"x"'}, cache: 'no-store'});
    return [first.status, again.status];
}"""


@pytest.mark.parametrize("language", ["vi", "en"])
def test_structured_data_is_read_and_breaks_no_rule(site: Site, readers: Readers, language: str) -> None:
    page = readers.new(site).new_page()
    pages = every_page(language)
    for path in pages.values():
        page.goto(path)
        said = page.locator('script[type="application/ld+json"]').all_text_contents()
        assert len(said) == page.locator('link[rel="canonical"]').count(), path
        assert said or path not in (pages["home"], pages["section"], pages["article"], pages["poll"]), path
        assert all(json.loads(one)["@graph"] for one in said)


def stranger(site: Site, readers: Readers) -> Page:
    """Return a page of another host (by name; it is the same machine)."""
    page = readers.new(site, permissions=["local-network-access"]).new_page()
    url = f"http://localhost:{site.server.port}/stranger"
    page.route(url, lambda route: route.fulfill(content_type="text/html", body="<!doctype html><title>x</title>"))
    page.goto(url)
    return page


def test_another_site_s_page_reads_the_api_and_nothing_else(site: Site, readers: Readers) -> None:
    page = stranger(site, readers)
    assert page.evaluate(PLAIN_READ, f"{site.url}/api/v1/articles")["items"]
    assert page.evaluate(PLAIN_READ, f"{site.url}/api/v1/nothing")["status"] == 404
    assert page.evaluate(CONDITIONAL, f"{site.url}/api/v1/site") == [200, 200]
    for path in (the_plan(), "/", "/rss.xml", "/tham-do/1"):
        assert page.evaluate(PLAIN_READ, site.url + path) == "refused"
    readers.complaints.clear()  # of the stranger's own address


def test_another_site_s_page_cannot_read_it_with_cookies(site: Site, readers: Readers) -> None:
    page = stranger(site, readers)
    assert page.evaluate(READ, f"{site.url}/api/v1/site") == "refused"
    readers.complaints.clear()
