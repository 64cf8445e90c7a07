"""The whole way of an article, by three people in real browsers: begun, returned, scheduled, there, corrected, taken down."""

import re

import pytest
from playwright.sync_api import Page, expect

from portal.accounts.models import User
from portal.core import clock, jobs
from portal.publishing.rules import SOONEST_MS
from portal.publishing.states import State, state_of
from tests import cast
from tests.articles.typing_in import page_of
from tests.browser.drafting import title, waits_for
from tests.browser.near import NamedSite
from tests.browser.reader import DRIVEN, Readers
from tests.browser.staff import at_work, enter
from tests.clocks import Clock
from tests.publishing.writing import piece, taken

pytestmark = [*DRIVEN, pytest.mark.parametrize("database", ["sqlite"])]

TITLE = "Lịch kiểm định cân ở các chợ"
LEAD = "Cân ở các chợ được kiểm định trong tháng này."
WAS, IS = "Kiểm định bắt đầu ngày 03/4.", "Kiểm định bắt đầu ngày 04/4."
NOTE, REASON = "Sửa ngày bắt đầu kiểm định.", "Lịch đã được thay bằng lịch mới."
SECTION = "/chuyen-muc/thong-bao"


def test_an_article_goes_all_its_way(near: NamedSite, readers: Readers, user: User, standing: Clock) -> None:
    section = cast.a_section("Thông báo")
    instead = cast.article_path(cast.an_article("Lịch kiểm định mới", section=section), "Lịch kiểm định mới")
    people = (user, cast.somebody("editor"), cast.somebody("publisher"))
    writer, reviewer, decider = (at_work(near, readers, one) for one in people)
    reader = readers.new(near).new_page()

    piece_id = begins(writer)
    writes(writer, LEAD, WAS)
    waits_for(writer, piece_id, TITLE)
    sends(writer, piece_id)
    returns(reviewer, piece_id, "Bài chưa nói ai thực hiện.")
    mends(writer, piece_id, "Bài chưa nói ai thực hiện.", " Chi cục thực hiện.")
    sends(writer, piece_id)
    at = schedules(decider, piece_id)
    path = cast.article_path(piece(piece_id).thing_id or 0, TITLE)
    is_nowhere(reader, path)

    standing.turn((at - clock.now_ms()) / 1000 - 1)
    is_nowhere(reader, path)
    standing.turn(1)
    jobs.run_due()
    assert state_of(piece(piece_id)) is State.PUBLISHED
    is_everywhere(reader, path)

    standing.turn(7 * clock.DAY / 1000)
    for page, one in zip((writer, reviewer, decider), people, strict=True):
        enter(page.context, near, one)
    corrects(writer, piece_id)
    sends(writer, piece_id)
    expect_first_text(reader, path)
    publishes_the_change(decider, piece_id)
    is_corrected(reader, path)
    shows_both_texts(reviewer, piece_id)

    takes_down(decider, piece_id, near.url + instead)
    is_gone(reader, path)
    once, again = ["submit", "return", "submit", "schedule", "appear"], ["submit", "publish", "take_down"]
    assert taken(piece_id) == once + again


def test_without_scripts_two_begin_on_one_text_and_one_chooses(near: NamedSite, readers: Readers, user: User) -> None:
    cast.a_section("Thông báo")
    people = (user, cast.somebody("editor"))
    writer, other = (at_work(near, readers, one, java_script_enabled=False) for one in people)
    piece_id = begins(writer)
    saves_by_hand(writer, title=TITLE, body=f"<p>{WAS}</p>")
    other.goto(page_of(piece_id))
    saves_by_hand(other, title=f"{TITLE} lớn", body=f"<p>{IS}</p>")
    expect(other.get_by_text("Đã lưu.", exact=True)).to_be_visible()
    saves_by_hand(writer, title=f"{TITLE} nhỏ", lead=LEAD, body="<p>Kiểm định bắt đầu ngày 05/4.</p>")
    expect(writer).to_have_url(re.compile(rf"{page_of(piece_id)}/chon/4$"))
    choose = writer.get_by_role("button", name="Lưu nội dung đã chọn")
    choose.click()
    expect(writer.get_by_role("alert")).to_be_visible()
    writer.get_by_role("group", name="Tiêu đề").get_by_label("Của Nguyễn Văn A").check()
    writer.get_by_role("group", name="Nội dung bài viết").get_by_label("Giữ cả hai, lần lượt").check()
    choose.click()
    expect(writer.get_by_text("Đã lưu nội dung bạn chọn.")).to_be_visible()
    expect(title(writer)).to_have_value(f"{TITLE} nhỏ")
    expect(writer.get_by_label("Phần mở đầu")).to_have_value(LEAD)
    body = writer.get_by_label("Nội dung bài viết").input_value()
    assert (IS in body, "05/4" in body, WAS in body) == (True, True, False)


def begins(writer: Page) -> int:
    writer.goto("/ban-bien-tap/bai/moi")
    writer.locator("#section").select_option(label="Thông báo")
    title(writer).fill("Lịch kiểm định")
    writer.get_by_role("button", name="Bắt đầu soạn").click()
    writer.wait_for_url(re.compile(r"/bai/\d+$"))
    return int(writer.url.rpartition("/")[2])


def writes(writer: Page, lead: str, text: str) -> None:
    """Type into the page as it stands, and let it save itself."""
    title(writer).fill(TITLE)
    writer.get_by_label("Phần mở đầu").fill(lead)
    writer.get_by_role("textbox", name="Nội dung bài viết").click()
    writer.keyboard.insert_text(text)


def saves_by_hand(writer: Page, *, body: str, lead: str = "", **fields: str) -> None:
    title(writer).fill(fields["title"])
    writer.get_by_label("Phần mở đầu").fill(lead)
    writer.get_by_label("Nội dung bài viết").fill(body)
    writer.get_by_role("button", name="Lưu nháp").click()


def presses(page: Page, name: str, done: str) -> None:
    """Take a step on its page."""
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()
    expect(page).to_have_url(re.compile(f"xong={done}$"))


def sends(writer: Page, piece_id: int) -> None:
    writer.get_by_role("button", name="Gửi duyệt").click()
    writer.wait_for_url(f"**{page_of(piece_id)}/gui-duyet")
    presses(writer, "Gửi duyệt", "gui-duyet")


def returns(reviewer: Page, piece_id: int, remark: str) -> None:
    reviewer.goto(f"{page_of(piece_id)}/tra-lai")
    reviewer.get_by_label("Lý do trả lại").fill(remark)
    presses(reviewer, "Trả lại", "tra-lai")


def mends(writer: Page, piece_id: int, remark: str, more: str) -> None:
    writer.goto(page_of(piece_id))
    expect(writer.get_by_text(remark)).to_be_visible()
    writer.get_by_role("textbox", name="Nội dung bài viết").click()
    writer.keyboard.press("Control+End")
    writer.keyboard.insert_text(more)


def schedules(decider: Page, piece_id: int) -> int:
    """Schedule it for the first whole minute that is far enough ahead, and return that minute."""
    at = -(-(clock.now_ms() + SOONEST_MS) // clock.MINUTE) * clock.MINUTE
    decider.goto(f"{page_of(piece_id)}/hen-gio")
    decider.get_by_label("Ngày và giờ").fill(clock.local(at).strftime("%Y-%m-%dT%H:%M"))
    presses(decider, "Hẹn giờ đăng", "hen-gio")
    expect(decider.get_by_role("main")).to_contain_text(clock.local(at).strftime("%H:%M ngày %d/%m/%Y"))
    expect(decider.get_by_role("main")).to_contain_text("Chi cục thực hiện.")
    return at


def status_of(reader: Page, path: str) -> int:
    answer = reader.goto(path)
    assert answer is not None
    return answer.status


def is_nowhere(reader: Page, path: str) -> None:
    assert status_of(reader, path) == 404
    for page in ("/", SECTION):
        assert status_of(reader, page) == 200
        expect(reader.get_by_text(TITLE)).to_have_count(0)


def is_everywhere(reader: Page, path: str) -> None:
    for page in ("/", SECTION):
        reader.goto(page)
        expect(reader.get_by_role("link", name=TITLE).first).to_be_visible()
    expect_first_text(reader, path)


def expect_first_text(reader: Page, path: str) -> None:
    assert status_of(reader, path) == 200
    expect(reader.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(reader.get_by_text(f"{WAS} Chi cục thực hiện.")).to_be_visible()
    expect(reader.get_by_text("Cập nhật lúc")).to_have_count(0)


def corrects(writer: Page, piece_id: int) -> None:
    """Type another day in the place of the one that was published."""
    writer.goto(page_of(piece_id))
    expect(writer.get_by_text("Bản đã đăng vẫn hiển thị như cũ")).to_be_visible()
    text = writer.get_by_role("textbox", name="Nội dung bài viết")
    text.click()
    writer.keyboard.press("Control+a")
    writer.keyboard.insert_text(f"{IS} Chi cục thực hiện.")
    expect(text).not_to_contain_text(WAS)
    expect(writer.locator("[name=base]").last).not_to_have_value(str(piece(piece_id).public))
    expect(writer.get_by_role("button", name="Gửi duyệt")).to_be_visible()


def publishes_the_change(decider: Page, piece_id: int) -> None:
    decider.goto(f"{page_of(piece_id)}/dang")
    decider.get_by_label("Nội dung thay đổi (hiển thị công khai)").check()
    decider.get_by_label("Nội dung đã thay đổi").fill(NOTE)
    presses(decider, "Duyệt và đăng", "dang")


def is_corrected(reader: Page, path: str) -> None:
    assert status_of(reader, path) == 200
    today = clock.local(clock.now_ms())
    expect(reader.get_by_text(IS)).to_be_visible()
    expect(reader.get_by_text(WAS)).to_have_count(0)
    expect(reader.get_by_text(today.strftime("Cập nhật lúc %H:%M"))).to_be_visible()
    expect(reader.locator("#corrections")).to_have_text(today.strftime(f"Đính chính ngày %d/%m/%Y: {NOTE}"))


def shows_both_texts(reviewer: Page, piece_id: int) -> None:
    reviewer.goto(f"{page_of(piece_id)}/lich-su")
    expect(reviewer.get_by_text("đang hiển thị công khai")).to_have_count(1)
    reviewer.get_by_role("link", name="So sánh với nội dung hiện tại").first.click()
    expect(reviewer.locator("del").first).to_contain_text("03/4")
    expect(reviewer.locator("ins").first).to_contain_text("04/4")


def takes_down(decider: Page, piece_id: int, instead: str) -> None:
    decider.goto(f"{page_of(piece_id)}/go")
    decider.get_by_label("Lý do gỡ (hiển thị công khai)").fill(REASON)
    decider.get_by_label("Bài đọc thay thế").fill(instead)
    presses(decider, "Gỡ bài", "go")


def is_gone(reader: Page, path: str) -> None:
    """Look for it everywhere, and go on to what is to be read instead."""
    for page in ("/", SECTION):
        reader.goto(page)
        expect(reader.get_by_text(TITLE)).to_have_count(0)
    assert status_of(reader, path) == 410
    expect(reader.get_by_text(f"Lý do: {REASON}")).to_be_visible()
    reader.get_by_role("link", name="Lịch kiểm định mới").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Lịch kiểm định mới")
