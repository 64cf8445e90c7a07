"""Settings in a browser: with the keyboard alone, without scripts, on a phone, without barriers; visitors see what was saved."""

import re

import pytest
from playwright.sync_api import BrowserContext, expect

from tests import cast
from tests.browser.barriers import check, demand_room_for_thumbs
from tests.browser.keyboard import press, tab_to
from tests.browser.near import NamedSite
from tests.browser.reader import DRIVEN, Readers
from tests.browser.staff import end_all, enter, signed_in
from tests.settings.forms import NAMES, SETTINGS, Office

pytestmark = [*DRIVEN, pytest.mark.parametrize("database", ["sqlite"])]

PICTURES = "/ban-bien-tap/anh-cua-trang"


def administrator(near: NamedSite, readers: Readers, **options: object) -> BrowserContext:
    return signed_in(near, readers, cast.somebody("administrator"), **options)


def furnish(near: NamedSite) -> list[str]:
    """Put something into every list, and return the addresses of all pages."""
    office, page = Office(near.app), cast.a_page("Giới thiệu")
    cast.a_section("Tin tức – Sự kiện của các phòng, đơn vị thuộc Sở")
    office.lines("trinh-don", {"label": "Giới thiệu", "url": "/trang/gioi-thieu"}, {"label": "Lãnh đạo", "url": "/b", "level": 2})
    office.lines("lien-ket", {"title": "Tỉnh", "url": "https://example.vn/" + "a" * 200, "place": "link"})
    office.lines("tin-khan", {"text": "Bão số 5 vào bờ", "ends_at": "2099-01-01T00:00"})
    office.lines("bang-anh", {"title": "Tết", "url": "/tet", "first_on": "2026-01-01", "last_on": "2099-01-01"})
    office.change("co-quan", hotline="0255 382 2222")
    paths = [SETTINGS, PICTURES, f"{SETTINGS}/trang-{page}", f"{SETTINGS}/co-quan/lich-su", f"{SETTINGS}/trinh-don/lich-su"]
    return [*paths, *(f"{SETTINGS}/{name}" for name in sorted(NAMES) if not name.endswith("-en"))]


def test_no_page_of_settings_has_a_barrier_or_is_wider_than_a_phone(near: NamedSite, readers: Readers) -> None:
    paths = furnish(near)
    page = administrator(near, readers, viewport={"width": 360, "height": 800}, color_scheme="light").new_page()
    for path in paths:
        page.goto(path)
        check(page)
        if "/trang-" not in path:  # the editor's own buttons are smaller, there as on the page for articles
            demand_room_for_thumbs(page)
    page.goto(f"{SETTINGS}/co-quan")
    page.get_by_label("Tên cơ quan (bắt buộc)").fill("")
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_text("Hãy điền mục này.")).to_be_visible()
    check(page)
    page.get_by_label("Tên cơ quan (bắt buộc)").fill("Sở Mới")
    page.get_by_role("button", name="Xem trước (Tiếng Việt)").click()
    expect(page.get_by_text("Chưa lưu gì")).to_be_visible()
    check(page)


def test_with_the_keyboard_alone_a_line_is_added_moved_and_seen_by_a_visitor(near: NamedSite, readers: Readers) -> None:
    furnish(near)
    visitor = readers.open(near, "/", viewport={"width": 1280, "height": 800})
    page = administrator(near, readers).new_page()
    page.goto(f"{SETTINGS}/trinh-don")
    press(page, "button", "Thêm dòng")
    expect(page.get_by_label("Tên dòng").last).to_be_focused()
    page.keyboard.insert_text("Liên hệ")
    page.keyboard.press("Tab")
    page.keyboard.insert_text("/trang/lien-he")
    tab_to(page, page.get_by_role("button", name="Lên").nth(2))
    page.keyboard.press("Enter")
    expect(page.get_by_role("group").first).to_contain_text("1. Liên hệ")
    expect(page.get_by_role("button", name=re.compile("Lên ?: Liên hệ"))).to_be_focused()
    page.keyboard.press("Shift+Tab")  # into its last field, where Enter shows the page as it would be
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Chưa lưu gì")).to_be_visible()
    expect(page.locator(".menu-line li").first).to_have_text("Liên hệ")
    expect(visitor.locator(".menu-line li").first).not_to_have_text("Liên hệ")
    press(page, "button", "Lưu")
    expect(page.get_by_role("status").filter(has_text="Đã lưu.")).to_be_visible()
    visitor.reload()
    expect(visitor.locator(".menu-line li").first).to_have_text("Liên hệ")


def test_without_scripts_a_setting_is_looked_at_saved_and_restored(near: NamedSite, readers: Readers) -> None:
    page = administrator(near, readers, java_script_enabled=False).new_page()
    page.goto(f"{SETTINGS}/co-quan")
    page.get_by_label("Đường dây nóng").fill("0255 382 2222")
    page.get_by_role("button", name="Xem trước (English)").click()
    expect(page.get_by_role("contentinfo")).to_contain_text("0255 382 2222")
    page.get_by_role("button", name="Back to the form").click()
    expect(page.get_by_label("Đường dây nóng")).to_have_value("0255 382 2222")
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_text("Đã lưu.")).to_be_visible()
    page.get_by_role("link", name="Lịch sử").click()
    page.get_by_role("link", name="Khôi phục nội dung trước thay đổi này").click()
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_label("Đường dây nóng")).to_have_value("")


def test_lines_that_were_typed_come_back_after_the_session_has_ended(near: NamedSite, readers: Readers) -> None:
    furnish(near)
    user = cast.somebody("administrator")
    page = signed_in(near, readers, user).new_page()
    page.goto(f"{SETTINGS}/trinh-don")
    page.get_by_role("button", name="Thêm dòng").click()
    expect(page.get_by_role("button", name="Lấy lại")).to_have_count(0)
    page.get_by_label("Tên dòng").last.fill("Liên hệ")
    page.get_by_label("Địa chỉ").last.fill("/trang/lien-he")
    page.locator("[value=in-2]").click()
    expect(page.get_by_role("button", name="Lấy lại")).to_have_count(0)
    page.get_by_label("Ẩn").last.check()
    end_all()
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_role("heading", name="Hãy đăng nhập")).to_be_visible()
    enter(page.context, near, user)
    page.goto(f"{SETTINGS}/trinh-don")
    expect(page.get_by_role("group")).to_have_count(2)
    page.get_by_role("button", name="Lấy lại").click()
    expect(page.get_by_role("group")).to_have_count(3)
    expect(page.get_by_role("group").last).to_contain_text("3. Liên hệ cấp 2")
    expect(page.get_by_label("Địa chỉ").last).to_have_value("/trang/lien-he")
    expect(page.get_by_label("Ẩn").last).to_be_checked()
    expect(page.get_by_role("button", name="Lấy lại")).to_have_count(0)
    page.reload()  # asks the browser to send the form again: it comes back once more
    page.goto(f"{SETTINGS}/trinh-don")
    page.get_by_role("button", name="Lấy lại").click()
    page.get_by_label("Ẩn").last.uncheck()
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_text("Đã lưu.")).to_be_visible()
    expect(page.get_by_role("button", name="Lấy lại")).to_have_count(0)
    page.goto(f"{SETTINGS}/trinh-don")
    expect(page.get_by_role("button", name="Lấy lại")).to_have_count(0)
    expect(page.get_by_role("group")).to_have_count(3)


def test_the_text_of_a_page_is_written_in_the_editor(near: NamedSite, readers: Readers) -> None:
    number = cast.a_page("Giới thiệu")
    page = administrator(near, readers).new_page()
    page.goto(f"{SETTINGS}/trang-{number}")
    text = page.get_by_role("textbox", name="Nội dung trang")
    expect(text).to_contain_text("Nội dung của trang.")
    text.click()
    page.keyboard.press("Control+A")
    page.keyboard.type("Chức năng của Sở")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_text("Đã lưu.")).to_be_visible()
    visitor = readers.open(near, "/trang/gioi-thieu")
    expect(visitor.locator(".prose")).to_have_text("Chức năng của Sở")
