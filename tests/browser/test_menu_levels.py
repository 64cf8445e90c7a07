"""The menu's second level opens by a press of the pointer or of a key, with or without scripts, and gives way."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.reader import DRIVEN, Readers
from tests.browser.site import Site

pytestmark = DRIVEN

WIDE = {"width": 1280, "height": 800}


def level(page: Page, name: str) -> Locator:
    """Return the line of the menu that opens a second level."""
    return page.get_by_role("navigation", name="Trình đơn chính").locator(".menu-line summary", has_text=name)


def link(page: Page, name: str) -> Locator:
    return page.locator(".menu-line").get_by_role("link", name=name, exact=True)


def test_a_press_opens_it_and_leads_on(site: Site, readers: Readers) -> None:
    page = readers.open(site, "/", viewport=WIDE)
    expect(link(page, "Cơ cấu tổ chức")).to_be_hidden()
    level(page, "Giới thiệu").click()
    link(page, "Cơ cấu tổ chức").click()
    expect(page).to_have_url(site.url + "/trang/co-cau-to-chuc")


def test_enter_opens_it_and_escape_gives_the_focus_back(site: Site, readers: Readers) -> None:
    page = readers.open(site, "/", viewport=WIDE)
    level(page, "Giới thiệu").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(link(page, "Giới thiệu")).to_be_focused()
    page.keyboard.press("Escape")
    expect(level(page, "Giới thiệu")).to_be_focused()
    expect(link(page, "Cơ cấu tổ chức")).to_be_hidden()


def test_it_closes_when_the_reader_goes_elsewhere(site: Site, readers: Readers) -> None:
    page = readers.open(site, "/", viewport=WIDE)
    level(page, "Giới thiệu").click()
    level(page, "Công khai thông tin").click()
    expect(link(page, "Cơ cấu tổ chức")).to_be_hidden()
    expect(link(page, "Ngân sách")).to_be_visible()
    page.get_by_role("main").click(position={"x": 5, "y": 300})
    expect(link(page, "Ngân sách")).to_be_hidden()


def test_the_pointer_alone_opens_nothing(site: Site, readers: Readers) -> None:
    page = readers.open(site, "/", viewport=WIDE)
    level(page, "Giới thiệu").hover()
    expect(link(page, "Cơ cấu tổ chức")).to_be_hidden()


@pytest.mark.parametrize("width", [360, 1280])
def test_it_works_without_scripts(site: Site, readers: Readers, width: int) -> None:
    page = readers.open(site, "/", viewport={"width": width, "height": 800}, java_script_enabled=False)
    menu = page.locator(".menu-line" if width > 992 else ".menu-fold")
    if width < 992:
        menu.locator("summary").first.click()
    menu.locator(".menu-more summary", has_text="Công khai thông tin").click()
    menu.get_by_role("link", name="Ngân sách").click()
    expect(page).to_have_url(site.url + "/trang/ngan-sach")
