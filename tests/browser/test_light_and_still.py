"""What a first load costs, and that nothing moves once it is painted."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.reader import DRIVEN, Readers
from tests.browser.site import Site, an_article_with_a_poll, the_plan

pytestmark = DRIVEN

MOST_BYTES = 70_000
MOST_REQUESTS = 8
MOST_SHIFT = 0.02

SHIFT = """() => new Promise(done => {
    const entries = [];
    new PerformanceObserver(list => entries.push(...list.getEntries())).observe({type: 'layout-shift', buffered: true});
    requestAnimationFrame(() => setTimeout(() => done(entries.reduce((sum, entry) => sum + entry.value, 0))));
})"""
"""All shifts, those after a press of a button too: the box must not move what is below it."""


def test_the_first_load_of_the_article_is_light(site: Site, readers: Readers) -> None:
    page = readers.new(site, viewport={"width": 360, "height": 740}).new_page()
    wire = page.context.new_cdp_session(page)
    finished: list[int] = []

    def note(event: dict[str, Any]) -> None:
        finished.append(event["encodedDataLength"])

    wire.on("Network.loadingFinished", note)
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    with page.expect_response("**/so-lieu"):
        page.goto(the_plan(), wait_until="networkidle")
    page.wait_for_load_state("networkidle")
    assert 5 <= len(finished) <= MOST_REQUESTS
    assert 10_000 < sum(finished) <= MOST_BYTES


def test_nothing_moves_while_the_figures_come_in(site: Site, readers: Readers) -> None:
    for width in (360, 768, 1280):
        page = readers.new(site, viewport={"width": width, "height": 800}).new_page()
        with page.expect_response("**/so-lieu"):
            page.goto(the_plan())
        page.wait_for_load_state("networkidle")
        assert page.evaluate(SHIFT) < MOST_SHIFT, f"at {width} px"


def test_nothing_moves_when_somebody_votes(site: Site, readers: Readers) -> None:
    for width in (360, 768, 1280):
        polled = an_article_with_a_poll()
        page = readers.open(site, polled.path, viewport={"width": width, "height": 800})
        vote(page, polled.box)
        assert page.evaluate(SHIFT) < MOST_SHIFT, f"at {width} px"


def vote(page: Page, box: str) -> None:
    page.locator(box).get_by_label("Đẹp").check()
    page.locator(box).get_by_role("button", name="Bình chọn").click()
    expect(page.locator(box)).to_contain_text("Đã ghi nhận bình chọn của bạn.")
