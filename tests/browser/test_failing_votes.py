"""A vote that fails says so in the box, keeps what was chosen, and cannot count twice when it is sent again."""

import signal

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.reader import DRIVEN, Readers
from tests.browser.site import Polled, Site, an_article_with_a_poll

pytestmark = DRIVEN

SENTENCE = "Chưa gửi được phiếu. Hãy bấm Bình chọn lần nữa; phiếu không bị tính hai lần."
DONE = "Đã ghi nhận bình chọn của bạn."


def box_of(page: Page, polled: Polled) -> Locator:
    return page.locator(polled.box)


def press(box: Locator) -> None:
    box.get_by_role("button", name="Bình chọn").click()


def expect_failure(box: Locator, *, kept: str) -> None:
    expect(box.get_by_role("alert")).to_have_text(SENTENCE)
    expect(box.get_by_label(kept)).to_be_checked()


def test_a_server_that_is_down_is_told_and_the_next_press_counts(own_site: Site, readers: Readers) -> None:
    polled = an_article_with_a_poll()
    page = readers.open(own_site, polled.path)
    box = box_of(page, polled)
    expect(box.get_by_role("alert")).to_be_hidden()
    box.get_by_label("Bình thường").check()
    own_site.server.stop(signal.SIGTERM)
    press(box)
    expect_failure(box, kept="Bình thường")
    own_site.server.start()
    press(box)
    expect(box).to_contain_text(DONE)
    assert polled.votes() == [0, 1, 0]


@pytest.mark.parametrize("status", [403, 413, 429, 500, 503])
def test_a_refusal_is_told_in_the_box_and_the_choice_kept(site: Site, readers: Readers, status: int) -> None:
    polled = an_article_with_a_poll()
    page = readers.open(site, polled.path)
    box = box_of(page, polled)
    page.route("**/tham-do/*", lambda route: route.fulfill(status=status, body="<p>refused</p>"), times=1)
    box.get_by_label("Đẹp").check()
    press(box)
    expect_failure(box, kept="Đẹp")
    press(box)
    expect(box).to_contain_text(DONE)
    assert polled.votes() == [1, 0, 0]


def lose_the_next_answer(page: Page) -> None:
    """Have the next vote counted and its answer, with the cookie in it, never arrive."""

    def lose(route: Route) -> None:
        assert route.fetch().status == 200
        page.context.clear_cookies()
        route.abort()

    page.route("**/tham-do/*", lose, times=1)


def test_a_vote_whose_answer_was_lost_is_not_counted_again(site: Site, readers: Readers) -> None:
    polled = an_article_with_a_poll()
    page = readers.open(site, polled.path)
    box = box_of(page, polled)
    lose_the_next_answer(page)
    box.get_by_label("Xấu").check()
    press(box)
    expect_failure(box, kept="Xấu")
    assert polled.votes() == [0, 0, 1]
    press(box)
    expect(box).to_contain_text(DONE)
    assert polled.votes() == [0, 0, 1]


def test_a_vote_whose_answer_was_lost_is_not_counted_again_after_a_reload(site: Site, readers: Readers) -> None:
    polled = an_article_with_a_poll()
    page = readers.open(site, polled.path)
    lose_the_next_answer(page)
    box_of(page, polled).get_by_label("Xấu").check()
    press(box_of(page, polled))
    expect_failure(box_of(page, polled), kept="Xấu")

    page.reload()
    box_of(page, polled).get_by_label("Xấu").check()
    press(box_of(page, polled))

    expect(box_of(page, polled)).to_contain_text(DONE)
    assert polled.votes() == [0, 0, 1]
    assert page.evaluate("localStorage.length") == 0


def test_an_answer_that_never_comes_is_a_failure_too(site: Site, readers: Readers) -> None:
    polled = an_article_with_a_poll()
    context = readers.new(site)
    page = context.new_page()
    page.clock.install()
    page.goto(polled.path)
    box = box_of(page, polled)
    page.route("**/tham-do/*", lambda _: None, times=1)
    box.get_by_label("Đẹp").check()
    with page.expect_request("**/tham-do/*"):
        press(box)
    page.clock.run_for(30_000)
    expect_failure(box, kept="Đẹp")
    press(box)
    expect(box).to_contain_text(DONE)
    assert polled.votes() == [1, 0, 0]


def test_an_earlier_sentence_gives_way_to_the_failure(site: Site, readers: Readers) -> None:
    polled = an_article_with_a_poll()
    page = readers.open(site, polled.path)
    box = box_of(page, polled)
    press(box)
    expect(box).to_contain_text("Bạn chưa chọn phương án nào.")
    page.route("**/tham-do/*", lambda route: route.abort(), times=1)
    box.get_by_label("Đẹp").check()
    press(box)
    expect_failure(box, kept="Đẹp")
    expect(box.get_by_text("Bạn chưa chọn phương án nào.")).to_be_hidden()


def test_pressing_twice_sends_one_ballot(site: Site, readers: Readers) -> None:
    polled = an_article_with_a_poll()
    page = readers.open(site, polled.path)
    box = box_of(page, polled)
    box.get_by_label("Đẹp").check()
    box.get_by_role("button", name="Bình chọn").dblclick()
    expect(box).to_contain_text(DONE)
    page.wait_for_load_state("networkidle")
    expect(box).to_contain_text(DONE)
    assert polled.votes() == [1, 0, 0]


def test_a_result_that_does_not_come_in_place_is_opened_as_a_page(site: Site, readers: Readers) -> None:
    polled = an_article_with_a_poll()
    page = readers.open(site, polled.path)
    page.route("**/ket-qua**", lambda route: route.fulfill(status=503, body=""), times=1)
    box_of(page, polled).get_by_role("link", name="Xem kết quả").click()
    expect(page).to_have_url(f"{site.url}{polled.poll.url}/ket-qua?back={polled.path}")
    expect(box_of(page, polled)).to_contain_text("Chưa có bình chọn nào.")


def test_without_htmx_the_vote_goes_by_form_and_counts_once(site: Site, readers: Readers) -> None:
    polled = an_article_with_a_poll()
    page = readers.new(site).new_page()
    page.route("**/htmx.min.*", lambda route: route.abort())
    page.goto(polled.path)
    box_of(page, polled).get_by_label("Đẹp").check()
    press(box_of(page, polled))
    expect(page.get_by_text(DONE)).to_be_visible()
    assert polled.votes() == [1, 0, 0]
