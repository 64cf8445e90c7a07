"""A voter gets a code and finds the vote by it: with the keyboard alone, on a narrow screen, with and without scripts."""

import pytest
from playwright.sync_api import Page, expect

from portal.polls import acts
from tests import cast
from tests.browser import barriers
from tests.browser.reader import DRIVEN, Readers
from tests.browser.site import Site
from tests.polls.checking import actor, close, voted

pytestmark = DRIVEN

NARROW = {"width": 360, "height": 740}


def code_on(page: Page) -> str:
    said = page.locator(".poll-code").text_content() or ""
    return said.removeprefix("Mã kiểm phiếu: ")[:9]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_voter_finds_the_vote_by_the_code(site: Site, readers: Readers, scripts: bool) -> None:
    poll = cast.a_poll(checkable=True)
    voted(poll, 30)
    page = readers.open(site, poll.url, java_script_enabled=scripts, viewport=NARROW)
    page.get_by_label("Bình thường").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator(".poll-code")).to_be_visible()
    code = code_on(page)
    barriers.demand_room(page)
    close(poll)
    acts.publish_list(poll.id, actor=actor())
    site.wait_until_it_looks()

    page.goto(site.url + poll.url)
    page.get_by_role("link", name="Kiểm tra phiếu").click()
    field = page.get_by_label("Mã kiểm phiếu")
    for typed, said in (
        ("sai", "Mã gồm tám chữ cái và chữ số"),
        ("0000-0000", "Không có mã này trong danh sách. Hãy xem lại từng ký tự."),
        (code.lower().replace("-", " "), "Mã này có trong danh sách đã công bố."),
    ):
        field.fill(typed)
        field.press("Enter")
        expect(page.locator("#poll-checked")).to_contain_text(said)
    expect(page.locator("#poll-checked").get_by_role("listitem").first).to_have_text("Bình thường")
    barriers.demand_room(page)
    if scripts:
        page.locator("summary", has_text="Căn cứ chứng minh").click()
        barriers.demand_room(page)
        barriers.check(page)
