"""Passkeys in Chromium, with its own virtual authenticator: added, signing in alone, thought better of, removed."""

import pytest
from flask import Flask
from playwright.sync_api import CDPSession, Page, expect

from portal.accounts.models import User
from tests import cast
from tests.browser.barriers import check, demand_room_for_thumbs
from tests.browser.near import NamedSite
from tests.browser.reader import DRIVEN, Readers
from tests.browser.staff import enter

pytestmark = [*DRIVEN, pytest.mark.parametrize("database", ["sqlite"])]

KEYS, SIGN_IN, SECOND = (f"/ban-bien-tap/{name}" for name in ("khoa", "dang-nhap", "ma-xac-thuc"))
WITH = "Dùng khóa truy cập (passkey)"


@pytest.fixture
def user(app: Flask) -> User:
    return cast.somebody("publisher", password=cast.PASSWORD)


def device_of(page: Page, *, willing: bool = True) -> tuple[CDPSession, str]:
    """Give a page's browser an authenticator that verifies its user at once, or refuses to."""
    driver = page.context.new_cdp_session(page)
    driver.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    made = driver.send("WebAuthn.addVirtualAuthenticator", {"options": {**kind, "isUserVerified": willing}})
    return driver, made["authenticatorId"]


def opened(site: NamedSite, readers: Readers, user: User | None, **options: object) -> Page:
    context = readers.new(site, **options)
    if user is not None:
        enter(context, site, user)
    return context.new_page()


def add(page: Page, name: str = "Máy tính cơ quan") -> None:
    page.goto(KEYS)
    page.get_by_label("Tên").last.fill(name)
    page.get_by_label("Mật khẩu hiện tại").fill(cast.PASSWORD)
    page.get_by_role("button", name="Thêm khóa truy cập").click()
    expect(page.get_by_role("status")).to_contain_text("Đã thêm khóa truy cập.")


def test_a_passkey_is_added_signs_in_alone_and_is_removed(near: NamedSite, readers: Readers, user: User) -> None:
    page = opened(near, readers, user)
    device_of(page)
    add(page)
    page.get_by_label("Mật khẩu hiện tại").fill(cast.PASSWORD)
    add_again = page.get_by_role("button", name="Thêm khóa truy cập")
    add_again.click()
    expect(page.locator("[data-said]")).to_have_text("Thiết bị này đã có khóa truy cập của bạn.")
    expect(add_again).to_be_focused()

    page.get_by_role("button", name="Đăng xuất").click()
    page.get_by_role("button", name=WITH).click()
    page.wait_for_url("**/ban-bien-tap")
    expect(page.get_by_text(user.name).first).to_be_visible()

    page.goto(KEYS)
    expect(page.get_by_text("Dùng lần cuối lúc")).to_be_visible()
    page.locator("summary", has_text="Xóa").click()
    page.get_by_role("button", name="Xóa khóa truy cập này").click()
    expect(page.get_by_role("alert")).to_contain_text("Vai trò của bạn cần bước xác thực thứ hai")


def test_after_the_password_it_is_the_second_step(near: NamedSite, readers: Readers, user: User) -> None:
    page = opened(near, readers, user)
    device_of(page)
    add(page)
    page.get_by_role("button", name="Đăng xuất").click()
    page.get_by_label("Thư điện tử").fill(user.email)
    page.get_by_label("Mật khẩu").fill(cast.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**" + SECOND)
    expect(page.get_by_text("Xác nhận bằng khóa truy cập (passkey) của bạn")).to_be_visible()
    expect(page.get_by_label("Mã", exact=False)).to_have_count(0)
    check(page)
    page.get_by_role("button", name=WITH).click()
    page.wait_for_url("**/ban-bien-tap")


def test_thinking_better_of_it_is_no_mistake(near: NamedSite, readers: Readers, user: User) -> None:
    page = opened(near, readers, user)
    device_of(page, willing=False)
    page.goto(KEYS)
    page.get_by_label("Mật khẩu hiện tại").fill(cast.PASSWORD)
    button = page.get_by_role("button", name="Thêm khóa truy cập")
    button.click()
    expect(button).to_be_enabled()
    expect(button).to_be_focused()
    expect(page.locator("[data-said]")).to_have_text("")
    expect(page.get_by_text("Bạn chưa có khóa truy cập nào.")).to_be_visible()


def test_the_password_can_be_shown_before_a_passkey_is_added(near: NamedSite, readers: Readers, user: User) -> None:
    page = opened(near, readers, user)
    device_of(page)
    page.goto(KEYS)
    typed = page.locator("#again")
    typed.fill(cast.PASSWORD)
    page.get_by_role("button", name="Hiện mật khẩu").click()
    expect(typed).to_have_attribute("type", "text")
    check(page)
    expect(page.get_by_text("Bạn chưa có khóa truy cập nào.")).to_be_visible()
    page.get_by_role("button", name="Thêm khóa truy cập").click()
    expect(page.get_by_role("status")).to_contain_text("Đã thêm khóa truy cập.")


def test_a_wrong_password_is_said_at_its_field(near: NamedSite, readers: Readers, user: User) -> None:
    page = opened(near, readers, user)
    device_of(page)
    page.goto(KEYS)
    field = page.get_by_label("Mật khẩu hiện tại")
    field.fill("sai")
    page.get_by_role("button", name="Thêm khóa truy cập").click()
    expect(page.locator("[data-said]")).to_contain_text("Mật khẩu hiện tại chưa đúng")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    assert "again-said" in (field.get_attribute("aria-describedby") or "")
    check(page)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    field.fill(cast.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Đã thêm khóa truy cập.")
    assert [("again=" in one, "answer=" in one) for one in sent if one] == [(True, False), (False, True)]


def test_a_passkey_that_was_removed_here_is_refused_in_words(near: NamedSite, readers: Readers) -> None:
    page = opened(near, readers, cast.somebody("author", password=cast.PASSWORD))
    device_of(page)
    add(page)
    page.locator("summary", has_text="Xóa").click()
    page.get_by_role("button", name="Xóa khóa truy cập này").click()
    expect(page.get_by_role("status")).to_contain_text("Đã xóa khóa truy cập")
    page.get_by_role("button", name="Đăng xuất").click()
    page.get_by_role("button", name=WITH).click()
    expect(page.locator("[data-said]")).to_have_text(
        "Chưa đăng nhập được bằng khóa truy cập. Hãy thử lại hoặc đăng nhập bằng mật khẩu."
    )


def test_a_lost_connection_is_said(near: NamedSite, readers: Readers, user: User) -> None:
    page = opened(near, readers, None)
    page.goto(SIGN_IN)
    page.route("**/cau-hoi", lambda route: route.abort())
    page.get_by_role("button", name=WITH).click()
    expect(page.locator("[data-said]")).to_have_text("Chưa thực hiện được. Hãy tải lại trang rồi thử lại.")


def test_it_is_offered_only_where_the_browser_can(near: NamedSite, readers: Readers) -> None:
    page = opened(near, readers, None)
    page.goto(SIGN_IN)
    expect(page.get_by_role("button", name=WITH)).to_be_visible()
    page.add_init_script("delete window.PublicKeyCredential")
    page.reload()
    expect(page.get_by_role("button", name=WITH)).to_be_hidden()
    plain = opened(near, readers, None, java_script_enabled=False)
    plain.goto(SIGN_IN)
    expect(plain.get_by_role("button", name=WITH)).to_be_hidden()
    expect(plain.get_by_role("button", name="Đăng nhập", exact=True)).to_be_visible()


def test_a_keyboard_alone_renames(near: NamedSite, readers: Readers, user: User) -> None:
    page = opened(near, readers, user)
    device_of(page)
    add(page)
    page.locator("summary", has_text="Đổi tên").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("Điện thoại")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Điện thoại")).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_has_no_barrier_and_nothing_to_scroll_sideways(
    near: NamedSite, readers: Readers, user: User, width: int
) -> None:
    page = opened(near, readers, user, viewport={"width": width, "height": 800}, color_scheme="light")
    device_of(page)
    page.goto(KEYS)
    check(page)
    add(page, "Máy tính cơ quan " + "dài" * 20)
    for summary in page.locator("summary").all():
        summary.click()
    check(page)
    demand_room_for_thumbs(page)
