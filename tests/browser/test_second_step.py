"""The second step in a real browser: by keyboard alone, with a wrong code, a recovery code, a trusted device, without scripts."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from portal.accounts.models import User
from tests import cast
from tests.accounts.own import code_of, recovery_code, with_app
from tests.browser.barriers import THUMB_PX, check, demand_room_for_thumbs
from tests.browser.keyboard import tab_to
from tests.browser.reader import DRIVEN, Readers
from tests.browser.site import Site
from tests.browser.staff import sign_in

pytestmark = DRIVEN

STEP, DESK = "/ban-bien-tap/ma-xac-thuc", "/ban-bien-tap"
LABEL, TRUST, GO_ON = "Mã xác thực (6 số)", "Không hỏi mã trên máy này trong 30 ngày", "Tiếp tục"
PHONE = {"width": 360, "height": 740}


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody with an authenticator app."""

    user: User
    secret: str


@pytest.fixture
def owner(site: Site) -> Owner:
    return Owner(*with_app())


def half_way(readers: Readers, site: Site, owner: Owner, **options: object) -> Page:
    """Return a page of somebody whose password was right."""
    page = readers.new(site, **options).new_page()
    sign_in(page, owner.user)
    expect(page).to_have_url(site.url + STEP)
    return page


def assert_in(page: Page, site: Site) -> None:
    expect(page).to_have_url(site.url + DESK)
    expect(page.get_by_role("banner")).to_contain_text(cast.PEOPLE["author"])


@pytest.mark.parametrize("scripts", [True, False])
def test_the_keyboard_alone_takes_it(site: Site, readers: Readers, owner: Owner, scripts: bool) -> None:
    page = half_way(readers, site, owner, java_script_enabled=scripts)
    tab_to(page, page.get_by_label(LABEL))
    page.keyboard.type(code_of(owner.secret))
    tab_to(page, page.get_by_label(TRUST))
    tab_to(page, page.get_by_role("button", name=GO_ON))
    page.keyboard.press("Enter")
    assert_in(page, site)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_wrong_code_is_said_and_the_next_one_counts(site: Site, readers: Readers, owner: Owner, scripts: bool) -> None:
    page = half_way(readers, site, owner, java_script_enabled=scripts, viewport=PHONE)
    page.get_by_label(LABEL).fill("000")
    page.get_by_role("button", name=GO_ON).click()
    expect(page.get_by_role("alert")).to_contain_text("Mã này không đúng")
    if scripts:
        check(page)
    page.get_by_label(LABEL).fill(code_of(owner.secret))
    page.keyboard.press("Enter")
    assert_in(page, site)


def test_a_recovery_code_is_typed_into_the_same_field_which_says_so(site: Site, readers: Readers, owner: Owner) -> None:
    code = recovery_code(site.app, owner.user)
    page = half_way(readers, site, owner)
    expect(page.get_by_label(LABEL)).to_have_accessible_description("Dùng mã dự phòng nếu không có điện thoại: nhập vào ô này.")
    page.get_by_label(LABEL).fill(code.lower())
    page.keyboard.press("Enter")
    assert_in(page, site)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_device_that_is_trusted_is_not_asked_again(site: Site, readers: Readers, owner: Owner, scripts: bool) -> None:
    page = half_way(readers, site, owner, java_script_enabled=scripts)
    page.get_by_label(LABEL).fill(code_of(owner.secret))
    page.get_by_text(TRUST).click()
    expect(page.get_by_label(TRUST)).to_be_checked()
    page.get_by_role("button", name=GO_ON).click()
    assert_in(page, site)
    page.get_by_role("button", name="Đăng xuất").click()
    sign_in(page, owner.user)
    assert_in(page, site)


def test_another_browser_is_asked_all_the_same(site: Site, readers: Readers, owner: Owner) -> None:
    page = half_way(readers, site, owner)
    page.get_by_label(LABEL).fill(code_of(owner.secret))
    page.get_by_label(TRUST).check()
    page.keyboard.press("Enter")
    half_way(readers, site, owner)


@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_has_no_barrier_and_nothing_to_scroll_sideways(site: Site, readers: Readers, owner: Owner, width: int) -> None:
    page = half_way(readers, site, owner, viewport={"width": width, "height": 740}, color_scheme="light")
    check(page)
    demand_room_for_thumbs(page)
    assert (page.get_by_text(TRUST).bounding_box() or {})["height"] >= THUMB_PX
    assert page.get_by_role("heading", level=1).inner_text() in page.title()
