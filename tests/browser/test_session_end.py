"""Before a session ends the page says so, and what somebody was typing when it ended comes back."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from portal.accounts.models import User
from portal.core import clock, sessions
from tests import cast
from tests.accounts.own import code_of, with_app
from tests.browser.barriers import check
from tests.browser.drafting import kept
from tests.browser.near import NamedSite, with_a_desk
from tests.browser.reader import DRIVEN, Readers
from tests.browser.staff import at_work, end_all, enter, fill_in, signed_in
from tests.publishing.writing import BASE, published, save

pytestmark = [*DRIVEN, pytest.mark.parametrize("database", ["sqlite"])]

DESK, SIGN_IN, STAY = "/ban-bien-tap/soan", "/ban-bien-tap/dang-nhap", "**/tiep-tuc"
GO_ON = "Tiếp tục làm việc"
WARNING = re.compile("Phiên làm việc sẽ hết hạn sau [45] phút.")
OVER = "Phiên đã hết hạn. Hãy đăng nhập lại để tiếp tục."
OVER_KEPT = "Phiên đã hết hạn. Nội dung đang soạn được giữ lại; hãy đăng nhập lại để tiếp tục."
TYPED = "Kế hoạch truyền thông năm 2022"


@pytest.fixture
def near(near: NamedSite) -> NamedSite:
    with_a_desk(near.app)
    return near


def shorten(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    """Have sessions end so many seconds after the last work, each piece of which is noted."""
    monkeypatch.setattr(sessions, "IDLE_MS", seconds * 1000)
    monkeypatch.setattr(sessions, "NOTED_AFTER_MS", 0)


def opened(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto(DESK)
    return page


def test_five_minutes_before_the_end_a_bar_asks_to_go_on(
    near: NamedSite, staff: BrowserContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    shorten(monkeypatch, 304)
    page = opened(staff)
    button = page.get_by_role("button", name=GO_ON)
    expect(button).to_be_hidden()
    page.get_by_label("Nội dung").focus()
    expect(page.get_by_text(WARNING)).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 640})
    page.evaluate("document.querySelector('textarea').rows = 90, scrollTo(0, 1500)")
    expect(button).to_be_in_viewport(ratio=1)
    check(page)
    shorten(monkeypatch, 3600)
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_be_hidden()
    expect(page.get_by_label("Nội dung")).to_be_focused()


def test_going_on_in_one_tab_is_learnt_in_the_others(
    near: NamedSite, staff: BrowserContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    shorten(monkeypatch, 302)
    tabs = [opened(staff), opened(staff)]
    for tab in tabs:
        expect(tab.get_by_text(WARNING)).to_be_visible()
    shorten(monkeypatch, 3600)
    tabs[0].get_by_role("button", name=GO_ON).click()
    for tab in tabs:
        expect(tab.get_by_text(WARNING)).to_be_hidden()


def test_who_works_elsewhere_is_not_warned(near: NamedSite, staff: BrowserContext, monkeypatch: pytest.MonkeyPatch) -> None:
    shorten(monkeypatch, 302)
    page = staff.new_page()
    with page.expect_response("**/con-lai") as asked:
        page.goto(DESK)
        shorten(monkeypatch, 3600)
    assert asked.value.json()["left"] > 3_000
    expect(page.get_by_role("button", name=GO_ON)).to_be_hidden()


def test_a_failed_asking_is_said_in_the_bar(near: NamedSite, staff: BrowserContext, monkeypatch: pytest.MonkeyPatch) -> None:
    shorten(monkeypatch, 300)
    page = opened(staff)
    page.route(STAY, lambda route: route.abort())
    page.get_by_role("button", name=GO_ON).click()
    expect(page.locator("[data-words]")).to_have_text("Chưa thực hiện được. Hãy tải lại trang rồi thử lại.")


def test_the_end_is_said_and_the_text_comes_back_after_signing_in(
    near: NamedSite, staff: BrowserContext, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    shorten(monkeypatch, 3)
    page = opened(staff)
    page.get_by_label("Nội dung").fill(TYPED)
    page.get_by_label("Ghim").check()
    page.get_by_label("Loại").select_option("b")
    page.get_by_label("Mật khẩu").fill("bí mật của tôi")
    page.get_by_label("Mã").fill("123456")
    expect(page.get_by_text(OVER_KEPT)).to_be_visible()
    check(page)
    stored = kept(page)
    assert TYPED in stored
    assert "bí mật" not in stored
    assert "123456" not in stored
    assert "token" not in stored

    end_all()
    shorten(monkeypatch, 3600)
    page.locator("#session").get_by_role("link", name="Đăng nhập").click()
    fill_in(page, user)
    page.wait_for_url("**" + DESK)

    expect(page.get_by_text("Nội dung bạn đang soạn vẫn còn.")).to_be_visible()
    expect(page.get_by_label("Nội dung")).to_have_value("")
    check(page)
    page.get_by_role("button", name="Lấy lại").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Nội dung")).to_have_value(TYPED)
    expect(page.get_by_label("Nội dung")).to_be_focused()
    expect(page.get_by_label("Ghim")).to_be_checked()
    expect(page.get_by_label("Loại")).to_have_value("b")
    expect(page.get_by_label("Mật khẩu")).to_have_value("")
    page.reload()
    expect(page.get_by_text("Nội dung bạn đang soạn vẫn còn.")).to_be_visible()


PEOPLE, UNITS = "/ban-bien-tap/nguoi-dung", "/ban-bien-tap/don-vi"


def test_a_half_typed_person_and_unit_come_back_after_signing_in(near: NamedSite, readers: Readers) -> None:
    user, secret = with_app("administrator")
    person, unit = cast.somebody("editor", unit=cast.a_unit()), cast.a_unit("Văn phòng")
    context = signed_in(near, readers, user)
    typed = {
        f"{PEOPLE}/them": {"Họ và tên": cast.PEOPLE["publisher"], "Thư điện tử": "le.van.c@example.vn"},
        f"{PEOPLE}/{person.id}": {"Họ và tên": cast.PEOPLE["publisher"], "Thư điện tử": "moi@example.vn"},
        UNITS: {"Tên đơn vị": "Phòng Kế hoạch"},
        f"{UNITS}/{unit}": {"Tên đơn vị": "Văn phòng Sở"},
    }
    page = context.new_page()
    for path, fields in typed.items():
        page.goto(path)
        for label, text in fields.items():
            page.get_by_label(label).fill(text)
        if path.startswith(PEOPLE):
            page.get_by_label("Vai trò").select_option("publisher")
    end_all()
    page.get_by_role("button", name="Lưu").click()
    page.goto(next(iter(typed)))
    fill_in(page, user)
    page.get_by_label("Mã xác thực (6 số)").fill(code_of(secret))
    page.get_by_role("button", name="Tiếp tục").click()
    page.wait_for_url("**" + next(iter(typed)))
    for path, fields in typed.items():
        page.goto(path)
        check(page)
        page.get_by_role("button", name="Lấy lại").click()
        for label, text in fields.items():
            expect(page.get_by_label(label)).to_have_value(text)
        if path.startswith(PEOPLE):
            expect(page.get_by_label("Vai trò")).to_have_value("publisher")
    assert cast.PASSWORD not in kept(page)
    page.goto(UNITS)
    page.get_by_role("button", name="Lấy lại").click()
    page.get_by_role("button", name="Thêm").click()
    expect(page.get_by_role("status")).to_contain_text("Đã thêm đơn vị")
    expect(page.get_by_role("button", name="Lấy lại")).to_have_count(0)


def test_a_half_typed_reason_for_many_and_what_was_chosen_come_back_too(near: NamedSite, readers: Readers) -> None:
    author, publisher = cast.somebody("author", unit=cast.a_unit()), cast.somebody("publisher")
    piece_id = published(near.app, author, publisher)
    save(near.app, piece_id, author, title="Kế hoạch của A")
    beside = save(near.app, piece_id, publisher, base=1, title="Kế hoạch của C")
    page = at_work(near, readers, publisher)
    taking_down, choosing = f"{BASE}/go?bai={piece_id}", f"{BASE}/{piece_id}/chon/{beside.number}"
    page.goto(taking_down)
    page.get_by_label("Lý do").fill("Đã có văn bản thay")
    page.goto(choosing)
    mine = page.get_by_role("group", name="Tiêu đề").get_by_role("radio").first
    mine.check()
    end_all()
    page.get_by_role("button", name="Lưu nội dung đã chọn").click()
    enter(page.context, near, publisher)
    page.goto(choosing)
    expect(mine).not_to_be_checked()
    page.get_by_role("button", name="Lấy lại").click()
    expect(mine).to_be_checked()
    page.goto(taking_down)
    page.get_by_role("button", name="Lấy lại").click()
    expect(page.get_by_label("Lý do")).to_have_value("Đã có văn bản thay")


def test_a_session_that_was_ended_elsewhere_loses_no_text(near: NamedSite, staff: BrowserContext, user: User) -> None:
    page = opened(staff)
    page.get_by_label("Nội dung").fill(TYPED)
    end_all()
    page.get_by_role("button", name="Gửi").click()
    page.goto(DESK)
    fill_in(page, user)
    page.wait_for_url("**" + DESK)
    page.get_by_role("button", name="Lấy lại").click()
    expect(page.get_by_label("Nội dung")).to_have_value(TYPED)


def test_where_nothing_was_typed_only_the_end_is_said(
    near: NamedSite, staff: BrowserContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    shorten(monkeypatch, 2)
    page = opened(staff)
    expect(page.get_by_text(OVER)).to_be_visible()


def test_what_was_sent_is_not_offered_again(near: NamedSite, staff: BrowserContext) -> None:
    page = opened(staff)
    page.get_by_label("Nội dung").fill(TYPED)
    page.get_by_role("button", name="Gửi").click()
    page.wait_for_url("**xong=gui")
    expect(page.get_by_text("Nội dung bạn đang soạn vẫn còn.")).to_have_count(0)
    assert kept(page) == "[]"


def test_what_was_refused_is_kept(near: NamedSite, staff: BrowserContext) -> None:
    page = opened(staff)
    page.get_by_label("Nội dung").fill("sai")
    page.get_by_role("button", name="Gửi").click()
    expect(page.get_by_label("Nội dung")).to_have_value("sai")
    expect(page.get_by_role("button", name="Lấy lại")).to_have_count(0)
    page.goto(DESK)
    page.get_by_role("button", name="Lấy lại").click()
    expect(page.get_by_label("Nội dung")).to_have_value("sai")


def test_what_was_dropped_is_gone_and_newer_text_does_not_replace_what_is_offered(near: NamedSite, staff: BrowserContext) -> None:
    page = opened(staff)
    page.get_by_label("Nội dung").fill(TYPED)
    page.reload()
    page.get_by_label("Nội dung").fill("Mới hơn")
    page.reload()
    page.get_by_role("button", name="Bỏ", exact=True).click()
    page.get_by_role("button", name="Lấy lại").click()
    expect(page.get_by_label("Nội dung")).to_have_value(TYPED)
    page.reload()
    page.get_by_role("button", name="Bỏ", exact=True).click()
    expect(page.get_by_label("Nội dung")).to_be_focused()
    assert kept(page) == "[]"


def test_another_user_of_the_computer_is_offered_nothing(near: NamedSite, staff: BrowserContext) -> None:
    page = opened(staff)
    page.get_by_label("Nội dung").fill(TYPED)
    page.reload()
    enter(staff, near, cast.somebody("editor"))
    page.goto(DESK)
    expect(page.get_by_role("button", name="Lấy lại")).to_have_count(0)


def test_signing_out_leaves_nothing_behind(near: NamedSite, staff: BrowserContext) -> None:
    page = opened(staff)
    page.get_by_label("Nội dung").fill(TYPED)
    page.reload()
    expect(page.get_by_role("button", name="Lấy lại")).to_be_visible()
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url("**" + SIGN_IN)
    assert kept(page) == "[]"


def test_text_that_nobody_came_back_for_is_erased_after_a_week(near: NamedSite, staff: BrowserContext) -> None:
    page = opened(staff)
    old = clock.now_ms() - 8 * clock.DAY
    page.evaluate(f"localStorage.setItem('kept:9:/x', JSON.stringify([{{at: {old}, fields: []}}]))")
    page.reload()
    assert kept(page) == "[]"
