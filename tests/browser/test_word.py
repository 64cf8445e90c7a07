"""A Word document in a browser: chosen with the keyboard and published, dropped on the desk, refused."""

import base64
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.files.renditions import render_waiting
from tests import cast
from tests.articles.documents import TEXT, a_document, a_picture, bold, bytes_of, letterhead, paragraph, put, run, show
from tests.browser.barriers import check, demand_room_for_thumbs
from tests.browser.drafting import title
from tests.browser.keyboard import press, tab_to
from tests.browser.near import NamedSite
from tests.browser.reader import DRIVEN, Readers
from tests.browser.staff import at_work
from tests.files.here import rendering_here
from tests.publishing.writing import piece

pytestmark = [*DRIVEN, pytest.mark.parametrize("database", ["sqlite"])]

DESK = "/ban-bien-tap"
DROP = """files => {
  const data = new DataTransfer();
  files.forEach(([name, content]) => data.items.add(new File([Uint8Array.from(atob(content), c => c.charCodeAt(0))], name)));
  for (const kind of ["dragover", "drop"])
    document.querySelector("main").dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
}"""
TITLE = "Kế hoạch Phát triển cây tỏi Lý Sơn"


def a_plan() -> bytes:
    document = a_document()
    letterhead(document, "*SỞ KHOA HỌC VÀ CÔNG NGHỆ", "Số: 12/KH-SKHCN")
    bold(document, "KẾ HOẠCH", is_centred=True)
    bold(document, "Phát triển cây tỏi Lý Sơn", is_centred=True)
    document.add_paragraph(TEXT)
    show(document, a_picture("JPEG"), "Ruộng tỏi")
    put(document, paragraph(run("Hết.") + '<w:r><w:commentReference w:id="0"/></w:r>'))
    return bytes_of(document)


def drop(page: Page, *files: tuple[str, bytes]) -> None:
    page.evaluate(DROP, [[name, base64.b64encode(content).decode()] for name, content in files])


def test_with_the_keyboard_alone_a_document_is_a_published_article(near: NamedSite, readers: Readers, tmp_path: Path) -> None:
    cast.a_section("Thông báo")
    alone = cast.somebody("publisher", unit=cast.a_unit())
    source = tmp_path / "kế hoạch.docx"
    source.write_bytes(a_plan())
    page = at_work(near, readers, alone)
    page.on("filechooser", lambda chooser: chooser.set_files(source))  # heard from now on, long before it is needed
    page.goto("/ban-bien-tap/bai/tu-word")
    chosen = page.get_by_label("Tệp Word")
    tab_to(page, chosen)
    page.keyboard.press("Enter")
    expect(chosen).to_have_value(re.compile(r"hoạch\.docx$"))
    tab_to(page, page.get_by_label("Chuyên mục"))
    page.keyboard.press("T")
    press(page, "button", "Nhập từ Word")
    page.wait_for_url(re.compile(r"/bai/\d+\?xong=word$"))
    piece_id = int(page.url.partition("?")[0].rpartition("/")[2])
    expect(title(page)).to_have_value(TITLE)
    with rendering_here():
        render_waiting()
    press(page, "button", "Gửi duyệt")
    page.wait_for_url("**/gui-duyet")
    press(page, "button", "Gửi duyệt")
    page.wait_for_url("**?xong=gui-duyet")
    press(page, "button", "Duyệt và đăng")
    page.wait_for_url("**/dang")
    press(page, "button", "Duyệt và đăng")
    page.wait_for_url("**?xong=dang")
    reader = readers.open(near, cast.article_path(piece(piece_id).thing_id or 0, TITLE))
    expect(reader.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(reader.get_by_role("img", name="Ruộng tỏi")).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_a_document_that_is_dropped_on_the_desk_is_open_in_the_editor(near: NamedSite, readers: Readers, width: int) -> None:
    writer = cast.somebody("author", unit=cast.a_unit())
    page = at_work(near, readers, writer, viewport={"width": width, "height": 800}, color_scheme="light")
    page.goto(DESK)
    page.get_by_text("Tạo bài từ tệp Word").click()
    check(page)
    demand_room_for_thumbs(page)
    drop(page, ("a.docx", a_plan()), ("b.docx", a_plan()))
    expect(page.get_by_text("Mỗi lần chỉ thả một tệp.")).to_be_visible()
    drop(page, ("kế hoạch.docx", a_plan()))
    page.wait_for_url(re.compile(r"/bai/\d+\?xong=word$"))
    notice = page.get_by_role("region", name="Đã nhập từ Word")
    expect(notice).to_contain_text("1 mục không chuyển được: 1 nhận xét.")
    expect(page.get_by_role("textbox", name="Nội dung bài viết")).to_contain_text(TEXT)
    check(page)
    page.get_by_role("button", name="Dùng ngày này làm ngày đăng").click()
    expect(page.get_by_label("Ngày đăng")).to_have_value("2022-03-17T00:00")


def test_a_file_that_is_refused_is_told_and_another_can_be_chosen(near: NamedSite, readers: Readers) -> None:
    writer = cast.somebody("author", unit=cast.a_unit())
    page = at_work(near, readers, writer, viewport={"width": 360, "height": 800}, color_scheme="light")
    page.goto(DESK)
    drop(page, ("bảng lương.docx", b"x"))
    expect(page.get_by_role("alert")).to_contain_text("Tệp “bảng lương.docx” không phải tài liệu Word.")
    check(page)
    drop(page, ("kế hoạch.docx", a_plan()))
    expect(title(page)).to_have_value(TITLE)
