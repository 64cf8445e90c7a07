"""The tools below an article's title, and lists that turn their pages in place."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from portal.articles.models import Section
from portal.core import clock
from portal.core.db import db
from tests import cast
from tests.browser.reader import DRIVEN, Readers
from tests.browser.site import Site, the_plan

pytestmark = DRIVEN

NO_SHARING = "Object.defineProperty(Navigator.prototype, 'share', {value: undefined, configurable: true})"
SHARING = """Object.defineProperty(Navigator.prototype, 'share', {configurable: true,
    value: what => { window.sent = what; return Promise.resolve(); }})"""
PRINTING = "window.print = () => { document.body.dataset.width = document.querySelector('#paper img').naturalWidth; }"


@pytest.fixture
def long_section(site: Site) -> str:
    """The path of a section with 130 articles of long ago."""
    known = db.session.scalar(select(Section.id).where(Section.slug == "muc-dai"))
    if known is None:
        cast.many_articles(130, section=cast.a_section("Mục dài", position=99), every_ms=0, published_at=clock.DAY)
        site.wait_until_it_looks()
    return "/chuyen-muc/muc-dai"


def test_without_scripts_only_what_works_is_shown(site: Site, readers: Readers) -> None:
    page = readers.open(site, the_plan(), java_script_enabled=False)
    tools = page.locator("#tools")
    expect(tools.get_by_role("button")).to_have_count(0)
    expect(tools.get_by_role("link", name="Facebook")).to_be_visible()
    tools.get_by_text("Mã QR").click()
    expect(tools.get_by_role("img")).to_be_visible()
    expect(tools.get_by_role("link", name=f"{site.url}/b/1")).to_be_visible()


def test_the_link_is_copied_and_that_is_said(site: Site, readers: Readers) -> None:
    context = readers.new(site, permissions=["clipboard-read", "clipboard-write"])
    context.add_init_script(NO_SHARING)
    page = context.new_page()
    page.goto(the_plan() + "?utm_source=x")
    page.get_by_role("button", name="Sao chép liên kết").click()
    expect(page.get_by_role("status").filter(has_text="Đã sao chép liên kết")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == site.url + the_plan()
    expect(page.get_by_role("button", name="Chia sẻ")).to_be_hidden()


def test_a_device_that_passes_pages_on_is_asked_to(site: Site, readers: Readers) -> None:
    context = readers.new(site)
    context.add_init_script(SHARING)
    page = context.new_page()
    page.goto(the_plan())
    page.get_by_role("button", name="Chia sẻ").click()
    assert page.evaluate("window.sent.url") == site.url + the_plan()
    expect(page.get_by_role("button", name="Sao chép liên kết")).to_be_hidden()
    expect(page.locator("#tools").get_by_role("link", name="Facebook")).to_be_hidden()


def test_printing_waits_for_the_code_and_says_when(site: Site, readers: Readers) -> None:
    context = readers.new(site)
    context.add_init_script(PRINTING)
    page = context.new_page()
    page.goto(the_plan())
    expect(page.locator("[data-printed]")).to_be_hidden()
    page.get_by_role("button", name="In bài").click()
    expect(page.locator("body")).to_have_attribute("data-width", re.compile("[1-9]"))
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.locator("[data-printed]")).to_contain_text("In lúc ")
    expect(page.locator("#paper img")).to_be_visible()
    expect(page.get_by_text(f"Địa chỉ ngắn: {site.url}/b/1")).to_be_visible()
    expect(page.locator("#tools")).to_be_hidden()


def test_a_list_turns_its_page_in_place(site: Site, readers: Readers, long_section: str) -> None:
    page = readers.open(site, long_section)
    page.evaluate("window.kept = true")
    page.get_by_role("link", name="Tin cũ hơn").click()
    expect(page.locator(".paging [aria-current]")).to_have_text("2")
    expect(page).to_have_url(f"{site.url}{long_section}?trang=2")
    expect(page.get_by_role("status").filter(has_text="Trang 2")).to_be_attached()
    page.locator(".paging").get_by_role("link", name="5").click()
    expect(page.get_by_text("Tin số 50", exact=True)).to_be_visible()
    page.get_by_role("link", name="Tin cũ hơn").click()
    expect(page.get_by_text("Tin số 30", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?truoc="))
    assert page.evaluate("window.kept")
    page.go_back()
    expect(page.get_by_text("Tin số 50", exact=True)).to_be_visible()


def test_a_list_turns_its_pages_without_scripts(site: Site, readers: Readers, long_section: str) -> None:
    page = readers.open(site, long_section, java_script_enabled=False)
    for _ in range(6):
        page.get_by_role("link", name="Tin cũ hơn").click()
    expect(page.get_by_text("Tin số 1", exact=True)).to_be_visible()
    assert "?truoc=" in page.url
