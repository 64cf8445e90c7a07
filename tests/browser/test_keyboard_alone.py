"""Reading and voting without a mouse, and what is heard meanwhile."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.keyboard import tab_to
from tests.browser.reader import DRIVEN, Readers
from tests.browser.site import Polled, Site, an_article_with_a_poll, the_plan

pytestmark = DRIVEN


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def heard(page: Page) -> Locator:
    """Return the live region, which is in the page before anything is said in it."""
    return page.locator("body > [role=status]")


def wait_until_the_server_knows(page: Page, polled: Polled) -> None:
    """Return when the server, which looks for changes twice a second, says that the poll is closed."""
    says = "path => fetch(path).then(answer => answer.text()).then(text => text.includes('Đã kết thúc lúc'))"
    page.wait_for_function(says, arg=polled.poll.url)


def in_the_box(page: Page, polled: Polled) -> bool:
    return bool(page.evaluate("box => document.querySelector(box).contains(document.activeElement)", polled.box))


def test_the_first_stop_is_a_visible_link_past_the_masthead(site: Site, readers: Readers) -> None:
    page = readers.open(site, the_plan())
    skip = page.get_by_role("link", name="Truy cập nội dung luôn")
    press(page, "Tab")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    press(page, "Enter")
    expect(page.get_by_role("main")).to_be_focused()
    press(page, "Tab")
    expect(page.get_by_role("navigation", name="Đường dẫn").get_by_role("link").first).to_be_focused()


def test_a_vote_by_space_arrows_and_enter_keeps_the_focus_in_the_box(site: Site, readers: Readers) -> None:
    polled = an_article_with_a_poll()
    page = readers.open(site, polled.path)
    box = page.locator(polled.box)
    tab_to(page, box.get_by_label("Đẹp"))
    press(page, "Space", "ArrowDown")
    expect(box.get_by_label("Bình thường")).to_be_checked()
    expect(heard(page)).to_have_text("")
    press(page, "Enter")
    expect(box.get_by_text("Đã ghi nhận bình chọn của bạn.")).to_be_focused()
    expect(heard(page)).to_have_text("Tổng bình chọn: 1")
    press(page, "Tab")
    expect(page.locator(f"{polled.box} ~ * a").first).to_be_focused()
    assert polled.votes() == [0, 1, 0]


def test_a_vote_by_the_button_keeps_the_focus_where_the_button_was(site: Site, readers: Readers) -> None:
    polled = an_article_with_a_poll()
    page = readers.open(site, polled.path)
    box = page.locator(polled.box)
    tab_to(page, box.get_by_label("Đẹp"))
    press(page, "Space", "Tab")
    expect(box.get_by_role("button", name="Bình chọn")).to_be_focused()
    press(page, "Space")
    expect(box.get_by_text("Đã ghi nhận bình chọn của bạn.")).to_be_focused()


def test_a_look_at_the_result_and_back_stays_in_the_box(site: Site, readers: Readers) -> None:
    polled = an_article_with_a_poll()
    page = readers.open(site, polled.path)
    box = page.locator(polled.box)
    tab_to(page, box.get_by_role("link", name="Xem kết quả"))
    press(page, "Enter")
    expect(box.get_by_role("link", name="Quay lại bình chọn")).to_be_focused()
    expect(heard(page)).to_have_text("Chưa có bình chọn nào.")
    press(page, "Enter")
    expect(box.get_by_role("button", name="Bình chọn")).to_be_focused()


def test_a_ballot_is_changed_by_keys_alone(site: Site, readers: Readers) -> None:
    polled = an_article_with_a_poll(may_change=True)
    page = readers.open(site, polled.path)
    box = page.locator(polled.box)
    box.get_by_label("Đẹp").focus()
    press(page, "Space", "Enter")
    expect(box).to_contain_text("Đã ghi nhận bình chọn của bạn.")
    press(page, "Tab")
    expect(box.get_by_role("link", name="Đổi lựa chọn")).to_be_focused()
    press(page, "Enter")
    expect(box.get_by_label("Đẹp")).to_be_checked()
    assert in_the_box(page, polled)
    press(page, "Shift+Tab", "ArrowDown", "Enter")
    expect(box.locator(".mine")).to_contain_text("b. Bình thường")
    expect(heard(page)).to_contain_text("Tổng bình chọn: 1")
    assert in_the_box(page, polled)
    assert polled.votes() == [0, 1, 0]


def test_what_stands_in_the_way_is_heard_and_the_focus_stays(site: Site, readers: Readers) -> None:
    polled = an_article_with_a_poll()
    page = readers.open(site, polled.path)
    box = page.locator(polled.box)
    tab_to(page, box.get_by_role("button", name="Bình chọn"))
    press(page, "Enter")
    expect(heard(page)).to_have_text("Bạn chưa chọn phương án nào.")
    expect(box.get_by_role("button", name="Bình chọn")).to_be_focused()


def test_a_result_without_anything_to_press_keeps_the_focus_too(site: Site, readers: Readers) -> None:
    polled = an_article_with_a_poll()
    page = readers.open(site, polled.path)
    box = page.locator(polled.box)
    tab_to(page, box.get_by_role("link", name="Xem kết quả"))
    polled.close()
    wait_until_the_server_knows(page, polled)
    press(page, "Enter")
    expect(box).to_contain_text("Đã kết thúc lúc")
    assert in_the_box(page, polled)


def test_a_mouse_elsewhere_keeps_its_place_and_hears_the_result(site: Site, readers: Readers) -> None:
    polled = an_article_with_a_poll()
    page = readers.open(site, polled.path)
    box = page.locator(polled.box)
    box.get_by_label("Đẹp").check()
    page.route("**/tham-do/*", lambda route: (page.evaluate("document.activeElement.blur()"), route.continue_()))
    box.get_by_role("button", name="Bình chọn").click()
    expect(heard(page)).to_have_text("Tổng bình chọn: 1 Đã ghi nhận bình chọn của bạn.")
    assert not in_the_box(page, polled)
