"""Going through a page with the keyboard alone."""

import pytest
from playwright.sync_api import Locator, Page

MOST_STOPS = 60
IS_SEEN = "element => getComputedStyle(element).outlineStyle !== 'none' || element.matches('.agency a')"
HAS_FOCUS = "element => element === document.activeElement"
PAINTED = "() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))"
"""The editor of bodies has seen by then where the cursor went."""


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus; fail where it cannot be reached, or a stop on the way cannot be seen."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        assert page.locator("*:focus").evaluate(IS_SEEN)
        if target.evaluate(HAS_FOCUS):
            return
    pytest.fail("the keyboard does not get there")


def type_into(page: Page, label: str, text: str) -> None:
    tab_to(page, page.get_by_label(label, exact=True))
    page.keyboard.insert_text(text)


def press(page: Page, role: str, name: str) -> None:
    tab_to(page, page.get_by_role(role, name=name, exact=True))  # type: ignore[arg-type]
    page.keyboard.press("Enter")
