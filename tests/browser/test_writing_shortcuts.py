"""Each keyboard shortcut that the page for writing tells does what it says there."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.drafting import opened
from tests.browser.keyboard import PAINTED
from tests.browser.reader import DRIVEN

pytestmark = [*DRIVEN, pytest.mark.parametrize("database", ["sqlite"])]

ONE, ALL, END = "<p>Một</p>", "Control+a", "Control+End"
ITEMS = "<ul><li>Một</li><li>Hai</li></ul>"
CHANGES = {
    "Tiêu đề mục": (ONE, ALL, "<h2>Một</h2>"),
    "Tiêu đề mục con": (ONE, ALL, "<h3>Một</h3>"),
    "Tiêu đề nhỏ": (ONE, ALL, "<h4>Một</h4>"),
    "Đậm": (ONE, ALL, "<p><strong>Một</strong></p>"),
    "Nghiêng": (ONE, ALL, "<p><em>Một</em></p>"),
    "Gạch chân": (ONE, ALL, "<p><u>Một</u></p>"),
    "Gạch ngang chữ": (ONE, ALL, "<p><s>Một</s></p>"),
    "Chỉ số dưới": (ONE, ALL, "<p><sub>Một</sub></p>"),
    "Chỉ số trên": (ONE, ALL, "<p><sup>Một</sup></p>"),
    "Danh sách dấu đầu dòng": (ONE, ALL, "<ul><li><p>Một</p></li></ul>"),
    "Danh sách đánh số": (ONE, ALL, "<ol><li><p>Một</p></li></ol>"),
    "Đưa mục vào trong": (ITEMS, f"{END} ArrowUp", "<ul><li>Một<ul><li>Hai</li></ul></li></ul>"),
    "Đưa mục ra ngoài": (ITEMS, f"{END} ArrowUp", "<ul><li>Một</li></ul>\n<p>Hai</p>"),
    "Trích dẫn": (ONE, ALL, "<blockquote><p>Một</p></blockquote>"),
    "Chèn bảng": (ONE, END, re.compile("<p>Một</p>\n<table><thead><tr>(<th></th>)+</tr></thead><tbody>.*</tbody></table>")),
    "Đường kẻ ngang": (ONE, END, "<p>Một</p>\n<hr>"),
    "Xóa định dạng": ("<p><strong><em>Một</em></strong></p>", ALL, ONE),
    "Xuống dòng trong cùng đoạn": (ONE, END, "<p>Một<br></p>"),
}
"""What a shortcut makes of a body, with the keys that choose where."""
PANELS = ("Liên kết", "Ảnh", "Phím tắt")


def text_of(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Nội dung bài viết")


def put(page: Page, body: str, where: str) -> None:
    """Have the editor hold a body, with the cursor in it."""
    said = "(field, body) => { field.value = body; field.dispatchEvent(new Event('input', { bubbles: true })) }"
    page.locator("#body").evaluate(said, body)
    text_of(page).focus()
    for key in where.split():
        page.keyboard.press(key)
        page.evaluate(PAINTED)


def undone_and_done_again(page: Page, keys: list[str]) -> None:
    put(page, ONE, END)
    page.keyboard.type("x")
    page.keyboard.press("Control+z")
    expect(page.locator("#body")).to_have_value(ONE)
    if keys != ["Control+z"]:
        page.keyboard.press(*keys)
        expect(page.locator("#body")).to_have_value("<p>Mộtx</p>")


def from_cell_to_cell(page: Page, keys: list[str]) -> None:
    put(page, "<table><tbody><tr><td>1</td><td>2</td></tr></tbody></table>", END)
    text_of(page).locator("td").first.click()
    page.evaluate(PAINTED)
    for key, letter in zip(keys, "ab", strict=True):
        page.keyboard.press(key)
        page.keyboard.type(letter)
    expect(page.locator("#body")).to_have_value("<table><tbody><tr><td>b</td><td>a</td></tr></tbody></table>")


def out_of_the_text(page: Page, keys: list[str]) -> None:
    put(page, ONE, END)
    page.keyboard.press(*keys)
    expect(page.get_by_label("Chuyên mục")).to_be_focused()


def to_the_buttons(page: Page, keys: list[str]) -> None:
    put(page, ONE, END)
    page.keyboard.press(*keys)
    expect(page.get_by_role("toolbar", name="Định dạng").locator("button:focus")).to_have_count(1)


def saved(page: Page, keys: list[str]) -> None:
    put(page, "<p>Lưu lại</p>", END)
    with page.expect_response(lambda answer: answer.request.method == "POST" and "by_hand" in (answer.request.post_data or "")):
        page.keyboard.press(*keys)


OTHERS: dict[str, Callable[[Page, list[str]], None]] = {
    "Hoàn tác": undone_and_done_again,
    "Làm lại": undone_and_done_again,
    "Lưu nháp": saved,
    "Đến các nút định dạng": to_the_buttons,
    "Ra khỏi nội dung, đến ô nhập tiếp theo": out_of_the_text,
    "Đến ô sau hoặc ô trước trong bảng": from_cell_to_cell,
}


def told(page: Page) -> dict[str, list[str]]:
    """Return the shortcuts that the page tells, by what they do, as Playwright presses them."""
    put(page, ONE, END)
    page.keyboard.press("Alt+F1")
    rows = page.get_by_role("dialog", name="Phím tắt").locator("dl > div")
    pairs = {row.locator("dt").inner_text(): row.locator("dd").inner_text().split(", ") for row in rows.all()}
    page.keyboard.press("Escape")
    small = re.compile(r"\b[A-Z]$")
    return {
        what: [small.sub(lambda key: key[0].lower(), one.replace("Ctrl", "Control")) for one in keys]
        for what, keys in pairs.items()
    }


def test_each_shortcut_that_is_told_does_what_it_says(staff: BrowserContext, piece_id: int) -> None:
    page = opened(staff, piece_id)
    shortcuts = told(page)
    assert shortcuts.keys() == {*CHANGES, *PANELS, *OTHERS}
    for what, (before, where, after) in CHANGES.items():
        put(page, before, where)
        page.keyboard.press(*shortcuts[what])
        expect(page.locator("#body"), what).to_have_value(after)
    for what in PANELS:
        put(page, ONE, END)
        page.keyboard.press(*shortcuts[what])
        expect(page.get_by_role("dialog", name=what, exact=True)).to_be_visible()
        page.keyboard.press("Escape")
        expect(text_of(page)).to_be_focused()
    for what, does in OTHERS.items():
        does(page, shortcuts[what])
