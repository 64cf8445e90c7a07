"""Somebody writes an article in a real browser: it saves itself, and neither a cut line nor an ended session loses a word."""

import re

import pytest
from playwright.sync_api import BrowserContext, Route, expect
from sqlalchemy import delete

from portal.accounts.models import User
from portal.core.db import write
from portal.core.sessions import StaffSession
from tests import cast
from tests.articles.typing_in import page_of
from tests.browser.barriers import check
from tests.browser.drafting import WITHIN_MS, bodies, keeps, keeps_nothing, opened, title, waits_for
from tests.browser.near import NamedSite
from tests.browser.reader import DRIVEN, Readers
from tests.browser.staff import signed_in
from tests.core.test_old_encodings import SENTENCES, typed
from tests.publishing.writing import piece, texts

pytestmark = [*DRIVEN, pytest.mark.parametrize("database", ["sqlite"])]

SAVED = re.compile(r"Đã lưu lúc \d\d:\d\d")
OFFLINE = "Mất kết nối. Nội dung được giữ trên máy này và sẽ lưu khi có mạng."
STILL_HERE = "Nội dung bạn đang soạn vẫn còn."


def test_what_is_typed_in_the_editor_is_saved_by_itself(staff: BrowserContext, piece_id: int) -> None:
    page = opened(staff, piece_id)
    text = page.get_by_role("textbox", name="Nội dung bài viết")
    text.click()
    page.keyboard.press("Control+End")
    with page.expect_response(
        lambda answer: answer.request.method == "POST" and answer.url.endswith(page_of(piece_id)), timeout=WITHIN_MS
    ):
        page.keyboard.insert_text(" Tiếng Việt có dấu: Ẳng ậm ừ.")
    expect(page.locator("#saved")).to_contain_text(SAVED)
    assert bodies(piece_id)[-1].endswith("<p>Phần thứ hai. Tiếng Việt có dấu: Ẳng ậm ừ.</p>")
    title(page).fill("Kế hoạch mới")
    waits_for(page, piece_id, "Kế hoạch mới")
    expect(page.locator("[name=base]").last).to_have_value("3")
    assert texts(piece_id) == ["Kế hoạch", "Kế hoạch", "Kế hoạch mới"]
    keeps_nothing(page)


def test_old_text_is_told_once_it_is_saved_and_converted_where_it_stands(staff: BrowserContext, piece_id: int) -> None:
    page = opened(staff, piece_id)
    notice = page.get_by_role("region", name="Có đoạn chưa dùng mã Unicode")
    expect(notice).to_have_count(0)
    title(page).fill(typed(SENTENCES[2], "tcvn3"))
    expect(notice).to_contain_text("Đoạn này dùng mã TCVN3 (Tiêu đề)")
    expect(title(page)).to_be_focused()
    title(page).fill("Kế hoạch")
    expect(notice).to_have_count(0)
    text = page.get_by_role("textbox", name="Nội dung bài viết")
    text.click()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(" " + typed(SENTENCES[2], "vni"))
    expect(notice).to_contain_text("VNI (Nội dung bài viết, đoạn 2)")
    check(page)
    page.keyboard.insert_text(" Gõ thêm.")  # not saved yet: goes with the click
    notice.get_by_role("button", name="Chuyển sang Unicode").click()
    expect(page.get_by_text("Đã chuyển sang Unicode.")).to_be_visible()
    expect(text).to_contain_text(SENTENCES[2])
    expect(notice).to_have_count(0)
    expect(page.get_by_text(STILL_HERE)).to_have_count(0)


def test_by_hand_it_is_saved_at_once_and_in_place(staff: BrowserContext, piece_id: int) -> None:
    page = opened(staff, piece_id)
    title(page).fill("Một")
    page.get_by_role("button", name="Lưu nháp").click()
    expect(page.locator("[name=base]").last).to_have_value("2")
    title(page).fill("Hai")
    page.keyboard.press("Control+s")
    expect(page.locator("[name=base]").last).to_have_value("3")
    expect(title(page)).to_be_focused()
    assert texts(piece_id)[1:] == ["Một", "Hai"]


def test_a_cut_line_keeps_the_text_here_and_sends_it_when_it_is_back(staff: BrowserContext, piece_id: int) -> None:
    page = opened(staff, piece_id)
    staff.set_offline(True)
    title(page).fill("Gõ khi mất mạng")
    expect(page.get_by_text(OFFLINE)).to_be_visible()
    page.wait_for_timeout(2_600)  # it would have been sent by now
    keeps(page, "Gõ khi mất mạng")
    page.get_by_role("button", name="Gửi duyệt").click()
    expect(page.get_by_text(OFFLINE)).to_be_visible()
    assert piece(piece_id).title == "Kế hoạch"
    staff.set_offline(False)
    waits_for(page, piece_id, "Gõ khi mất mạng")
    expect(page.get_by_text(OFFLINE)).to_have_count(0)
    expect(page.locator("[name=base]").last).to_have_value("2")
    keeps_nothing(page)


def test_a_server_that_is_busy_is_tried_again(staff: BrowserContext, piece_id: int) -> None:
    page = opened(staff, piece_id)
    page.route(f"**{page_of(piece_id)}", lambda route: route.fulfill(status=503, body="<p id='error'></p>"))
    title(page).fill("Gõ khi máy chủ bận")
    expect(page.get_by_text("Chưa lưu được, sẽ thử lại.")).to_be_visible()
    page.unroute(f"**{page_of(piece_id)}")
    waits_for(page, piece_id, "Gõ khi máy chủ bận")
    expect(page.get_by_text("Chưa lưu được, sẽ thử lại.")).to_have_count(0)


def test_an_answer_that_is_lost_makes_no_second_text(staff: BrowserContext, piece_id: int) -> None:
    page = opened(staff, piece_id)
    lost = []

    def lose(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch())
            route.abort()
        else:
            route.continue_()

    page.route(f"**{page_of(piece_id)}", lose)
    title(page).fill("Một")
    expect(page.get_by_text(OFFLINE)).to_be_visible()
    title(page).fill("Một và hai")
    waits_for(page, piece_id, "Một và hai")
    assert texts(piece_id) == ["Kế hoạch", "Một", "Một và hai"]
    expect(page.get_by_text("Chưa mất nội dung nào")).to_have_count(0)


def test_what_was_not_sent_is_offered_after_a_reload(staff: BrowserContext, piece_id: int) -> None:
    page = opened(staff, piece_id)
    page.route(f"**{page_of(piece_id)}", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    text = page.get_by_role("textbox", name="Nội dung bài viết")
    text.click()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(" Chưa gửi.")
    keeps(page, "Chưa gửi.")
    page.unroute(f"**{page_of(piece_id)}")
    page.reload()
    expect(page.get_by_text(STILL_HERE)).to_be_visible()
    title(page).fill("Gõ thêm")  # saved by itself meanwhile: what is offered stays
    waits_for(page, piece_id, "Gõ thêm")
    page.reload()
    page.get_by_role("button", name="Lấy lại").click()
    expect(page.get_by_role("textbox", name="Nội dung bài viết")).to_contain_text("Chưa gửi.")
    expect(page.get_by_text("Chưa mất nội dung nào")).to_be_visible()  # it was typed on the text before
    assert bodies(piece_id)[-1].endswith("Phần thứ hai. Chưa gửi.</p>")
    assert piece(piece_id).title == "Gõ thêm"


def test_an_ended_session_says_so_and_the_text_comes_back(staff: BrowserContext, user: User, piece_id: int) -> None:
    page = opened(staff, piece_id)
    write(lambda session: session.execute(delete(StaffSession)))
    title(page).fill("Gõ sau khi hết phiên")
    expect(page.get_by_text("Phiên đã hết hạn. Nội dung đang soạn được giữ lại").first).to_be_visible()
    page.locator("#session").get_by_role("link", name="Đăng nhập").click()
    page.get_by_label("Thư điện tử").fill(user.email)
    page.get_by_label("Mật khẩu").fill(cast.PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.wait_for_url(f"**{page_of(piece_id)}")
    page.get_by_role("button", name="Lấy lại").click()
    expect(title(page)).to_have_value("Gõ sau khi hết phiên")
    waits_for(page, piece_id, "Gõ sau khi hết phiên")


def test_a_step_waits_for_the_save_that_is_under_way(staff: BrowserContext, piece_id: int) -> None:
    page = opened(staff, piece_id)

    def slow(route: Route) -> None:
        page.wait_for_timeout(1_000)
        route.continue_()

    page.route(f"**{page_of(piece_id)}", slow, times=1)
    with page.expect_request(lambda asked: asked.method == "POST" and asked.url.endswith(page_of(piece_id))):
        title(page).fill("Một")
    title(page).fill("Một và hai")
    page.get_by_role("button", name="Gửi duyệt").click()
    page.wait_for_url(f"**{page_of(piece_id)}/gui-duyet")
    assert texts(piece_id) == ["Kế hoạch", "Một", "Một và hai"]


def test_without_scripts_the_text_is_written_as_html(near: NamedSite, readers: Readers, user: User, piece_id: int) -> None:
    context = signed_in(near, readers, user, java_script_enabled=False)
    page = opened(context, piece_id)
    page.get_by_label("Nội dung bài viết").fill("<h2>Mục tiêu</h2><p onclick='x()'>Một.</p>")
    page.get_by_role("button", name="Lưu nháp").click()
    expect(page.get_by_text("Đã lưu.")).to_be_visible()
    expect(page.get_by_label("Nội dung bài viết")).to_have_value("<h2>Mục tiêu</h2><p>Một.</p>")


def test_it_is_written_and_sent_on_with_the_keyboard_alone(staff: BrowserContext, piece_id: int) -> None:
    page = opened(staff, piece_id)
    title(page).focus()
    page.keyboard.press("End")
    page.keyboard.type(" gõ phím")
    page.keyboard.press("Tab")
    page.keyboard.type("Mở đầu.")
    page.keyboard.press("Tab")
    for _ in range(3):
        if page.evaluate("document.activeElement.getAttribute('role')") == "textbox":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(" Thêm.")
    page.keyboard.press("Control+s")
    expect(page.locator("[name=base]").last).to_have_value("2")
    assert (piece(piece_id).title, bodies(piece_id)[-1][-14:]) == ("Kế hoạch gõ phím", "hai. Thêm.</p>")
    page.get_by_role("button", name="Gửi duyệt").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{page_of(piece_id)}/gui-duyet")
