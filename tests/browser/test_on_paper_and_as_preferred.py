"""Paper, and what the reader's device asks for: less motion, a dark scheme, colours of its own."""

import re

from playwright.sync_api import Page, expect

from tests.browser.reader import DRIVEN, Readers
from tests.browser.site import Site, an_article_with_a_poll, every_page, the_plan

pytestmark = DRIVEN


def style(page: Page, selector: str, name: str) -> str:
    return str(page.locator(selector).first.evaluate(f"element => getComputedStyle(element).{name}"))


def test_paper_has_the_text_its_address_and_nothing_to_press(site: Site, readers: Readers) -> None:
    page = readers.open(site, the_plan(), viewport={"width": 720, "height": 1000})
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text(site.url + the_plan())).to_be_visible()
    expect(page.get_by_text("KE HOACH TRUYEN THONG").first).to_be_visible()
    for gone in (".skip", ".menu", ".crumbs", ".poll-form", ".file-actions", "#figures", ".foot", "#seen"):
        expect(page.locator(gone)).to_be_hidden()
    assert style(page, "body", "backgroundColor") == "rgb(255, 255, 255)"
    assert "Times New Roman" in style(page, ".prose p", "fontFamily")


def test_paper_says_when_it_was_printed(site: Site, readers: Readers) -> None:
    page = readers.new(site, timezone_id="Asia/Ho_Chi_Minh").new_page()
    for path in (the_plan(), every_page()["page"]):
        page.goto(path)
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        page.emulate_media(media="print")
        expect(page.get_by_text("In lúc")).to_have_text(re.compile(r"^In lúc \d\d:\d\d ngày \d\d/\d\d/\d{4}$"))
        page.emulate_media(media="screen")


def test_paper_is_white_in_the_dark_scheme_too(site: Site, readers: Readers) -> None:
    page = readers.open(site, the_plan(), color_scheme="dark")
    assert style(page, "body", "backgroundColor") == "rgb(17, 24, 22)"
    page.emulate_media(media="print")
    assert style(page, "body", "backgroundColor") == "rgb(255, 255, 255)"
    assert style(page, ".prose p", "color") == "rgb(0, 0, 0)"


def test_whoever_asks_for_stillness_gets_it(site: Site, readers: Readers) -> None:
    lively = readers.open(site, every_page()["poll"], reduced_motion="no-preference")
    assert style(lively, ".button", "transitionDuration") == "0.12s"
    calm = readers.open(site, every_page()["poll"], reduced_motion="reduce")
    assert style(calm, ".button", "transitionDuration") == "0s"


def test_with_colours_of_the_reader_s_own_shapes_keep_their_edges(site: Site, readers: Readers) -> None:
    polled = an_article_with_a_poll()
    page = readers.open(site, polled.path, forced_colors="active")
    ground = style(page, "body", "backgroundColor")
    assert style(page, ".button", "borderTopColor") != ground
    page.locator(polled.box).get_by_label("Đẹp").check()
    page.locator(polled.box).get_by_role("button", name="Bình chọn").click()
    expect(page.locator(polled.box)).to_contain_text("Lựa chọn của bạn")
    assert style(page, ".poll-bar-part", "fill") != ground
    assert style(page, ".poll-bar-base", "stroke") != ground
