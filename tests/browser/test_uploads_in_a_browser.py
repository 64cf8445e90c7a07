"""Ten files are dropped on an article at once, one of them bad, and the line is cut in the midst: nine arrive whole."""

import hashlib
import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route, ViewportSize, expect
from sqlalchemy import select

from portal.accounts.models import User
from portal.articles import attachments_panel
from portal.core.db import db
from portal.files.models import Upload
from tests import cast
from tests.articles.sending import names, now, sums
from tests.browser.barriers import check
from tests.browser.drafting import WITHIN_MS, opened, title, waits_for
from tests.browser.near import NamedSite
from tests.browser.reader import DRIVEN, Readers
from tests.browser.staff import signed_in
from tests.files import documents

pytestmark = [*DRIVEN, pytest.mark.parametrize("database", ["sqlite"])]

PHONE: ViewportSize = {"width": 360, "height": 740}
PIECE = 20_000
CHUNK = re.compile(r"/gui/[0-9a-f]{32}\?tu=")
DROP = """(section, files) => {
  const data = new DataTransfer();
  files.forEach(([name, octets]) => data.items.add(new File([new Uint8Array(octets)], name, { lastModified: 1 })));
  for (const kind of ["dragover", "drop"])
    section.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
}"""

PASTE = """(place, files) => {
  const data = new DataTransfer();
  files.forEach(([name, octets]) => data.items.add(new File([new Uint8Array(octets)], name, { lastModified: 1 })));
  place.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments_panel, "PIECE", PIECE)


def files() -> list[tuple[str, bytes]]:
    """Return nine files that are taken, of several pieces each, and one that is not."""
    good = [(f"Phụ lục {number}.pdf", cast.A_PDF + bytes([number]) * 50_000) for number in range(1, 10)]
    return [*good[:4], ("Trang.pdf", documents.A_PAGE), *good[4:]]


def drop(page: Page, some: list[tuple[str, bytes]]) -> None:
    page.locator("[data-attaching]").evaluate(DROP, [[name, list(content)] for name, content in some])


@pytest.mark.slow(why="drives a browser, and waits for a line that is cut")
def test_nine_of_ten_arrive_whole_over_a_line_that_breaks(staff: BrowserContext, piece_id: int) -> None:
    page, cut = opened(staff, piece_id), list[str]()

    def break_off(route: Route) -> None:
        if len(cut) < 3 and route.request.url not in cut:
            cut.append(route.request.url)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(CHUNK, break_off)
    title(page).fill("Gõ trong khi gửi tệp")
    drop(page, files())
    lines = page.locator("[data-uploads-list] li")
    expect(lines).to_have_count(10)
    expect(lines.filter(has_text="Đã đính kèm.")).to_have_count(9, timeout=20_000)
    expect(page.locator(".attached > li")).to_have_count(9)
    assert len(cut) == 3
    bad = lines.filter(has_text="Trang.pdf")
    expect(bad).to_contain_text("“Trang.pdf”: nội dung tệp không đúng với đuôi PDF.")
    wanted = {hashlib.sha256(content).hexdigest() for name, content in files() if name != "Trang.pdf"}
    assert set(sums(piece_id)) == wanted
    waits_for(page, piece_id, "Gõ trong khi gửi tệp")
    assert len(names(piece_id)) == 9, "what is typed and what is sent do not push each other away"
    expect(page.locator("[data-conflict]")).to_have_count(0)
    check(page)


def test_a_file_goes_on_after_the_page_was_left(near: NamedSite, staff: BrowserContext, piece_id: int, tmp_path: Path) -> None:
    page, path = opened(staff, piece_id), tmp_path / "Kế hoạch.pdf"
    path.write_bytes(cast.A_PDF + bytes(50_000))
    page.route(re.compile(r"\?tu=20000"), lambda route: route.abort("connectionreset"))
    page.get_by_label("Tệp cần đính kèm").set_input_files(path)
    line = page.locator("[data-uploads-list] li")
    expect(line).to_contain_text("Mất kết nối. Tệp sẽ tự gửi tiếp khi có mạng.")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(line).to_contain_text("“Kế hoạch.pdf”: đã nhận 20 kB trên 50,1 kB.")
    page.unroute_all()
    sent = list[str]()
    page.on("request", lambda request: sent.append(request.url) if CHUNK.search(request.url) else None)
    page.get_by_label("Tệp cần đính kèm").set_input_files(path)
    expect(page.locator(".attached > li")).to_have_count(1)
    assert [url.rpartition("=")[2] for url in sent] == ["20000", "40000"], "what came is not sent again"
    assert sums(piece_id) == [hashlib.sha256(path.read_bytes()).hexdigest()]


def test_what_is_pasted_is_attached_and_what_is_pasted_into_a_field_is_not(staff: BrowserContext, piece_id: int) -> None:
    page = opened(staff, piece_id)
    some = [[name, list(content)] for name, content in (("Một.pdf", cast.A_PDF), ("Hai.zip", documents.GOOD["zip"]))]
    title(page).evaluate(PASTE, some)
    expect(page.locator("[data-uploads-list] li")).to_have_count(0)
    page.locator("body").evaluate(PASTE, some)
    expect(page.locator(".attached > li")).to_have_count(2)
    assert sorted(names(piece_id)) == ["Hai.zip", "Một.pdf"]


def test_what_is_sent_is_cancelled(staff: BrowserContext, piece_id: int) -> None:
    page = opened(staff, piece_id)
    second = re.compile(r"\?tu=20000")
    page.route(second, lambda route: None)  # on its way for ever
    with page.expect_request(second):
        drop(page, [("Kế hoạch.pdf", cast.A_PDF + bytes(50_000))])
    page.get_by_role("button", name="Hủy Kế hoạch.pdf").focus()
    with page.expect_request(re.compile("/huy$")):
        page.keyboard.press("Enter")
    expect(page.locator("[data-uploads-list] li")).to_contain_text("Đã hủy.")
    expect(page.get_by_label("Tệp cần đính kèm")).to_be_focused()
    assert names(piece_id) == []
    for _ in range(WITHIN_MS // 100):
        db.session.rollback()
        if not db.session.scalars(select(Upload)).all():
            return
        page.wait_for_timeout(100)
    pytest.fail("what came of it stays")


def test_by_the_keyboard_on_a_phone_they_are_ordered_renamed_and_replaced(
    near: NamedSite, readers: Readers, user: User, piece_id: int, tmp_path: Path
) -> None:
    context = signed_in(near, readers, user, viewport=PHONE)
    page = context.new_page()
    page.goto(f"/ban-bien-tap/tep/bai/{piece_id}")
    drop(page, [("Một.pdf", cast.A_PDF), ("Hai.zip", documents.GOOD["zip"])])
    items = page.locator(".attached > li")
    expect(items).to_have_count(2)
    first = names(piece_id)[0]
    page.get_by_role("button", name=f"Xuống {first}").press("Enter")
    expect(items.last).to_contain_text(first)
    items.last.locator("summary").first.press("Enter")
    items.last.get_by_label("Tên tệp").fill(f"Bản in của {first}")
    items.last.get_by_role("button", name="Đổi tên").press("Enter")
    expect(items.last).to_contain_text(f"Bản in của {first}")
    check(page)
    pdf = next(place for place, one in enumerate(names(piece_id)) if one.endswith(".pdf"))
    newer = tmp_path / "Bản sửa.pdf"
    newer.write_bytes(cast.A_PDF + b"\n")
    items.nth(pdf).locator("summary").first.press("Enter")
    items.nth(pdf).get_by_label("Tệp thay thế").set_input_files(newer)
    expect(items.nth(pdf)).to_contain_text("Bản sửa.pdf")
    expect(items.nth(pdf)).to_contain_text("Các bản trước")
    check(page)
    assert now(piece_id)[pdf].name == "Bản sửa.pdf"
    page.goto("/ban-bien-tap/thu-vien")
    expect(page.locator(".library li")).to_have_count(3)
    check(page)
    page.locator(".library a").first.click()
    check(page)


def test_without_scripts_it_is_a_form(near: NamedSite, readers: Readers, user: User, piece_id: int, tmp_path: Path) -> None:
    page = signed_in(near, readers, user, java_script_enabled=False).new_page()
    page.goto(f"/ban-bien-tap/bai/{piece_id}")
    paths = [tmp_path / name for name in ("Một.pdf", "Hai.pdf")]
    for number, path in enumerate(paths):
        path.write_bytes(cast.A_PDF + bytes(number))
    page.get_by_label("Tệp cần đính kèm").set_input_files(paths)
    page.get_by_role("button", name="Đính kèm", exact=True).click()
    expect(page.get_by_text("Đã đính kèm 2 tệp.")).to_be_visible()
    page.get_by_role("button", name="Lên Hai.pdf").click()
    expect(page.locator(".attached > li").first).to_contain_text("Hai.pdf")
    assert names(piece_id) == ["Hai.pdf", "Một.pdf"]
