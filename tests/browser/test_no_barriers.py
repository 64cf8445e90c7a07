"""axe-core finds no barrier on any page, in either scheme, before and after voting."""

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.reader import DRIVEN, Readers
from tests.browser.site import Site, an_article_with_a_poll, every_page

pytestmark = DRIVEN


ITS_OWN_COLOURS = """() => [...document.querySelectorAll('body *')]
    .filter(one => getComputedStyle(one).forcedColorAdjust === 'none' && one.textContent.trim()).map(one => one.outerHTML)"""


def check(page: Page) -> None:
    """Fail where axe finds a barrier; in the dark scheme only colours are other ones, so only contrast is looked at again."""
    report("light", page, Axe().run(page))
    page.emulate_media(color_scheme="dark")
    report("dark", page, Axe().run(page, options={"resultTypes": ["violations"], "runOnly": ["color-contrast"]}))
    page.emulate_media(color_scheme="light")


def report(scheme: str, page: Page, found: AxeResults) -> None:
    assert found.violations_count == 0, f"{page.url} ({scheme})\n{found.generate_report()}"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_page_has_a_barrier(site: Site, readers: Readers, language: str) -> None:
    page = readers.new(site, color_scheme="light").new_page()
    for path in every_page(language).values():
        page.goto(path)
        check(page)


def test_no_page_has_a_barrier_in_the_reader_s_own_colours(site: Site, readers: Readers) -> None:
    """The browser paints with them whatever the stylesheet says, and axe reads the stylesheet: so contrast is not looked at."""
    without_contrast = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": False}}}
    page = readers.new(site, forced_colors="active", viewport={"width": 360, "height": 800}).new_page()
    for path in every_page().values():
        page.goto(path)
        report("forced colours", page, Axe().run(page, options=without_contrast))
        assert page.evaluate(ITS_OWN_COLOURS) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") == 360, path


def test_the_box_has_no_barrier_in_any_state(site: Site, readers: Readers) -> None:
    polled = an_article_with_a_poll()
    page = readers.open(site, polled.path, color_scheme="light", viewport={"width": 360, "height": 800})
    box = page.locator(polled.box)
    box.get_by_role("button", name="Bình chọn").click()
    expect(box).to_contain_text("Bạn chưa chọn phương án nào.")
    check(page)
    box.get_by_label("Đẹp").check()
    page.route("**/tham-do/*", lambda route: route.abort(), times=1)
    box.get_by_role("button", name="Bình chọn").click()
    expect(box.get_by_role("alert")).to_be_visible()
    check(page)
    box.get_by_role("button", name="Bình chọn").click()
    expect(box).to_contain_text("Đã ghi nhận bình chọn của bạn.")
    check(page)
