"""Headings, lists, tables, links and pictures in the editor of bodies; what may not be there is refused with a sentence."""

import pytest
from playwright.sync_api import expect

from portal.core.html import clean
from tests.browser.keyboard import PAINTED
from tests.browser.reader import DRIVEN
from tests.browser.writing import Desk

pytestmark = [*DRIVEN, pytest.mark.parametrize("database", ["sqlite"])]


def test_headings_lists_and_quotations_are_made(desk: Desk) -> None:
    page = desk.open()
    desk.text.press_sequentially("Mục đích")
    desk.press("Tiêu đề mục")
    page.keyboard.press("Enter")
    desk.text.press_sequentially("Một")
    desk.press("Danh sách đánh số")
    page.keyboard.press("Enter")
    desk.text.press_sequentially("Hai")
    page.keyboard.press("Control+]")
    for _time in range(3):
        page.keyboard.press("Enter")
    desk.text.press_sequentially("Hết")
    desk.press("Trích dẫn")
    assert desk.body == "<h2>Mục đích</h2>\n<ol><li>Một<ol><li>Hai</li></ol></li></ol>\n<blockquote><p>Hết</p></blockquote>"


def test_a_table_is_made_filled_and_changed(desk: Desk) -> None:
    page = desk.open()
    desk.text.press_sequentially("Bảng")
    desk.press("Chèn bảng")
    for typed in ("TT", "Việc", "Hạn", "1"):
        desk.page.keyboard.insert_text(typed)
        page.keyboard.press("Tab")
    desk.press("Thêm cột bên phải", "Xóa cột", "Thêm hàng phía trên")
    desk.text.locator("td").first.click()
    desk.press("Xóa hàng")
    assert desk.body == (
        "<p>Bảng</p>\n<table><thead><tr><th>TT</th><th></th><th>Hạn</th></tr></thead>"
        "<tbody><tr><td>1</td><td></td><td></td></tr><tr><td></td><td></td><td></td></tr></tbody></table>"
    )


def test_cells_are_merged_and_split_and_rows_become_heads(desk: Desk) -> None:
    page = desk.open("<table><tbody><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></tbody></table>")
    desk.text.locator("td").nth(0).click()
    for key in ("End", "Shift+ArrowRight"):
        page.evaluate(PAINTED)
        page.keyboard.press(key)
    expect(desk.text.locator(".selectedCell")).to_have_count(2)
    desk.press("Gộp ô")
    assert '<td colspan="2"><p>1</p><p>2</p></td>' in desk.body
    desk.press("Tách ô", "Hàng tiêu đề")
    assert desk.body.startswith("<table><thead><tr><th><p>1</p><p>2</p></th><th></th></tr></thead><tbody><tr><td>3</td>")
    desk.press("Tên bảng")
    page.get_by_role("dialog").get_by_role("textbox").fill("Phân công")
    page.keyboard.press("Enter")
    assert desk.body.startswith("<table><caption>Phân công</caption><thead>")
    assert clean(desk.body) == desk.body
    desk.press("Xóa bảng")
    assert desk.body == ""


def test_tab_leaves_a_table_after_its_last_cell(desk: Desk) -> None:
    page = desk.open("<table><tbody><tr><td>1</td><td>2</td></tr></tbody></table>")
    desk.text.locator("td").nth(0).click()
    page.keyboard.press("Tab")
    page.keyboard.insert_text("b")
    assert "<td>1</td><td>b</td>" in desk.body
    page.keyboard.press("Tab")
    expect(page.get_by_role("toolbar", name="Bảng").get_by_role("button").first).to_be_focused()


@pytest.mark.parametrize(
    ("typed", "href"),
    [
        ("https://quangngai.gov.vn/?a=1&b=2", "https://quangngai.gov.vn/?a=1&amp;b=2"),
        ("www.quangngai.gov.vn", "https://www.quangngai.gov.vn"),
        ("skhcn@quangngai.gov.vn", "mailto:skhcn@quangngai.gov.vn"),
        ("tel:02553822725", "tel:02553822725"),
        ("/bai-viet/ke-hoach-1", "/bai-viet/ke-hoach-1"),
    ],
)
def test_a_link_is_made_and_removed(desk: Desk, typed: str, href: str) -> None:
    page = desk.open("<p>Xem</p>")
    desk.text.focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+k")
    page.get_by_role("textbox", name="Địa chỉ").fill(typed)
    page.keyboard.press("Enter")
    assert desk.body == f'<p><a href="{href}" rel="noopener">Xem</a></p>'
    assert clean(desk.body) == desk.body
    desk.press("Liên kết", "Bỏ liên kết")
    assert desk.body == "<p>Xem</p>"


@pytest.mark.parametrize(
    "typed",
    ["javascript:alert(1)", " JaVa\tScript:alert(1)", "data:text/html,a", "file:///c:/a", "vbscript:a", "//a.example", "a b"],
)
def test_a_link_of_another_kind_is_refused(desk: Desk, typed: str) -> None:
    page = desk.open("<p>Xem</p>")
    desk.text.focus()
    page.keyboard.press("Control+a")
    desk.press("Liên kết")
    page.get_by_role("textbox", name="Địa chỉ").fill(typed)
    desk.press("Áp dụng")
    expect(page.get_by_role("alert")).to_contain_text("Không dùng được địa chỉ này.")
    assert desk.body == "<p>Xem</p>"
    desk.paste(f'<p><a href="{typed}">Bấm</a></p>')
    assert "<a" not in desk.body


def test_a_picture_is_chosen_and_captioned(desk: Desk) -> None:
    page = desk.open("<p>Trước</p>")
    desk.text.focus()
    desk.press("Ảnh")
    page.get_by_label("Cổng làng").check()
    expect(page.get_by_role("radio")).to_have_count(2)
    desk.press("Chèn ảnh")
    url = desk.pictures[0]["url"]
    assert (
        f'<figure><img src="{url}" alt="Cổng làng" width="48" height="48"><figcaption>Ảnh tư liệu</figcaption></figure>'
        in desk.body
    )


def test_a_picture_without_a_description_is_refused(desk: Desk) -> None:
    page = desk.open()
    desk.press("Ảnh")
    page.get_by_role("radio").nth(1).check()
    page.get_by_label("Mô tả ảnh").fill("  ")
    desk.press("Chèn ảnh")
    expect(page.get_by_role("alert")).to_have_text("Hãy mô tả ảnh; không có mô tả thì chưa chèn được.")
    expect(page.get_by_label("Mô tả ảnh")).to_be_focused()
    assert desk.body == ""
    page.get_by_label("Mô tả ảnh").fill("Lễ ký kết")
    page.keyboard.press("Enter")
    assert 'alt="Lễ ký kết"' in desk.body


def test_a_stored_picture_without_a_description_is_told(desk: Desk) -> None:
    page = desk.open(f'<figure><img src="{desk.pictures[0]["url"]}" alt=""></figure>')
    expect(page.get_by_text("Ảnh này chưa có mô tả.")).to_be_visible()
    desk.text.locator("img").click()
    desk.press("Ảnh")
    page.get_by_label("Mô tả ảnh").fill("Cổng làng")
    desk.press("Áp dụng")
    expect(page.get_by_text("Ảnh này chưa có mô tả.")).to_be_hidden()
    assert 'alt="Cổng làng"' in desk.body


def test_lists_show_the_letters_that_they_have(desk: Desk) -> None:
    desk.open('<ol type="a"><li>a</li></ol><ol type="I"><li>b</li></ol><ol><li>c</li></ol>')
    kinds = desk.text.locator("ol").evaluate_all("all => all.map(one => getComputedStyle(one).listStyleType)")
    assert kinds == ["lower-alpha", "upper-roman", "decimal"]
