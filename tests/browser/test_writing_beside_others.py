"""The page for writing on every screen, beside others who write, beside its preview, and after the back button."""

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, expect

from portal.accounts.models import User
from tests import cast
from tests.articles.typing_in import page_of
from tests.browser.barriers import check
from tests.browser.drafting import opened, title, waits_for
from tests.browser.near import NamedSite
from tests.browser.reader import DRIVEN, Readers
from tests.browser.staff import signed_in
from tests.publishing.writing import piece, save

pytestmark = [*DRIVEN, pytest.mark.parametrize("database", ["sqlite"])]


def test_two_browsers_see_each_other_and_choose(near: NamedSite, staff: BrowserContext, readers: Readers, piece_id: int) -> None:
    page = opened(staff, piece_id)
    other = signed_in(near, readers, cast.somebody("editor"))
    theirs = opened(other, piece_id)
    expect(theirs.get_by_text("Nguyễn Văn A cũng đang mở bài này.")).to_be_visible()
    title(theirs).fill("Của Trần Thị B")
    waits_for(theirs, piece_id, "Của Trần Thị B")
    title(page).fill("Của Nguyễn Văn A")
    said = page.get_by_text("Bài đã được Trần Thị B lưu lúc")
    expect(said).to_be_visible()
    check(page)
    said.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Chọn nội dung cần giữ")
    check(page)
    page.get_by_label("Của Nguyễn Văn A").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Lưu nội dung đã chọn").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Đã lưu nội dung bạn chọn.")).to_be_visible()
    assert piece(piece_id).title == "Của Nguyễn Văn A"


def test_the_back_button_never_shows_an_older_text_as_the_present_one(
    app: Flask, staff: BrowserContext, user: User, piece_id: int
) -> None:
    page = opened(staff, piece_id)
    page.goto("/ban-bien-tap/tai-khoan")
    save(app, piece_id, user, title="Lưu ở nơi khác")
    page.go_back()
    expect(title(page)).to_have_value("Lưu ở nơi khác")
    expect(page.locator("[name=base]").last).to_have_value("2")


def test_the_preview_stands_beside_on_a_wide_screen(staff: BrowserContext, piece_id: int) -> None:
    page = opened(staff, piece_id)
    page.get_by_role("button", name="Xem trước bên cạnh").click()
    preview = page.locator("#beside")
    expect(preview.get_by_text("Phần thứ hai.")).to_be_visible()
    title(page).fill("Thấy ngay bên cạnh")
    expect(preview.get_by_role("heading", name="Thấy ngay bên cạnh")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Xem trước", exact=True).click()
    page.wait_for_url(f"**{page_of(piece_id)}/xem")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thấy ngay bên cạnh")
    check(page)


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_it_fits_every_screen_and_bars_nobody(staff: BrowserContext, piece_id: int, width: int) -> None:
    page = staff.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    for path in ("/ban-bien-tap/bai/moi", page_of(piece_id), f"{page_of(piece_id)}/anh", f"{page_of(piece_id)}/xem"):
        page.goto(path)
        check(page)
