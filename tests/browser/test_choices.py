"""The size of letters and light or dark: chosen in the masthead, kept in this browser, applied before anything is painted."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.reader import DRIVEN, Readers
from tests.browser.site import Site, the_plan

pytestmark = DRIVEN

WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
NOTE_WHAT_HOLDS_AT_FIRST = """new MutationObserver((_, self) => {
    if (!document.body) return;
    self.disconnect();
    window.atFirst = {...document.documentElement.dataset};
}).observe(document, {childList: true, subtree: true})"""
NO_STORAGE = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }})"


def button(page: Page, name: str) -> Locator:
    return page.locator(".masthead").get_by_role("button", name=name, exact=True)


def letters(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.documentElement).fontSize"))


def ground(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def test_letters_grow_and_shrink_step_by_step(site: Site, readers: Readers) -> None:
    page = readers.open(site, the_plan(), viewport=WIDE)
    smaller, usual, larger = (button(page, name) for name in ("A− Chữ nhỏ hơn", "A Chữ bình thường", "A+ Chữ to hơn"))
    expect(usual).to_have_attribute("aria-pressed", "true")
    sizes = []
    for press in (larger, larger, larger, smaller, usual, smaller, smaller):
        press.click(force=True)  # at the end nothing happens
        sizes.append(letters(page))
    assert sizes == ["19px", "22px", "22px", "19px", "16px", "15px", "15px"]
    expect(usual).to_have_attribute("aria-pressed", "false")
    expect(smaller).to_have_attribute("aria-disabled", "true")
    expect(larger).to_have_attribute("aria-disabled", "false")
    expect(page.locator(".masthead [role=status]")).to_have_text("Cỡ chữ: 94%")


def test_light_and_dark_change_places(site: Site, readers: Readers) -> None:
    page = readers.open(site, the_plan(), viewport=WIDE, color_scheme="light")
    light = ground(page)
    dark = button(page, "Nền tối")
    expect(dark).to_have_attribute("aria-pressed", "false")
    dark.click()
    expect(dark).to_have_attribute("aria-pressed", "true")
    assert ground(page) == "rgb(17, 24, 22)"
    dark.click()
    assert ground(page) == light


def test_a_device_in_the_dark_can_be_made_light(site: Site, readers: Readers) -> None:
    page = readers.open(site, the_plan(), viewport=WIDE, color_scheme="dark")
    expect(button(page, "Nền tối")).to_have_attribute("aria-pressed", "true")
    button(page, "Nền tối").click()
    assert ground(page) == "rgb(246, 244, 239)"


def test_what_was_chosen_holds_on_the_next_page_from_the_first(site: Site, readers: Readers) -> None:
    context = readers.new(site, viewport=WIDE, color_scheme="light")
    context.add_init_script(NOTE_WHAT_HOLDS_AT_FIRST)
    page = context.new_page()
    page.goto("/")
    assert page.evaluate("window.atFirst.text") is None
    button(page, "A+ Chữ to hơn").click()
    button(page, "Nền tối").click()
    page.goto(the_plan())
    at_first = page.evaluate("window.atFirst")
    assert (at_first["text"], at_first["scheme"]) == ("l", "dark")
    expect(button(page, "Nền tối")).to_have_attribute("aria-pressed", "true")
    assert page.context.cookies() == []


def test_the_keyboard_chooses_too_and_keeps_its_place(site: Site, readers: Readers) -> None:
    page = readers.open(site, "/", viewport=WIDE)
    button(page, "A+ Chữ to hơn").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    page.keyboard.press("Space")
    assert letters(page) == "22px"
    expect(button(page, "A+ Chữ to hơn")).to_be_focused()


def test_a_phone_has_them_under_the_menu(site: Site, readers: Readers) -> None:
    page = readers.open(site, "/", viewport=NARROW)
    expect(page.locator(".choices").first).to_be_hidden()
    page.locator(".menu-fold > summary").click()
    page.locator(".menu-fold").get_by_role("button", name="A+").click()
    assert letters(page) == "19px"


@pytest.mark.parametrize("kept", ["huge", "", "<b>", "constructor"])
def test_what_is_no_choice_is_not_applied(site: Site, readers: Readers, kept: str) -> None:
    context = readers.new(site, viewport=WIDE)
    keep = f"localStorage.setItem('text', '{kept}'); localStorage.setItem('scheme', '{kept}')"
    context.add_init_script(f"if (location.protocol === 'http:') {{ {keep} }}")
    page = context.new_page()
    page.goto("/")
    assert letters(page) == "16px"
    assert page.locator("html[data-text], html[data-scheme]").count() == 0


def test_a_browser_that_keeps_nothing_still_changes_this_page(site: Site, readers: Readers) -> None:
    context = readers.new(site, viewport=WIDE)
    context.add_init_script(NO_STORAGE)
    page = context.new_page()
    page.goto("/")
    button(page, "A+ Chữ to hơn").click()
    assert letters(page) == "19px"


def test_without_scripts_there_is_nothing_to_press(site: Site, readers: Readers) -> None:
    for size in (WIDE, NARROW):
        page = readers.open(site, "/", viewport=size, java_script_enabled=False)
        if size is NARROW:
            page.locator(".menu-fold > summary").click()
        for choices in page.locator(".choices").all():
            expect(choices).to_be_hidden()
