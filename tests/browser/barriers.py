"""What every page is looked at for: barriers in either scheme, room on the screen, room for a thumb."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page

THUMB_PX = 44
WIDER_THAN_THE_SCREEN = """() => {
    const room = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= room) return [];
    return [...document.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > room)
        .map(one => one.tagName + '.' + one.className);
}"""
SMALL = """least => [...document.querySelectorAll('button, .button, .poll-pick, summary, .go, .menu a, .language')]
    .filter(one => one.getClientRects().length && one.getBoundingClientRect().height < least)
    .map(one => one.outerHTML)"""


def check(page: Page) -> None:
    """Fail where axe finds a barrier, or something is wider than the screen.

    In the dark scheme only colours are other ones, so only contrast is looked at again.
    """
    page.emulate_media(color_scheme="light")
    demand_no_barrier(page, "light")
    page.emulate_media(color_scheme="dark")
    demand_no_barrier(page, "dark", runOnly=["color-contrast"])
    page.emulate_media(color_scheme="light")
    demand_room(page)


def demand_no_barrier(page: Page, scheme: str, **options: Any) -> None:
    """Fail where axe finds a barrier. `options` are axe's."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = AxeResults(page.evaluate("options => axe.run(options)", {"resultTypes": ["violations"], **options}))
    assert found.violations_count == 0, f"{page.url} ({scheme})\n{found.generate_report()}"


def demand_room(page: Page, what: str = "") -> None:
    """Fail where something is wider than the screen."""
    assert page.evaluate(WIDER_THAN_THE_SCREEN) == [], what or page.url


def demand_room_for_thumbs(page: Page, what: str = "") -> None:
    """Fail where something to press is lower than a thumb needs."""
    assert page.evaluate(SMALL, THUMB_PX) == [], what or page.url
