"""Voting by plain forms and pages: the whole way, and back to the article."""

from playwright.sync_api import Page, Response, expect

from tests.browser.reader import DRIVEN, Readers
from tests.browser.site import Polled, Site, an_article_with_a_poll

pytestmark = DRIVEN


def open_plainly(readers: Readers, site: Site, path: str) -> Page:
    return readers.open(site, path, java_script_enabled=False)


def vote(page: Page, polled: Polled, label: str) -> None:
    page.locator(polled.box).get_by_label(label).check()
    page.locator(polled.box).get_by_role("button", name="Bình chọn").click()


def test_a_vote_goes_round_once_and_counts_once(site: Site, readers: Readers) -> None:
    polled = an_article_with_a_poll()
    page = open_plainly(readers, site, polled.path)
    statuses: list[int] = []

    def note(response: Response) -> None:
        if "/tham-do/" in response.url:
            statuses.append(response.status)

    page.on("response", note)
    vote(page, polled, "Bình thường")
    expect(page.get_by_text("Đã ghi nhận bình chọn của bạn.")).to_be_visible()
    expect(page.locator(f"{polled.box} .mine")).to_contain_text("b. Bình thường")
    assert statuses == [307, 303, 200]
    assert polled.votes() == [0, 1, 0]
    page.get_by_role("link", name="Quay lại bài viết").click()
    expect(page).to_have_url(site.url + polled.path)


def test_reloading_the_result_does_not_vote_again(site: Site, readers: Readers) -> None:
    polled = an_article_with_a_poll()
    page = open_plainly(readers, site, polled.path)
    vote(page, polled, "Đẹp")
    expect(page.get_by_text("Đã ghi nhận bình chọn của bạn.")).to_be_visible()
    page.reload()
    expect(page.locator(polled.box)).to_contain_text("Tổng bình chọn: 1")
    assert polled.votes() == [1, 0, 0]


def test_a_second_vote_shows_what_stands(site: Site, readers: Readers) -> None:
    polled = an_article_with_a_poll()
    page = open_plainly(readers, site, polled.path)
    vote(page, polled, "Đẹp")
    expect(page.get_by_text("Đã ghi nhận bình chọn của bạn.")).to_be_visible()
    page.goto(polled.path)
    vote(page, polled, "Xấu")
    expect(page.locator(polled.box)).to_contain_text("Trình duyệt này đã bình chọn lúc")
    expect(page.locator(f"{polled.box} .mine")).to_contain_text("a. Đẹp")
    assert polled.votes() == [1, 0, 0]


def test_the_result_is_a_page_with_a_way_back_to_voting(site: Site, readers: Readers) -> None:
    polled = an_article_with_a_poll()
    page = open_plainly(readers, site, polled.path)
    page.locator(polled.box).get_by_role("link", name="Xem kết quả").click()
    expect(page.locator(polled.box)).to_contain_text("Chưa có bình chọn nào.")
    page.get_by_role("link", name="Quay lại bình chọn").click()
    vote(page, polled, "Đẹp")
    expect(page.get_by_text("Đã ghi nhận bình chọn của bạn.")).to_be_visible()
    page.get_by_role("link", name="Quay lại bài viết").click()
    expect(page).to_have_url(site.url + polled.path)


def test_a_vote_from_the_home_page_leads_back_there(own_site: Site, readers: Readers) -> None:
    page = open_plainly(readers, own_site, "/")
    page.locator(".poll").get_by_label("Lịch tập huấn và hội thảo").check()
    page.get_by_role("button", name="Bình chọn").click()
    expect(page.get_by_text("Đã ghi nhận bình chọn của bạn.")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Về trang chủ").click()
    expect(page).to_have_url(own_site.url + "/")


def test_an_empty_or_outdated_vote_is_asked_again_with_the_choice_kept(site: Site, readers: Readers) -> None:
    polled = an_article_with_a_poll()
    page = open_plainly(readers, site, polled.path)
    page.locator(polled.box).get_by_role("button", name="Bình chọn").click()
    expect(page.get_by_text("Bạn chưa chọn phương án nào.")).to_be_visible()
    polled.rename(0, "Rất đẹp")
    vote(page, polled, "Đẹp")
    expect(page.get_by_text("“Đẹp” đổi thành “Rất đẹp”")).to_be_visible()
    expect(page.get_by_label("Rất đẹp")).to_be_checked()
    page.get_by_role("button", name="Bình chọn").click()
    expect(page.get_by_text("Đã ghi nhận bình chọn của bạn.")).to_be_visible()
    assert polled.votes() == [1, 0, 0]
