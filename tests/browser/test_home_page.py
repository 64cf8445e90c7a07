"""The home page in a browser: in one order at every width, light, still, and itself without scripts."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reader import DRIVEN, Readers
from tests.browser.site import Site
from tests.browser.test_light_and_still import SHIFT

pytestmark = DRIVEN

WIDTHS = (360, 768, 1280)
MOST_BYTES = 90_000
MOST_SHIFT = 0.02
MASTHEAD_PX = 88

AGAINST_THE_ORDER = """() => {
    const stops = [...document.querySelectorAll('main a, main button, main input, main summary')]
        .filter(one => one.getClientRects().length).map(one => [one, one.getBoundingClientRect()]);
    return stops.slice(1).filter(([, box], place) => {
        const before = stops[place][1];
        return box.bottom <= before.top && box.left < before.right;
    }).map(([one]) => one.textContent);
}"""
"""What the keyboard reaches after something below it: it may go up only into the next column."""
BLOCKS = """() => [...document.querySelectorAll('main h2')].map(one => one.id.replace(/\\d+-question|-title/, ''))"""


def open_home(site: Site, readers: Readers, width: int, **options: Any) -> Page:
    page = readers.open(site, "/", viewport={"width": width, "height": 800}, **options)
    page.wait_for_load_state("networkidle")
    return page


@pytest.mark.parametrize("width", WIDTHS)
def test_the_keyboard_follows_the_order_of_the_screen(site: Site, readers: Readers, width: int) -> None:
    page = open_home(site, readers, width)
    assert page.evaluate(AGAINST_THE_ORDER) == []
    assert page.evaluate(BLOCKS)[:4] == ["tasks", "notices", "latest", "documents"]
    assert page.evaluate(BLOCKS)[-4:] == ["album", "poll-", "figures", "links"]
    assert page.locator("[tabindex]:not([tabindex='-1']):not([tabindex='0'])").count() == 0


def test_the_first_load_is_light_without_its_pictures(site: Site, readers: Readers) -> None:
    page = readers.new(site, viewport={"width": 360, "height": 740}).new_page()
    wire = page.context.new_cdp_session(page)
    pictures, octets = set[str](), dict[str, int]()
    wire.on("Network.responseReceived", lambda event: pictures.add(event["requestId"]) if event["type"] == "Image" else None)
    wire.on("Network.loadingFinished", lambda event: octets.update({event["requestId"]: event["encodedDataLength"]}))
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    page.goto("/", wait_until="networkidle")
    assert 10_000 < sum(size for request, size in octets.items() if request not in pictures) <= MOST_BYTES


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_moves_while_it_loads(site: Site, readers: Readers, width: int) -> None:
    page = open_home(site, readers, width)
    page.evaluate("for (const one of document.images) one.loading = 'eager'")
    page.wait_for_function("() => [...document.images].every(one => one.complete)")
    assert page.evaluate(SHIFT) < MOST_SHIFT


def test_a_phone_shows_the_tasks_under_a_low_masthead(site: Site, readers: Readers) -> None:
    page = readers.open(site, "/", viewport={"width": 360, "height": 640})
    masthead = page.get_by_role("banner").bounding_box()
    assert masthead is not None
    assert masthead["height"] <= MASTHEAD_PX
    for task in page.locator(".tasks a").all():
        expect(task).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("heading", name="Thông báo")).to_be_in_viewport(ratio=1)


def test_tasks_are_two_by_two_on_a_phone_and_in_a_row_on_a_desk(site: Site, readers: Readers) -> None:
    rows = "tasks => new Set(tasks.map(task => task.getBoundingClientRect().top)).size"
    assert open_home(site, readers, 360).locator(".tasks a").evaluate_all(rows) == 2
    assert open_home(site, readers, 1280).locator(".tasks a").evaluate_all(rows) == 1


def test_it_is_whole_without_scripts(site: Site, readers: Readers) -> None:
    page = readers.open(site, "/", java_script_enabled=False)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sở Khoa học và Công nghệ")
    for name in ("Thông báo", "Tin mới", "Văn bản, tài liệu mới", "Hình ảnh", "Thống kê truy cập", "Liên kết"):
        expect(page.get_by_role("main").get_by_role("heading", name=name)).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Tin mới").click()
    expect(page).to_have_url(site.url + "/luu-tru/2026")


def test_tiles_keep_an_edge_in_colours_of_the_reader_s_own(site: Site, readers: Readers) -> None:
    page = readers.open(site, "/", forced_colors="active")
    edge = page.locator(".tasks a").first.evaluate("element => getComputedStyle(element).borderTopColor")
    assert edge != page.locator("body").evaluate("element => getComputedStyle(element).backgroundColor")


def test_on_paper_there_are_the_news_and_nothing_to_press(site: Site, readers: Readers) -> None:
    page = readers.open(site, "/")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Thông báo")).to_be_visible()
    for gone in (".tasks", ".menu", ".choices", ".poll", "#figures", ".foot"):
        expect(page.locator(gone).first).to_be_hidden()
