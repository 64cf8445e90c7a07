"""How a browser tells that a page was loaded: once, whatever it can and cannot do."""

from playwright.sync_api import Browser, Page, Request, expect

from tests.browser.reader import DRIVEN, Readers
from tests.browser.site import Site, an_article_with_a_poll, the_plan, views

pytestmark = DRIVEN

TOLD = "**/so-lieu"
WHILE_MS = 10_000
"""Longer than a page waits for htmx."""


def figure(page: Page, label: str) -> str:
    return page.locator("#figures div").filter(has=page.get_by_text(label, exact=True)).get_by_role("definition").inner_text()


def note_tellings(page: Page) -> list[str]:
    """Return a list that fills with what the page tells."""
    told: list[str] = []

    def note(request: Request) -> None:
        if request.url.endswith("/so-lieu") or ("/so-lieu/" in request.url and request.url.endswith(".gif")):
            told.append(request.post_data or request.url)

    page.on("request", note)
    return told


def open_and_tell(page: Page, path: str) -> None:
    with page.expect_response(TOLD) as answer:
        page.goto(path)
    assert answer.value.status == 200


def test_the_first_load_moves_the_figures_in_place(own_site: Site, readers: Readers) -> None:
    page = readers.new(own_site).new_page()
    printed = page.request.get(the_plan()).text()
    assert "2.250" in printed
    assert "1.957.856" in printed
    page.goto(the_plan())
    expect(page.locator("#figures")).to_contain_text("1.957.857")
    expect(page.locator("#seen")).to_have_text("Lượt xem: 1")
    figures = [figure(page, label) for label in ("Đang truy cập", "Lượt truy cập hôm nay", "Lượt truy cập tháng này")]
    assert figures == ["1", "1", "1"]
    assert figure(page, "Số lượt truy cập") == "2.251"


def test_the_second_page_of_a_visit_is_one_more_view(own_site: Site, readers: Readers) -> None:
    page = readers.new(own_site).new_page()
    open_and_tell(page, the_plan())
    open_and_tell(page, "/")
    expect(page.locator("#figures")).to_contain_text("1.957.858")
    assert figure(page, "Số lượt truy cập") == "2.251"


def test_one_load_is_told_once(site: Site, readers: Readers) -> None:
    polled = an_article_with_a_poll()
    page = readers.new(site).new_page()
    page.clock.install()
    told = note_tellings(page)
    open_and_tell(page, polled.path)
    page.clock.run_for(WHILE_MS)
    assert len(told) == 1
    assert views(polled.article) == 1


def test_where_htmx_does_not_start_the_load_is_told_once_all_the_same(site: Site, readers: Readers) -> None:
    polled = an_article_with_a_poll()
    page = readers.new(site).new_page()
    page.clock.install()
    page.route("**/htmx.min.*", lambda route: route.abort())
    told = note_tellings(page)
    open_and_tell(page, polled.path)
    page.clock.run_for(WHILE_MS)
    assert len(told) == 1
    assert views(polled.article) == 1


def test_where_htmx_breaks_down_the_load_is_told_once_all_the_same(site: Site, readers: Readers) -> None:
    polled = an_article_with_a_poll()
    page = readers.new(site).new_page()
    page.clock.install()
    broken = {"content_type": "text/javascript", "body": "window.htmx = {};"}
    page.route("**/htmx.min.*", lambda route: route.fulfill(**broken))  # type: ignore[arg-type]
    told = note_tellings(page)
    page.goto(polled.path)
    with page.expect_response(TOLD):
        page.clock.run_for(WHILE_MS)
    assert len(told) == 1
    assert views(polled.article) == 1


def test_without_scripts_a_picture_tells_the_load_once(site: Site, readers: Readers) -> None:
    polled = an_article_with_a_poll()
    page = readers.new(site, java_script_enabled=False).new_page()
    told = note_tellings(page)
    with page.expect_response("**/so-lieu/*.gif") as answer:
        page.goto(polled.path)
    assert answer.value.ok
    assert len(told) == 1
    assert views(polled.article) == 1


def test_a_reader_who_leaves_at_once_was_here(site: Site, readers: Readers) -> None:
    polled = an_article_with_a_poll()
    page = readers.new(site).new_page()
    with page.expect_request(TOLD):
        page.goto(polled.path, wait_until="commit")
    page.goto("about:blank")
    other = readers.new(site).new_page()
    open_and_tell(other, "/")  # by now the server has answered what came before
    assert views(polled.article) == 1


def test_a_page_that_comes_back_from_memory_is_not_told_again(site: Site, whole_chromium: Browser) -> None:
    polled = an_article_with_a_poll()
    with Readers(whole_chromium) as readers:
        page = readers.new(site).new_page()
        page.clock.install()
        page.add_init_script("addEventListener('pageshow', e => document.documentElement.dataset.persisted = e.persisted)")
        told = note_tellings(page)
        open_and_tell(page, polled.path)
        open_and_tell(page, "/")
        page.evaluate("history.back()")
        page.wait_for_function("() => document.documentElement.dataset.persisted === 'true'")
        expect(page).to_have_url(site.url + polled.path)
        page.clock.run_for(WHILE_MS)
        assert len(told) == 2
        assert views(polled.article) == 1


def test_a_vote_and_the_back_button_leave_one_ballot(site: Site, readers: Readers) -> None:
    polled = an_article_with_a_poll()
    page = readers.open(site, polled.path)
    box = page.locator(polled.box)
    box.get_by_label("Đẹp").check()
    box.get_by_role("button", name="Bình chọn").click()
    expect(box).to_contain_text("Đã ghi nhận bình chọn của bạn.")
    page.goto("/")
    page.go_back()
    box.get_by_label("Đẹp").check()
    box.get_by_role("button", name="Bình chọn").click()
    expect(box).to_contain_text("Tổng bình chọn: 1")
    assert polled.votes() == [1, 0, 0]


def test_a_page_made_ready_in_advance_is_told_when_it_is_looked_at(site: Site, readers: Readers) -> None:
    polled = an_article_with_a_poll()
    page = readers.new(site).new_page()
    page.clock.install()
    page.add_init_script(
        "Object.defineProperty(Document.prototype, 'prerendering', {value: true, writable: true, configurable: true})"
    )
    told = note_tellings(page)
    page.goto(polled.path)
    page.clock.run_for(WHILE_MS)
    assert told == []
    with page.expect_response(TOLD):
        page.evaluate("document.prerendering = false, document.dispatchEvent(new Event('prerenderingchange')), 0")
    page.clock.run_for(WHILE_MS)
    assert len(told) == 1
    assert views(polled.article) == 1


def test_each_of_two_tabs_is_a_load_of_its_own(site: Site, readers: Readers) -> None:
    context = readers.new(site)
    told = []
    for polled in (an_article_with_a_poll(), an_article_with_a_poll()):
        page = context.new_page()
        said = note_tellings(page)
        open_and_tell(page, polled.path)
        told += said
        assert views(polled.article) == 1
    assert len({line.partition("load=")[2] for line in told}) == 2
