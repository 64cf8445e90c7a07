"""Signing in and the audit's page in a real browser: by keyboard, without scripts, on a phone, in the dark."""

import pytest
from playwright.sync_api import Page, expect

from portal.accounts.models import User
from portal.audit import record, vocabulary
from portal.core import clock
from portal.core.db import write
from tests import cast
from tests.browser.barriers import check
from tests.browser.reader import DRIVEN, Readers
from tests.browser.site import Site
from tests.browser.staff import SIGN_IN, at_work, fill_in

pytestmark = DRIVEN

AUDIT = "/ban-bien-tap/nhat-ky"
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}


@pytest.fixture
def author(site: Site) -> User:
    return cast.somebody("author", password=cast.PASSWORD)


def as_administrator(readers: Readers, site: Site, **options: object) -> Page:
    """Return the page of an administrator who is signed in; many entries are there."""
    user = cast.somebody("administrator")
    write(lambda session: [record(session, vocabulary.SIGN_OUT, actor=user, thing=f"user:{user.id}") for _ in range(60)])
    return at_work(site, readers, user, **options)


def is_too_wide(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@pytest.mark.parametrize("scripts", [True, False])
def test_somebody_signs_in_where_they_wanted_to_go_and_out(site: Site, readers: Readers, author: User, scripts: bool) -> None:
    page = readers.open(site, "/ban-bien-tap/tai-khoan", java_script_enabled=scripts)
    expect(page).to_have_url(f"{site.url}{SIGN_IN}?next=/ban-bien-tap/tai-khoan")
    fill_in(page, author)
    expect(page).to_have_url(f"{site.url}/ban-bien-tap/tai-khoan")
    expect(page.get_by_role("banner")).to_contain_text(cast.PEOPLE["author"])
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page).to_have_url(site.url + SIGN_IN)
    page.goto("/ban-bien-tap/tai-khoan")
    expect(page.get_by_role("heading", level=1)).to_have_text("Đăng nhập")


def test_a_wrong_password_keeps_the_address_and_says_why(site: Site, readers: Readers, author: User) -> None:
    page = readers.open(site, SIGN_IN)
    fill_in(page, author, "một mật khẩu khác")
    expect(page.get_by_role("alert")).to_contain_text("Chưa đăng nhập được")
    expect(page.get_by_label("Thư điện tử")).to_have_value(author.email)
    expect(page.get_by_label("Mật khẩu", exact=True)).to_have_value("")
    check(page)
    fill_in(page, author)
    expect(page).to_have_url(f"{site.url}/ban-bien-tap")


def test_the_keyboard_alone_signs_in(site: Site, readers: Readers, author: User) -> None:
    page = readers.open(site, SIGN_IN)
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "email":
            break
    page.keyboard.type(author.email)
    page.keyboard.press("Tab")
    page.keyboard.insert_text(cast.PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site.url}/ban-bien-tap")


def test_a_password_is_shown_by_keyboard_and_hidden_again_before_it_is_sent(site: Site, readers: Readers, author: User) -> None:
    page = readers.open(site, SIGN_IN, viewport=PHONE)
    password, shown = page.get_by_label("Mật khẩu", exact=True), page.get_by_role("button", name="Hiện mật khẩu")
    page.get_by_label("Thư điện tử").fill(author.email)
    password.fill("một mật khẩu khác")
    expect(shown).to_have_attribute("aria-pressed", "false")
    expect(shown).to_have_accessible_description("Mật khẩu")
    page.keyboard.press("Tab")
    expect(shown).to_be_focused()
    page.keyboard.press("Space")
    expect(shown).to_have_attribute("aria-pressed", "true")
    expect(password).to_have_attribute("type", "text")
    expect(password).to_have_value("một mật khẩu khác")
    assert not is_too_wide(page)
    assert (shown.bounding_box() or {})["height"] >= 44
    check(page)
    page.keyboard.press("Space")
    expect(password).to_have_attribute("type", "password")
    page.keyboard.press("Space")
    page.evaluate("addEventListener('pagehide', () => sessionStorage.sentAs = document.getElementById('password').type)")
    password.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    assert page.evaluate("sessionStorage.sentAs") == "password"


def test_without_scripts_no_button_promises_to_show_a_password(site: Site, readers: Readers) -> None:
    page = readers.open(site, SIGN_IN, java_script_enabled=False)
    expect(page.get_by_role("button", name="Hiện mật khẩu")).to_be_hidden()


def test_each_password_of_a_form_is_shown_by_itself(site: Site, readers: Readers, author: User) -> None:
    page = readers.open(site, SIGN_IN, viewport=PHONE)
    fill_in(page, author)
    page.goto("/ban-bien-tap/tai-khoan/mat-khau")
    buttons = page.get_by_role("button", name="Hiện mật khẩu")
    expect(buttons).to_have_count(3)
    buttons.nth(1).click()
    types = page.locator(".field-secret input").evaluate_all("fields => fields.map(field => field.type)")
    assert types == ["password", "text", "password"]
    assert not is_too_wide(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_sign_in_page_fits_a_phone_and_has_no_barrier(site: Site, readers: Readers, scheme: str) -> None:
    page = readers.open(site, SIGN_IN, viewport=PHONE, color_scheme=scheme)
    assert not is_too_wide(page)
    check(page)


@pytest.mark.parametrize("viewport", [PHONE, DESK])
def test_the_audit_fits_and_has_no_barrier(site: Site, readers: Readers, viewport: dict[str, int]) -> None:
    page = as_administrator(readers, site, viewport=viewport, color_scheme="light")
    page.goto(AUDIT)
    expect(page.get_by_role("row")).to_have_count(51)
    assert not is_too_wide(page)
    check(page)


def test_filters_and_pages_work_in_place_and_the_way_back_too(site: Site, readers: Readers) -> None:
    page = as_administrator(readers, site)
    page.goto(AUDIT)
    page.evaluate("window.stayed = true")
    page.get_by_label("Việc đã làm").select_option("sign_out")
    page.get_by_role("button", name="Lọc").click()
    expect(page).to_have_url(f"{site.url}{AUDIT}?viec=sign_out")
    page.get_by_role("link", name="Mục cũ hơn").click()
    expect(page.get_by_role("link", name="Mục mới hơn")).to_be_visible()
    expect(page.get_by_label("Việc đã làm")).to_have_value("sign_out")
    assert page.evaluate("window.stayed") is True
    page.go_back()
    expect(page.get_by_role("link", name="Mục cũ hơn")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nhật ký")


def test_a_mistake_is_said_in_place(site: Site, readers: Readers) -> None:
    page = as_administrator(readers, site)
    page.goto(AUDIT)
    page.get_by_label("Đối tượng").fill("ai đó")
    page.get_by_role("button", name="Lọc").click()
    expect(page.locator("#vao-said")).to_contain_text("user:12")
    expect(page.get_by_label("Đối tượng")).to_have_value("ai đó")
    check(page)


def test_without_scripts_it_filters_and_downloads(site: Site, readers: Readers) -> None:
    page = as_administrator(readers, site, java_script_enabled=False)
    page.goto(AUDIT)
    page.get_by_label("Đối tượng").fill("user:999999")
    page.get_by_role("button", name="Lọc").click()
    expect(page.get_by_text("Không có mục nào phù hợp.")).to_be_visible()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Tải về dạng CSV").click()
    today = clock.day_of(clock.now_ms()).isoformat()
    assert taken.value.suggested_filename == f"nhat-ky-{today}.csv"
