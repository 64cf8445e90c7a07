"""From a draft to what the public sees and back, by three people in real browsers: without scripts, by keyboard, on a phone."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from portal.accounts.models import User
from portal.articles.models import Section
from portal.core import clock
from portal.core.db import db
from portal.publishing import links
from portal.publishing.rules import Step
from portal.publishing.states import State, state_of
from tests import cast
from tests.browser.barriers import check
from tests.browser.keyboard import press, tab_to
from tests.browser.reader import DRIVEN, Readers
from tests.browser.site import Site
from tests.browser.staff import at_work
from tests.publishing.writing import BASE, a_piece, piece, published, save, take

pytestmark = DRIVEN

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
TABLE = "<table><tr><th>Chợ</th><th>Ngày kiểm định</th></tr><tr><td>Nghĩa Lộ</td><td>{day}</td></tr></table>"


def a_draft(author: User, **values: object) -> int:
    section = db.session.scalars(select(Section.id).where(Section.language == "vi").order_by(Section.id)).first()
    return a_piece(author, section_id=section, **values)


@pytest.fixture
def author(site: Site) -> User:
    return cast.somebody("author", unit=cast.a_unit())


@pytest.fixture
def publisher(site: Site) -> User:
    return cast.somebody("publisher")


@pytest.fixture
def app(site: Site) -> Flask:
    return site.app


def go(page: Page, piece_id: int, rest: str) -> None:
    page.goto(f"{BASE}/{piece_id}/{rest}")


def press_step(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def test_three_people_bring_a_text_to_the_public_and_take_it_down_without_scripts(
    site: Site, readers: Readers, author: User, publisher: User
) -> None:
    piece_id, editor = a_draft(author, title="Lịch kiểm định cân"), cast.somebody("editor")
    people = (author, editor, publisher)
    writer, reviewer, decider = (at_work(site, readers, one, viewport=PHONE, java_script_enabled=False) for one in people)
    submit(writer, piece_id)
    go(reviewer, piece_id, "tra-lai")
    reviewer.get_by_label("Lý do trả lại").fill("Bài chưa có bảng lịch.")
    press_step(reviewer, "Trả lại")
    expect(reviewer).to_have_url(re.compile("xong=tra-lai$"))
    writer.goto(f"{BASE}/{piece_id}")
    expect(writer.get_by_text("Bài chưa có bảng lịch.")).to_be_visible()

    submit(writer, piece_id)
    schedule(decider, piece_id)
    submit(writer, piece_id)
    go(decider, piece_id, "dang")
    press_step(decider, "Duyệt và đăng")
    reader = readers.open(site, f"/b/{piece(piece_id).thing_id}")
    expect(reader.get_by_role("heading", level=1)).to_have_text("Lịch kiểm định cân")

    go(decider, piece_id, "go")
    decider.get_by_label("Lý do gỡ (hiển thị công khai)").fill("Lịch đã thay đổi.")
    press_step(decider, "Gỡ bài")
    expect(decider).to_have_url(re.compile("xong=go$"))
    site.wait_until_it_looks()
    reader.goto(f"/b/{piece(piece_id).thing_id}")
    expect(reader.get_by_text("Lịch đã thay đổi.")).to_be_visible()


def submit(writer: Page, piece_id: int) -> None:
    go(writer, piece_id, "gui-duyet")
    press_step(writer, "Gửi duyệt")
    expect(writer).to_have_url(re.compile("xong=gui-duyet$"))


def schedule(decider: Page, piece_id: int) -> None:
    """Approve it, schedule it after a slip of the year, and recall it."""
    go(decider, piece_id, "duyet")
    press_step(decider, "Duyệt")
    go(decider, piece_id, "hen-gio")
    decider.get_by_label("Ngày và giờ").fill("3022-02-23T08:00")
    press_step(decider, "Hẹn giờ đăng")
    expect(decider.get_by_role("alert")).to_be_visible()
    tomorrow = clock.local(clock.now_ms() + clock.DAY)
    decider.get_by_label("Ngày và giờ").fill(tomorrow.strftime("%Y-%m-%dT%H:%M"))
    press_step(decider, "Hẹn giờ đăng")
    expect(decider.get_by_role("main")).to_contain_text(tomorrow.strftime("%H:%M ngày %d/%m/%Y"))
    go(decider, piece_id, "rut-lai")
    press_step(decider, "Rút lại")


def test_a_text_is_returned_with_the_keyboard_alone(
    site: Site, app: Flask, readers: Readers, author: User, publisher: User
) -> None:
    piece_id = a_draft(author)
    take(app, Step.SUBMIT, piece_id, author)
    page = at_work(site, readers, publisher, viewport=DESK)
    go(page, piece_id, "tra-lai")
    tab_to(page, page.get_by_label("Lý do trả lại"))
    page.keyboard.insert_text("Thiếu ngày ban hành.")
    press(page, "button", "Trả lại")
    page.wait_for_url(re.compile("xong=tra-lai"))
    assert state_of(piece(piece_id)) is State.RETURNED


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_no_page_of_a_step_has_a_barrier_or_is_too_wide(
    site: Site, app: Flask, readers: Readers, author: User, publisher: User, viewport: dict[str, int]
) -> None:
    first = a_draft(author, body="<p>Liên hệ bà B, số máy 0905 123 456.</p>")
    page = at_work(site, readers, publisher, viewport=viewport)
    for slug in ("gui-duyet", "dang-khan", "rut-lai"):
        go(page, first, slug)
        check(page)
    take(app, Step.SUBMIT, first, author)
    for slug in ("tra-lai", "duyet", "hen-gio", "dang"):
        go(page, first, slug)
        check(page)
    page.get_by_text("Đã có ý kiến duyệt của lãnh đạo").click()
    press_step(page, "Duyệt và đăng")
    expect(page.get_by_role("alert")).to_be_visible()
    check(page)
    second = published(app, author, publisher, section_id=db.session.scalars(select(Section.id)).first())
    save(app, second, author, title="Đã sửa")
    for slug in ("go", "bo-thay-doi", "dang-khan"):
        go(page, second, slug)
        check(page)


def test_no_page_after_a_publication_or_of_a_late_decision_bars_anybody(
    site: Site, app: Flask, readers: Readers, author: User, publisher: User
) -> None:
    piece_id = a_draft(author, title="Lịch kiểm định")
    page = at_work(site, readers, publisher, viewport=PHONE)
    take(app, Step.PUBLISH_URGENTLY, piece_id, cast.somebody("publisher"), remark="Nước đang dâng.")
    look_at_step(page, piece_id, "duyet-sau", "Duyệt bài đã đăng khẩn")
    go(page, piece_id, "go")
    page.get_by_label("Lý do gỡ (hiển thị công khai)").fill("Lịch đã thay đổi.")
    save(app, piece_id, author, title="Lịch kiểm định cân")
    press_step(page, "Gỡ bài")
    expect(page.get_by_role("alert")).to_contain_text("Bài đã thay đổi từ khi bạn mở trang này.")
    expect(page.get_by_label("Lý do gỡ (hiển thị công khai)")).to_have_value("Lịch đã thay đổi.")
    check(page)
    take(app, Step.DISCARD, piece_id, author)
    take(app, Step.TAKE_DOWN, piece_id, publisher, remark="Lịch đã thay đổi.")
    look_at_step(page, piece_id, "dang-lai", "Đăng lại")
    go(page, piece_id, "rut-lai")
    expect(page.get_by_role("button", name="Rút lại")).to_have_count(0)
    check(page)


def look_at_step(page: Page, piece_id: int, rest: str, name: str) -> None:
    go(page, piece_id, rest)
    expect(page.get_by_role("main").get_by_role("button", name=name, exact=True)).to_be_visible()
    check(page)


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_what_is_scheduled_is_read_where_it_was_written(
    site: Site, app: Flask, readers: Readers, author: User, publisher: User, viewport: dict[str, int]
) -> None:
    piece_id = a_draft(author, title="Lịch kiểm định cân", body=f"<h2>Lịch</h2>{TABLE.format(day='03/4')}")
    take(app, Step.SUBMIT, piece_id, author)
    take(app, Step.SCHEDULE, piece_id, publisher, at=clock.now_ms() + clock.DAY)
    for one in (author, publisher):
        page = at_work(site, readers, one, viewport=viewport)
        page.goto(f"{BASE}/{piece_id}")
        expect(page.get_by_text("Bài sẽ hiển thị lúc")).to_be_visible()
        expect(page.get_by_role("cell", name="Nghĩa Lộ")).to_be_visible()
        check(page)


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_history_comparing_links_and_preview_have_no_barrier(
    site: Site, app: Flask, readers: Readers, author: User, publisher: User, viewport: dict[str, int]
) -> None:
    piece_id = a_draft(author, title="Lịch kiểm định", body=f"<p>Giữ nguyên.</p><p>Bỏ đi.</p>{TABLE.format(day='03/4')}")
    save(app, piece_id, author, title="Lịch kiểm định cân", body=f"<p>Giữ nguyên.</p>{TABLE.format(day='04/4')}<h2>Mục mới</h2>")
    take(app, Step.SUBMIT, piece_id, author)
    take(app, Step.RETURN, piece_id, publisher, remark="Thiếu ngày.")
    page = at_work(site, readers, author, viewport=viewport)
    go(page, piece_id, "lich-su")
    check(page)
    page.get_by_label("Phiên bản 1: bản cũ").check()
    page.get_by_role("button", name="So sánh", exact=True).click()
    expect(page.locator("ins").first).to_be_visible()
    check(page)
    page.get_by_role("button", name="Khôi phục phiên bản 1").click()
    page.wait_for_url(re.compile("xong=khoi-phuc"))
    go(page, piece_id, "lien-ket-xem")
    page.get_by_role("button", name="Tạo liên kết xem trước").click()
    expect(page.get_by_label("Liên kết", exact=True)).to_be_visible()
    check(page)
    outside = readers.open(site, f"/xem-truoc/{links.make(piece_id, actor=author)}", viewport=viewport)
    expect(outside.get_by_role("heading", level=1)).to_have_text("Lịch kiểm định")
    check(outside)


def test_the_rule_of_approval_has_no_barrier(site: Site, readers: Readers) -> None:
    page = at_work(site, readers, cast.somebody("administrator"), viewport=PHONE)
    page.goto("/ban-bien-tap/thiet-lap-trang/quy-tac-duyet")
    check(page)
