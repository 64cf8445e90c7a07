"""The desk in a browser: looked through in place, with the keyboard alone, without scripts, on a phone."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from portal.accounts.models import User
from portal.core import clock
from portal.core.db import write
from portal.publishing.models import Piece
from portal.publishing.rules import Step
from tests import cast
from tests.browser.barriers import check, demand_room
from tests.browser.reader import DRIVEN, Readers
from tests.browser.site import Site
from tests.browser.staff import at_work
from tests.publishing import writing

pytestmark = DRIVEN

DESK, LIST = "/ban-bien-tap", "/ban-bien-tap/bai"
LONG = "Kế hoạch phối hợp kiểm tra hoạt động đo lường, chất lượng sản phẩm trên địa bàn tỉnh trong dịp Tết Nguyên đán"


def a_publisher(site: Site) -> User:
    """Return a publisher with something of everything at the desk."""
    author, publisher = cast.somebody("author", unit=cast.a_unit()), cast.somebody("publisher", unit=cast.a_unit())
    section = cast.a_section(f"Chuyên mục {author.id}", review_hours=24)
    for title in (LONG, "Thông báo lịch trực đê"):
        piece_id = writing.a_piece(author, title=title, section_id=section)
        writing.take(site.app, Step.SUBMIT, piece_id, author)
        late = clock.now_ms() - 27 * clock.HOUR
        write(lambda session, one=piece_id: session.execute(update(Piece).where(Piece.id == one).values(waits_since=late)))
    returned = writing.a_piece(publisher, title="Báo cáo quý")
    writing.take(site.app, Step.SUBMIT, returned, publisher)
    writing.take(site.app, Step.RETURN, returned, cast.somebody("editor"), remark="Thiếu số liệu tháng 3. " * 10)
    writing.a_piece(publisher, title="Bản nháp của tôi")
    urgent, other = writing.a_piece(author, title="Tin bão"), cast.somebody("publisher")
    writing.take(site.app, Step.PUBLISH_URGENTLY, urgent, other, remark="Bão sắp vào bờ")
    scheduled = writing.a_piece(author, title="Sẽ đăng", section_id=section)
    writing.take(site.app, Step.SUBMIT, scheduled, author)
    writing.take(site.app, Step.SCHEDULE, scheduled, publisher, at=clock.now_ms() + clock.DAY)
    return publisher


def rows(page: Page) -> list[str]:
    return page.locator("tbody th a").all_inner_texts()


def check_at_every_width(page: Page) -> None:
    """Look for barriers in the layout of a phone and that of a desk, and for room between them too."""
    for width in (768, 1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        if width == 768:
            demand_room(page)
        else:
            check(page)


def test_no_page_of_the_desk_has_a_barrier_or_is_wider_than_its_screen(site: Site, readers: Readers) -> None:
    page = at_work(site, readers, a_publisher(site), color_scheme="light")
    for path in (DESK, LIST, f"{LIST}?tim=khongco", f"{LIST}?trang-thai=qua-han&sap=cho-lau"):
        page.goto(path)
        check_at_every_width(page)
    page.goto(f"{LIST}?trang-thai=cho-duyet")
    page.get_by_label("Chọn tất cả").check()
    for name in ("Chuyển chuyên mục, đơn vị", "Gỡ bài"):
        page.get_by_role("button", name=name).click()
        check_at_every_width(page)
        for reason in page.get_by_label("Lý do gỡ").all():
            reason.fill(" ")
        page.get_by_role("main").get_by_role("button").click()
        expect(page.locator("[aria-invalid]").first).to_be_visible()
        check_at_every_width(page)
        page.go_back()
        page.go_back()


def test_the_deadlines_have_no_barrier_and_are_saved(site: Site, readers: Readers) -> None:
    cast.a_section("Thời hạn thử", review_hours=24)
    page = at_work(site, readers, cast.somebody("administrator"), viewport={"width": 360, "height": 800}, color_scheme="light")
    page.goto("/ban-bien-tap/thoi-han")
    check(page)
    page.get_by_label("Thời hạn thử").fill("x")
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_text("Ghi số giờ nguyên")).to_be_visible()
    check(page)
    page.get_by_label("Thời hạn thử").fill("48")
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("status")).to_have_text("Đã lưu.")
    expect(page.get_by_label("Thời hạn thử")).to_have_value("48")


def test_the_list_changes_in_place_with_its_address_and_the_way_back(site: Site, readers: Readers) -> None:
    page = at_work(site, readers, a_publisher(site))
    page.goto(LIST)
    page.evaluate("window.same = true")
    page.get_by_label("Từ trong tiêu đề").fill("truc de")
    page.get_by_role("button", name="Lọc").click()
    expect(page).to_have_url(re.compile(r"\?tim=truc\+de"))
    assert set(rows(page)) == {"Thông báo lịch trực đê"}
    page.get_by_role("link", name="Tiêu đề", exact=True).click()
    expect(page).to_have_url(re.compile("sap=tieu-de"))
    expect(page.get_by_role("columnheader", name="Tiêu đề")).to_have_attribute("aria-sort", "ascending")
    assert page.evaluate("window.same") is True
    page.go_back()
    expect(page).to_have_url(re.compile(r"\?tim=truc\+de"))
    expect(page.get_by_label("Từ trong tiêu đề")).to_have_value("truc de")
    page.go_back()
    expect(page).to_have_url(f"{site.url}{LIST}")
    expect(page.get_by_label("Từ trong tiêu đề")).to_have_value("")


@pytest.mark.parametrize("scripts", [True, False])
def test_what_is_ticked_is_taken_down_from_the_list(site: Site, readers: Readers, *, scripts: bool) -> None:
    author, publisher = cast.somebody("author", unit=cast.a_unit()), cast.somebody("publisher")
    section = cast.a_section(f"Gỡ {author.id}")
    for title in ("Tin thứ nhất", "Tin thứ hai"):
        writing.published(site.app, author, publisher, title=title, section_id=section)
    page = at_work(site, readers, publisher, java_script_enabled=scripts)
    page.goto(f"{LIST}?chuyen-muc={section}")
    for title in ("Tin thứ nhất", "Tin thứ hai"):
        page.get_by_label(f"Chọn: {title}").check()
    page.get_by_role("button", name="Gỡ bài").click()
    page.get_by_label("Lý do gỡ").fill("Đã có văn bản thay thế.")
    page.get_by_role("button", name="Gỡ bài").click()
    expect(page.get_by_text("Đã gỡ các bài đã chọn")).to_be_visible()
    expect(page).to_have_url(re.compile(rf"\?chuyen-muc={section}&xong=go"))
    assert page.locator(".desk-state").all_inner_texts() == ["Đã gỡ", "Đã gỡ"]


def test_a_number_in_the_reason_is_asked_about_on_a_page_that_offers_nothing_it_shows(site: Site, readers: Readers) -> None:
    author, publisher = cast.somebody("author", unit=cast.a_unit()), cast.somebody("publisher")
    piece_id = writing.published(site.app, author, publisher, title="Tin có số căn cước")
    page = at_work(site, readers, publisher)
    page.goto(f"{LIST}/go?bai={piece_id}")
    page.get_by_label("Lý do gỡ").fill("Có số căn cước 051099001234.")
    page.get_by_role("button", name="Gỡ bài").click()
    expect(page.get_by_text("Số căn cước: 051099001234")).to_be_visible()
    expect(page.get_by_label("Lý do gỡ")).to_have_value("Có số căn cước 051099001234.")
    expect(page.get_by_role("button", name="Lấy lại")).to_have_count(0)
    check(page)
    page.get_by_label("Lý do vẫn đăng").fill("Tòa án yêu cầu nêu rõ.")
    page.get_by_role("button", name="Gỡ bài").click()
    expect(page.get_by_text("Đã gỡ các bài đã chọn")).to_be_visible()


def test_the_list_is_used_without_scripts(site: Site, readers: Readers) -> None:
    page = at_work(site, readers, a_publisher(site), java_script_enabled=False)
    page.goto(DESK)
    page.get_by_role("region", name="Chờ tôi duyệt").get_by_role("link", name="Xem tất cả").click()
    expect(page.get_by_label("Trạng thái")).to_have_value("cho-toi-duyet")
    assert LONG in rows(page)
    expect(page.get_by_text("Chọn tất cả bài trên trang này")).to_be_hidden()
    page.get_by_label("Trạng thái").select_option("hen-gio")
    page.get_by_role("button", name="Lọc").click()
    assert "Sẽ đăng" in rows(page)


def test_the_desk_is_used_with_the_keyboard_alone(site: Site, readers: Readers) -> None:
    page = at_work(site, readers, a_publisher(site))
    page.goto(LIST)
    page.get_by_label("Từ trong tiêu đề").focus()
    page.keyboard.type("lich truc de")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("tim=lich"))
    expect(page.get_by_label("Từ trong tiêu đề")).to_be_focused()
    page.get_by_label("Chọn: Thông báo lịch trực đê").first.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Chuyển chuyên mục, đơn vị").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Chuyển nhiều bài")
    page.get_by_label("Đơn vị").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Chuyển").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Đã chuyển các bài đã chọn.")).to_be_visible()


def test_one_box_ticks_all_of_the_page(site: Site, readers: Readers) -> None:
    page = at_work(site, readers, a_publisher(site))
    page.goto(f"{LIST}?trang-thai=cho-duyet")
    every = page.get_by_label("Chọn tất cả")
    every.check()
    boxes = page.locator("[name=bai]")
    assert all(box.is_checked() for box in boxes.all())
    boxes.first.uncheck()
    assert every.evaluate("box => box.indeterminate || !box.checked")
    page.get_by_role("button", name="Lọc").click()
    expect(page.get_by_label("Chọn tất cả")).not_to_be_checked()
