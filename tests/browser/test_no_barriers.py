"""axe-core finds no barrier on any page, in either scheme, before and after voting."""

import pytest
from playwright.sync_api import expect

from tests.browser.barriers import check, demand_no_barrier
from tests.browser.reader import DRIVEN, Readers
from tests.browser.site import Site, an_article_with_a_poll, every_page

pytestmark = DRIVEN


ITS_OWN_COLOURS = """() => [...document.querySelectorAll('body *')]
    .filter(one => getComputedStyle(one).forcedColorAdjust === 'none' && one.textContent.trim()).map(one => one.outerHTML)"""


@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_page_has_a_barrier(site: Site, readers: Readers, language: str) -> None:
    page = readers.new(site, color_scheme="light").new_page()
    for path in every_page(language).values():
        page.goto(path)
        check(page)


def test_no_page_has_a_barrier_in_the_reader_s_own_colours(site: Site, readers: Readers) -> None:
    """The browser paints with them whatever the stylesheet says, and axe reads the stylesheet: so contrast is not looked at."""
    page = readers.new(site, forced_colors="active", viewport={"width": 360, "height": 800}).new_page()
    for path in every_page().values():
        page.goto(path)
        demand_no_barrier(page, "forced colours", rules={"color-contrast": {"enabled": False}})
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
