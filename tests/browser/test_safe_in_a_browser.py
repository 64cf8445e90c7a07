"""What the headers are for, seen from inside a browser. (Readers complain of every foreign host and broken rule.)"""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reader import DRIVEN, Readers
from tests.browser.site import Site, every_page, the_plan

pytestmark = DRIVEN

INJECTED = {
    "an inline script": "document.body.append(Object.assign(document.createElement('script'), {text: 'window.harm = 1'}))",
    "an inline handler": "document.body.insertAdjacentHTML('beforeend', '<img src=data: onerror=\"window.harm = 1\">')",
    "eval": "setTimeout('window.harm = 1')",
    "a foreign form": "document.body.insertAdjacentHTML('beforeend', '<form action=\"http://127.0.0.2/\"></form>'),"
    " document.body.lastElementChild.submit()",
    "an inline style": "document.body.insertAdjacentHTML('beforeend', '<style>body { --harm: 1 }</style>')",
}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_page_breaks_its_own_rules_or_asks_a_stranger(site: Site, readers: Readers, language: str) -> None:
    page = readers.new(site).new_page()
    for path in every_page(language).values():
        page.goto(path)
    page.wait_for_load_state("networkidle")
    assert page.context.cookies() == []


@pytest.mark.parametrize("what", INJECTED)
def test_what_is_smuggled_into_a_page_does_not_run(site: Site, readers: Readers, what: str) -> None:
    page = readers.open(site, the_plan())
    with page.expect_console_message(lambda message: "Content Security Policy" in message.text):
        page.evaluate(f"() => {{ {INJECTED[what]} }}")
    assert not page.evaluate("window.harm || getComputedStyle(document.body).getPropertyValue('--harm')")
    assert page.url == site.url + the_plan()
    readers.complaints.clear()


def test_no_other_site_can_put_us_in_a_frame(site: Site, readers: Readers) -> None:
    page = readers.new(site, permissions=["local-network-access"]).new_page()
    frame_it(page, site)
    expect(page.frame_locator("iframe").get_by_role("article")).to_have_count(0)
    assert readers.complaints != []
    readers.complaints.clear()


def frame_it(page: Page, site: Site) -> None:
    """Show a page of another host (by name; it is the same machine) that frames the article."""
    stranger = f"http://localhost:{site.server.port}/stranger"
    body = f'<!doctype html><iframe src="{site.url}{the_plan()}"></iframe>'
    page.route(stranger, lambda route: route.fulfill(content_type="text/html", body=body))
    with page.expect_console_message(lambda message: "Content Security Policy" in message.text):
        page.goto(stranger)
