"""Voting with scripts: the box changes where it stands, and nothing else does."""

from playwright.sync_api import Page, expect

from tests.browser.reader import DRIVEN, Readers
from tests.browser.site import Polled, Site, an_article_with_a_poll, the_plan

pytestmark = DRIVEN

SAME_HEIGHT_PX = 2


def height(page: Page, selector: str) -> float:
    box = page.locator(selector).bounding_box()
    assert box is not None
    return box["height"]


def choose(page: Page, polled: Polled, label: str) -> None:
    page.locator(polled.box).get_by_label(label).check()
    page.locator(polled.box).get_by_role("button", name="Bình chọn").click()


def test_a_vote_on_the_demo_page_changes_the_box_and_not_the_address(own_site: Site, readers: Readers) -> None:
    page = readers.open(own_site, the_plan())
    box = page.locator(".poll")
    expect(box).to_contain_text("Tổng bình chọn: 2")
    address = page.url
    box.get_by_label("Bình thường").check()
    box.get_by_role("button", name="Bình chọn").click()
    expect(box).to_contain_text("Đã ghi nhận bình chọn của bạn.")
    expect(box).to_contain_text("Tổng bình chọn: 3")
    rows = box.get_by_role("listitem")
    expect(rows).to_contain_text(["a. Đẹp0% · 0 phiếu", "b. Bình thường67% · 2 phiếu", "c. Xấu33% · 1 phiếu"])
    expect(rows.filter(has_text="Lựa chọn của bạn")).to_contain_text(["b. Bình thường"])
    assert page.url == address


def test_the_box_keeps_its_height_at_every_width(site: Site, readers: Readers) -> None:
    for width in (360, 768, 1280):
        polled = an_article_with_a_poll()
        page = readers.open(site, polled.path, viewport={"width": width, "height": 800})
        before = height(page, polled.box)
        choose(page, polled, "Xấu")
        expect(page.locator(polled.box)).to_contain_text("Lựa chọn của bạn")
        assert abs(height(page, polled.box) - before) <= SAME_HEIGHT_PX, f"at {width} px"


def test_the_result_can_be_looked_at_and_left_in_place(site: Site, readers: Readers) -> None:
    polled = an_article_with_a_poll()
    page = readers.open(site, polled.path)
    box = page.locator(polled.box)
    box.get_by_role("link", name="Xem kết quả").click()
    expect(box).to_contain_text("Chưa có bình chọn nào.")
    expect(box.get_by_role("radio")).to_have_count(0)
    box.get_by_role("link", name="Quay lại bình chọn").click()
    expect(box.get_by_role("radio")).to_have_count(3)
    choose(page, polled, "Đẹp")
    expect(box).to_contain_text("Tổng bình chọn: 1")
    assert page.url == site.url + polled.path
    assert polled.votes() == [1, 0, 0]


def test_several_choices_count_as_one_voter(site: Site, readers: Readers) -> None:
    polled = an_article_with_a_poll(max_choices=2)
    page = readers.open(site, polled.path)
    box = page.locator(polled.box)
    box.get_by_label("Đẹp").check()
    choose(page, polled, "Xấu")
    expect(box).to_contain_text("Tổng bình chọn: 1")
    expect(box.get_by_text("Lựa chọn của bạn")).to_have_count(2)
    assert polled.votes() == [1, 0, 1]


def test_a_vote_for_nothing_is_answered_in_the_box(site: Site, readers: Readers) -> None:
    polled = an_article_with_a_poll()
    page = readers.open(site, polled.path)
    box = page.locator(polled.box)
    box.get_by_role("button", name="Bình chọn").click()
    expect(box).to_contain_text("Bạn chưa chọn phương án nào.")
    choose(page, polled, "Đẹp")
    expect(box).to_contain_text("Đã ghi nhận bình chọn của bạn.")


def test_a_renamed_choice_is_pointed_out_and_the_choice_kept(site: Site, readers: Readers) -> None:
    polled = an_article_with_a_poll()
    page = readers.open(site, polled.path)
    polled.rename(0, "Rất đẹp")
    box = page.locator(polled.box)
    choose(page, polled, "Đẹp")
    expect(box).to_contain_text("Cuộc thăm dò vừa được sửa: “Đẹp” đổi thành “Rất đẹp”")
    expect(box.get_by_label("Rất đẹp")).to_be_checked()
    assert polled.votes() == [0, 0, 0]
    box.get_by_role("button", name="Bình chọn").click()
    expect(box).to_contain_text("Đã ghi nhận bình chọn của bạn.")
    assert polled.votes() == [1, 0, 0]


def test_a_poll_that_closed_meanwhile_shows_its_final_result(site: Site, readers: Readers) -> None:
    polled = an_article_with_a_poll()
    page = readers.open(site, polled.path)
    polled.close()
    box = page.locator(polled.box)
    choose(page, polled, "Đẹp")
    expect(box).to_contain_text("Đã kết thúc lúc")
    expect(box.get_by_role("button")).to_have_count(0)
    assert polled.votes() == [0, 0, 0]


def test_the_cookie_comes_with_the_vote_and_is_out_of_reach_of_scripts(site: Site, readers: Readers) -> None:
    polled = an_article_with_a_poll()
    page = readers.open(site, polled.path)
    page.locator(polled.box).get_by_role("link", name="Xem kết quả").click()
    expect(page.locator(polled.box)).to_contain_text("Chưa có bình chọn nào.")
    assert page.context.cookies() == []
    page.goto(polled.path)
    choose(page, polled, "Đẹp")
    expect(page.locator(polled.box)).to_contain_text("Đã ghi nhận bình chọn của bạn.")
    (cookie,) = page.context.cookies()
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    assert page.evaluate("document.cookie") == ""


def test_two_tabs_of_one_browser_have_one_vote(site: Site, readers: Readers) -> None:
    polled = an_article_with_a_poll()
    first = readers.open(site, polled.path)
    second = first.context.new_page()
    second.goto(polled.path)
    choose(first, polled, "Đẹp")
    expect(first.locator(polled.box)).to_contain_text("Đã ghi nhận bình chọn của bạn.")
    choose(second, polled, "Xấu")
    expect(second.locator(polled.box)).to_contain_text("Trình duyệt này đã bình chọn lúc")
    expect(second.locator(f"{polled.box} .mine")).to_contain_text("a. Đẹp")
    assert polled.votes() == [1, 0, 0]
