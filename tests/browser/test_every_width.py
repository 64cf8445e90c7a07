"""Every page at every width: nothing to scroll sideways, and nothing too small for a thumb."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.barriers import demand_room, demand_room_for_thumbs
from tests.browser.reader import DRIVEN, Readers
from tests.browser.site import Site, an_article_with_a_poll, every_page, the_plan

pytestmark = DRIVEN

WIDTHS = (320, 360, 768, 1280)


def open_at_every_width(page: Page, path: str) -> None:
    page.goto(path)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        demand_room(page, f"{path} at {width} px")
        demand_room_for_thumbs(page, f"{path} at {width} px")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_page_scrolls_sideways_or_has_small_targets(site: Site, readers: Readers, language: str) -> None:
    page = readers.new(site).new_page()
    for path in every_page(language).values():
        open_at_every_width(page, path)


def test_long_words_in_a_poll_do_not_widen_it(site: Site, readers: Readers) -> None:
    label = "Nghiêng" * 25
    polled = an_article_with_a_poll(labels=(label, "Không"), question="Dài" * 90)
    page = readers.new(site).new_page()
    open_at_every_width(page, polled.path)
    page.locator(polled.box).get_by_label(label).check()
    page.locator(polled.box).get_by_role("button", name="Bình chọn").click()
    expect(page.locator(polled.box)).to_contain_text("Lựa chọn của bạn")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        demand_room(page)


def test_at_twice_the_size_nothing_scrolls_sideways(site: Site, readers: Readers) -> None:
    page = readers.new(site, viewport={"width": 640, "height": 400}, device_scale_factor=2).new_page()
    for path in every_page().values():
        page.goto(path)
        demand_room(page)


A4_WITHIN_ITS_MARGINS_PX = 718


def test_on_paper_nothing_is_cut_off(site: Site, readers: Readers) -> None:
    page = readers.new(site, viewport={"width": A4_WITHIN_ITS_MARGINS_PX, "height": 1000}).new_page()
    page.emulate_media(media="print")
    for path in every_page().values():
        page.goto(path)
        demand_room(page)
        assert page.get_by_role("heading", level=1).is_visible(), path


def test_with_the_largest_letters_nothing_scrolls_sideways(site: Site, readers: Readers) -> None:
    page = readers.new(site, viewport={"width": 360, "height": 800}).new_page()
    for path in every_page().values():
        page.goto(path)
        page.evaluate("document.documentElement.dataset.text = 'xl'")
        demand_room(page)


def test_a_short_page_has_its_footer_at_the_bottom_of_the_screen(site: Site, readers: Readers) -> None:
    page = readers.open(site, every_page()["not found"], viewport={"width": 360, "height": 1600})
    foot = page.get_by_role("contentinfo").bounding_box()
    assert foot is not None
    assert foot["y"] + foot["height"] == 1600


def test_a_phone_shows_title_date_and_first_words_without_scrolling(site: Site, readers: Readers) -> None:
    page = readers.open(site, the_plan(), viewport={"width": 360, "height": 640})
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport(ratio=1)
    expect(page.get_by_text("Đăng ngày 17/03/2022")).to_be_in_viewport(ratio=1)
    lead = page.locator(".lead").bounding_box()
    assert lead is not None
    assert lead["y"] < 600
