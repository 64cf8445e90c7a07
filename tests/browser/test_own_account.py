"""One's own account in a real browser: a first sign-in from zero, with the keyboard alone, without scripts, on a phone."""

from playwright.sync_api import expect

from portal.accounts import totp
from tests import cast
from tests.accounts.own import ACCOUNT, a_passkey, a_trusted_device, code_of, secret_on, with_app
from tests.browser.barriers import check
from tests.browser.keyboard import press, type_into
from tests.browser.reader import DRIVEN, Readers
from tests.browser.site import Site
from tests.browser.staff import sign_in

pytestmark = DRIVEN

PHONE = {"width": 360, "height": 740}


def test_a_publisher_comes_from_zero_to_the_account_by_keyboard_without_scripts(site: Site, readers: Readers) -> None:
    user = cast.somebody("publisher", password=cast.PASSWORD)
    page = readers.open(site, ACCOUNT, viewport=PHONE, java_script_enabled=False)
    type_into(page, "Thư điện tử", user.email)
    type_into(page, "Mật khẩu", cast.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thiết lập ứng dụng xác thực")
    picture = page.get_by_role("img", name="Mã QR")
    expect(picture).to_be_visible()

    type_into(page, "Mã xác thực (6 số)", "000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Mã này chưa đúng.")

    secret = secret_on(page.content())
    page.reload()
    type_into(page, "Mã xác thực (6 số)", code_of(secret))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mã dự phòng")
    expect(page.locator(".factor-codes li")).to_have_count(totp.RECOVERY_CODES)
    codes = page.locator(".factor-codes code").all_inner_texts()
    with page.expect_download() as downloaded:
        press(page, "button", "Tải về dạng văn bản")
    assert downloaded.value.suggested_filename == "ma-du-phong.txt"
    assert downloaded.value.path().read_text("utf-8").split()[-totp.RECOVERY_CODES :] == codes
    press(page, "link", "Tôi đã cất mã, tiếp tục")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tài khoản của tôi")
    expect(page.get_by_text("Số mã dự phòng còn lại: 10.")).to_be_visible()


def test_no_page_has_a_barrier_or_is_wider_than_a_phone(site: Site, readers: Readers) -> None:
    user, secret = with_app("author")
    page = readers.new(site, viewport=PHONE).new_page()
    sign_in(page, user)
    check(page)
    page.get_by_label("Mã xác thực (6 số)").fill(code_of(secret))
    page.get_by_role("button", name="Tiếp tục").click()
    cast.session_of(user, device="Chrome, Android")
    cast.session_of(user)
    for name in ("Firefox, Linux", "Edge, Windows"):
        a_trusted_device(user, name)
    for path in ("?xong=phien", "/mat-khau", "/ma-du-phong", "/bo-buoc-hai"):
        page.goto(ACCOUNT + path)
        check(page)
    page.get_by_label("Mã xác thực (6 số)").fill("000")
    page.get_by_role("button", name="Gỡ ứng dụng").click()
    expect(page.get_by_role("alert")).to_be_visible()
    check(page)


def test_setting_up_has_no_barrier(site: Site, readers: Readers) -> None:
    user = cast.somebody("publisher", password=cast.PASSWORD)
    page = readers.new(site, viewport=PHONE).new_page()
    sign_in(page, user)
    check(page)
    assert page.locator(".factor-qr").evaluate("picture => picture.complete && picture.naturalWidth > 0")
    page.get_by_label("Mã xác thực (6 số)").fill(code_of(secret_on(page.content())))
    page.get_by_role("button", name="Xác nhận").click()
    expect(page.locator(".factor-codes li")).to_have_count(totp.RECOVERY_CODES)
    check(page)


def test_who_is_signed_in_gives_the_password_for_a_new_app_by_keyboard(site: Site, readers: Readers) -> None:
    user = cast.somebody("author", password=cast.PASSWORD)
    a_passkey(user)
    page = readers.new(site, viewport=PHONE).new_page()
    sign_in(page, user)
    page.goto(ACCOUNT)
    expect(page.get_by_text("1 khóa truy cập (passkey) mở được tài khoản này")).to_be_visible()
    page.get_by_role("link", name="Thiết lập ứng dụng").click()
    check(page)
    for password, heading in (("sai", "Thiết lập ứng dụng xác thực"), (cast.PASSWORD, "Mã dự phòng")):
        type_into(page, "Mã xác thực (6 số)", code_of(secret_on(page.content())))
        type_into(page, "Mật khẩu hiện tại", password)
        page.keyboard.press("Enter")
        page.wait_for_load_state()
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        check(page)
        page.evaluate("document.activeElement.blur()")
    expect(page.locator(".factor-codes li")).to_have_count(totp.RECOVERY_CODES)


def test_another_session_is_ended_from_the_list_and_then_all_others(site: Site, readers: Readers) -> None:
    user = cast.somebody("author", password=cast.PASSWORD)
    here, there, elsewhere = (readers.new(site).new_page() for _ in range(3))
    for page in (here, there, elsewhere):
        sign_in(page, user)
        page.goto(ACCOUNT)
        expect(page.get_by_role("heading", level=1)).to_have_text("Tài khoản của tôi")
    here.reload()
    expect(here.get_by_text("phiên này")).to_have_count(1)
    ends = here.get_by_role("button", name="Kết thúc Chrome, Linux")
    expect(ends).to_have_count(2)
    ends.first.click()
    expect(here.get_by_role("status")).to_have_text("Đã kết thúc phiên.")
    here.get_by_role("button", name="Kết thúc tất cả các phiên khác").click()
    for page in (there, elsewhere):
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text("Đăng nhập")
    here.reload()
    expect(here.get_by_role("heading", level=1)).to_have_text("Tài khoản của tôi")


def test_a_changed_password_ends_the_other_browser_and_not_this_one(site: Site, readers: Readers) -> None:
    user = cast.somebody("author", password=cast.PASSWORD)
    here, there = (readers.new(site).new_page() for _ in range(2))
    for page in (here, there):
        sign_in(page, user)
        page.goto(ACCOUNT)
    here.get_by_role("link", name="Đổi mật khẩu").click()
    here.get_by_label("Mật khẩu hiện tại").fill(cast.PASSWORD)
    here.get_by_label("Mật khẩu mới", exact=True).fill("chùa Ông dưới núi Thiên Ấn")
    here.get_by_label("Nhập lại mật khẩu mới").fill("chùa Ông dưới núi Thiên Ấn")
    here.get_by_role("button", name="Đổi mật khẩu").click()
    expect(here.get_by_role("status")).to_contain_text("Đã đổi mật khẩu.")
    there.reload()
    expect(there.get_by_role("heading", level=1)).to_have_text("Đăng nhập")
