"""The page about backups, and the line that leads to it, in a browser."""

from playwright.sync_api import expect

from portal import audit
from portal.audit import vocabulary
from portal.core.db import write
from tests import cast
from tests.browser.barriers import check
from tests.browser.reader import DRIVEN, Readers
from tests.browser.site import Site
from tests.browser.staff import at_work

pytestmark = DRIVEN


def test_the_line_leads_to_the_page_and_neither_has_a_barrier(site: Site, readers: Readers) -> None:
    page = at_work(site, readers, cast.somebody("administrator"), viewport={"width": 360, "height": 800}, color_scheme="light")
    made = {"way": "nightly", "kilobytes": 1_234, "files": 28, "missing": 2}
    write(lambda session: audit.record(session, vocabulary.BACKUP_MADE, actor=audit.COMMAND, **made))
    write(lambda session: audit.record(session, vocabulary.BACKUP_FAILED, actor=audit.COMMAND, cause="full"))
    page.goto("/ban-bien-tap/tai-khoan")
    check(page)
    page.get_by_role("link", name="Bản lưu gần nhất").click()
    expect(page.get_by_role("heading", name="Bản lưu", exact=True)).to_be_visible()
    expect(page.get_by_text("Không thành công: đĩa đã đầy", exact=True)).to_be_visible()
    check(page)
    page.set_viewport_size({"width": 1280, "height": 800})
    check(page)
