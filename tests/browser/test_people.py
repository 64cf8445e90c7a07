"""An administrator adds a person and hands over a link; that person chooses a password and signs in."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests import cast
from tests.browser.barriers import check
from tests.browser.reader import DRIVEN, Readers
from tests.browser.site import Site
from tests.browser.staff import at_work

pytestmark = DRIVEN

PASSWORD = "gió Sa Huỳnh thổi muối trắng"
PEOPLE = "/ban-bien-tap/nguoi-dung"


def add(page: Page, email: str) -> None:
    """Add somebody of the cast with the form that is open."""
    page.get_by_label("Họ và tên").fill(cast.PEOPLE["editor"])
    page.get_by_label("Thư điện tử").fill(email)
    page.get_by_label("Vai trò").select_option("editor")
    page.get_by_role("button", name="Thêm").click()
    expect(page.get_by_role("status")).to_contain_text("Đã thêm tài khoản")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_person_is_added_and_signs_in_with_a_password_of_their_own(site: Site, readers: Readers, *, scripts: bool) -> None:
    email = f"tran.b.{'co' if scripts else 'khong'}@example.vn"
    page = at_work(site, readers, cast.somebody("administrator"), java_script_enabled=scripts)
    page.goto(PEOPLE)
    page.get_by_role("link", name="Thêm người dùng").click()
    add(page, email)
    page.get_by_role("button", name="Tạo liên kết").click()
    link = page.get_by_label("Liên kết", exact=True).input_value()
    assert link.startswith(f"{site.url}/ban-bien-tap/dat-mat-khau/")

    guest = readers.open(site, link, java_script_enabled=scripts)
    guest.get_by_label("Mật khẩu mới").fill(PASSWORD)
    guest.get_by_label("Nhập lại mật khẩu").fill(PASSWORD)
    guest.get_by_role("button", name="Lưu mật khẩu").click()
    expect(guest.get_by_role("status")).to_contain_text("Bạn có thể đăng nhập")
    guest.get_by_role("main").get_by_role("link", name="Đăng nhập").click()
    guest.get_by_label("Thư điện tử").fill(email)
    guest.get_by_label("Mật khẩu").fill(PASSWORD)
    guest.get_by_role("button", name="Đăng nhập").click()
    expect(guest.get_by_text(cast.PEOPLE["editor"]).first).to_be_visible()

    guest.goto(link)
    expect(guest.get_by_role("heading", level=1)).to_have_text("Liên kết này không còn dùng được")


def test_the_key_of_a_link_is_in_no_referrer_and_the_form_says_where_it_comes_from(site: Site, readers: Readers) -> None:
    page = at_work(site, readers, cast.somebody("administrator"))
    page.goto(f"{PEOPLE}/{cast.somebody('editor').id}")
    page.get_by_role("button", name="Tạo liên kết").click()
    link = page.get_by_label("Liên kết", exact=True).input_value()
    guest = readers.new(site).new_page()
    told: list[str] = []
    posted: list[str] = []
    guest.on("request", lambda request: told.append(request.all_headers().get("referer", "")))
    guest.on(
        "request", lambda request: posted.append(request.all_headers().get("origin", "")) if request.method == "POST" else None
    )
    guest.goto(link)
    guest.get_by_label("Mật khẩu mới").fill("ngắn")
    guest.get_by_label("Nhập lại mật khẩu").fill("ngắn")
    guest.get_by_role("button", name="Lưu mật khẩu").click()
    expect(guest.get_by_role("alert")).to_be_visible()
    guest.get_by_role("banner").get_by_role("link").first.click()
    key = link.rpartition("/")[2]
    assert len(told) > 3
    assert not any(key in referrer for referrer in told)
    assert posted == [site.url]


def test_no_page_has_a_barrier_or_is_wider_than_a_phone(site: Site, readers: Readers) -> None:
    page = at_work(site, readers, cast.somebody("administrator"), viewport={"width": 360, "height": 740}, color_scheme="light")
    unit, person = cast.a_unit(), cast.somebody("publisher", email="mot.dia.chi.thu.dien.tu.rat.dai.cua.van.phong@example.vn")
    paths = [PEOPLE, f"{PEOPLE}/them", f"{PEOPLE}/{person.id}", "/ban-bien-tap/don-vi", f"/ban-bien-tap/don-vi/{unit}"]
    for path in [*paths, "/ban-bien-tap/dat-mat-khau/khong-co", "/ban-bien-tap/da-dat-mat-khau"]:
        page.goto(path)
        check(page)
    page.goto(f"{PEOPLE}/{person.id}")
    page.get_by_role("button", name="Tạo liên kết").click()
    check(page)
    page.goto(page.get_by_label("Liên kết", exact=True).input_value())
    page.get_by_label("Mật khẩu mới").fill("ngắn")
    page.get_by_label("Nhập lại mật khẩu").fill("khác")
    page.get_by_role("button", name="Lưu mật khẩu").click()
    expect(page.get_by_role("alert")).to_be_visible()
    check(page)


def test_a_person_is_found_added_and_disabled_with_the_keyboard_alone(site: Site, readers: Readers) -> None:
    page = at_work(site, readers, cast.somebody("administrator"))
    page.goto(f"{PEOPLE}/them")
    page.get_by_label("Họ và tên").focus()
    for typed in (cast.PEOPLE["author"], "phim@example.vn"):
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Đã thêm tài khoản")
    page.goto(PEOPLE)
    page.get_by_label("Họ tên hoặc thư điện tử").focus()
    page.keyboard.type("phim@")
    page.keyboard.press("Enter")
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("link", name=cast.PEOPLE["author"]).focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Khóa tài khoản").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Đã khóa tài khoản")
    assert re.search(r"/\d+\?xong=khoa$", page.url)
