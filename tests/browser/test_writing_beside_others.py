"""The page for writing on every screen, beside others who write, beside its preview, and after the back button."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask, Response
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from portal.accounts.models import User
from portal.publishing.rules import Step
from tests import cast
from tests.articles.typing_in import page_of
from tests.browser.barriers import check
from tests.browser.drafting import opened, title, waits_for
from tests.browser.near import NamedSite
from tests.browser.reader import DRIVEN, Readers
from tests.browser.staff import at_work, signed_in
from tests.publishing.writing import a_piece, piece, save, take, texts

pytestmark = [*DRIVEN, pytest.mark.parametrize("database", ["sqlite"])]

PHONE: ViewportSize = {"width": 360, "height": 740}
TWO = "<p>Liên hệ bà B, số máy 0905 123 456.</p><p>Phần thứ hai.</p>"
NOTES_MEMORY = "addEventListener('pageshow', event => event.persisted && sessionStorage.setItem('from', 'memory'))"
CAME_FROM = "() => sessionStorage.getItem('from')"


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


@pytest.mark.parametrize("whole", [False, True], ids=["shell", "whole"])
def test_the_back_button_never_shows_an_older_text_as_the_present_one(
    near: NamedSite, user: User, piece_id: int, readers: Readers, whole_chromium: Browser, whole: bool
) -> None:
    with Readers(whole_chromium) as others:
        page = opened(signed_in(near, others if whole else readers, user), piece_id)
        page.goto("/ban-bien-tap/tai-khoan")
        save(near.app, piece_id, user, title="Lưu ở nơi khác")
        page.evaluate("history.back()")
        expect(page).to_have_url(re.compile(f"{page_of(piece_id)}$"))
        expect(title(page)).to_have_value("Lưu ở nơi khác")
        expect(page.locator("[name=base]").last).to_have_value("2")


@pytest.fixture
def remembering(near: NamedSite, whole_chromium: Browser, user: User) -> Iterator[BrowserContext]:
    """Somebody's browser that keeps pages in memory for the back button: Chromium does where they forbid no storing."""
    near.app.after_request(_may_be_kept)
    with Readers(whole_chromium) as readers:
        context = signed_in(near, readers, user)
        context.add_init_script(NOTES_MEMORY)
        yield context


def _may_be_kept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-cache"
    return response


def leave_and_come_back(app: Flask, page: Page, piece_id: int, user: User) -> None:
    """Go elsewhere and come back from memory, after the text was saved in another browser."""
    page.goto("/ban-bien-tap/tai-khoan")
    save(app, piece_id, user, title="Lưu ở nơi khác")
    page.evaluate("history.back()")
    page.wait_for_function(CAME_FROM)
    expect(page).to_have_url(re.compile(f"{page_of(piece_id)}$"))


def test_from_the_memory_of_the_back_button_it_is_loaded_anew(
    app: Flask, remembering: BrowserContext, user: User, piece_id: int
) -> None:
    page = opened(remembering, piece_id)
    leave_and_come_back(app, page, piece_id, user)
    expect(title(page)).to_have_value("Lưu ở nơi khác")
    expect(page.locator("[name=base]").last).to_have_value("2")


def test_from_that_memory_what_was_typed_last_stays_and_the_newer_text_is_told(
    app: Flask, remembering: BrowserContext, user: User, piece_id: int
) -> None:
    page = opened(remembering, piece_id)
    title(page).fill("Chưa kịp lưu")
    leave_and_come_back(app, page, piece_id, user)
    expect(page.get_by_role("link", name="Mở nội dung hiện tại")).to_be_visible()
    expect(title(page)).to_have_value("Chưa kịp lưu")
    expect(page.get_by_role("link", name="Chọn nội dung cần giữ")).to_be_visible()
    assert (piece(piece_id).title, texts(piece_id)[-1]) == ("Lưu ở nơi khác", "Chưa kịp lưu")


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


@pytest.fixture
def phone(staff: BrowserContext) -> Page:
    """A page of that person's, as narrow as phones are."""
    page = staff.new_page()
    page.set_viewport_size(PHONE)
    return page


def test_what_must_be_seen_before_writing_on_fits_a_phone_and_bars_nobody(app: Flask, phone: Page, user: User) -> None:
    editor = cast.somebody("editor")
    piece_id = a_piece(user, title="Lịch kiểm định", body=TWO)
    take(app, Step.SUBMIT, piece_id, user)
    take(app, Step.RETURN, piece_id, editor, remark="Thiếu ngày ban hành.\n" + "https://example.vn/" + "a" * 90)
    phone.goto(page_of(piece_id))
    expect(phone.get_by_text("Thiếu ngày ban hành.")).to_be_visible()
    expect(phone.get_by_text("Có thể có dữ liệu cá nhân")).to_be_visible()
    check(phone)
    save(app, piece_id, editor, title="Của Trần Thị B", section_id=None, body=TWO.replace("hai", "ba"))
    save(app, piece_id, user, base=1, title="Của Nguyễn Văn A", body=TWO.replace("hai", "tư"))
    phone.goto(page_of(piece_id))
    expect(phone.get_by_text("Còn thiếu trước khi đăng")).to_be_visible()
    check(phone)
    phone.get_by_role("link", name="Chọn nội dung cần giữ").click()
    expect(phone.get_by_label("Giữ cả hai, lần lượt")).to_be_visible()
    check(phone)
    phone.get_by_role("button", name="Lưu nội dung đã chọn").click()
    expect(phone.get_by_role("alert")).to_be_visible()
    check(phone)


def test_what_takes_no_changes_now_fits_a_phone_and_bars_nobody(
    near: NamedSite, app: Flask, readers: Readers, phone: Page, user: User
) -> None:
    publisher, piece_id = cast.somebody("publisher"), a_piece(user, title="Lịch kiểm định", body="<p>Phần thứ nhất.</p>")
    take(app, Step.SUBMIT, piece_id, user)
    take(app, Step.APPROVE, piece_id, publisher)
    save(app, piece_id, user, title="Gửi muộn")  # kept beside
    for page in (phone, at_work(near, readers, publisher, viewport=PHONE)):
        page.goto(page_of(piece_id))
        expect(page.get_by_role("heading", level=1)).to_have_text("Lịch kiểm định")
        check(page)
    phone.get_by_role("link", name="Chọn nội dung cần giữ").click()
    check(phone)
