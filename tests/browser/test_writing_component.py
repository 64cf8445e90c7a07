"""The editor of bodies: what is typed, chosen and pasted becomes an article's own elements, in the textarea that is sent."""

import pytest
from playwright.sync_api import expect

from portal.accounts.models import User
from portal.core.html import clean
from portal.demo.reading import articles, sheets
from tests.browser.barriers import check
from tests.browser.reader import DRIVEN, Readers
from tests.browser.staff import signed_in
from tests.browser.writing import Desk, folded

pytestmark = [*DRIVEN, pytest.mark.parametrize("database", ["sqlite"])]


def a_long_plan() -> str:
    """Return a body of fifty pages: some 25,000 words and twenty tables."""
    sentence = "Các phòng, đơn vị thuộc Sở rà soát thủ tục hành chính và báo cáo kết quả đúng hạn. "
    text = f"<p>{sentence * 5}</p>" * 12
    row = "<tr><td>1</td><td>Rà soát thủ tục</td><td>Văn phòng</td><td>30/6/2022</td></tr>"
    head = "<thead><tr><th>TT</th><th>Việc</th><th>Đơn vị</th><th>Hạn</th></tr></thead>"
    return f"<h2>Nhiệm vụ</h2>{text}<table>{head}<tbody>{row * 15}</tbody></table>" * 20


def test_what_is_typed_is_in_the_textarea_at_once(desk: Desk) -> None:
    page = desk.open()
    page.evaluate("document.addEventListener('input', event => { window.said = event.target.name })")
    desk.text.press_sequentially("Sở tổ chức truyền thông về kiểm soát thủ tục hành chính")
    assert desk.body == "<p>Sở tổ chức truyền thông về kiểm soát thủ tục hành chính</p>"
    assert page.evaluate("window.said") == "body"
    expect(page.locator(".writing-length")).to_have_text("12 từ")


def test_marks_typed_after_their_letters_become_one_letter(desk: Desk) -> None:
    desk.open()
    desk.text.focus()
    for typed in "Tie\u0302\u0301ng Vie\u0323\u0302t\u200b":
        desk.page.keyboard.insert_text(typed)
    assert desk.body == "<p>Tiếng Việt</p>"


def test_a_typed_number_begins_no_list(desk: Desk) -> None:
    desk.open()
    desk.text.press_sequentially("1. Mục đích * - **rõ**")
    assert desk.body == "<p>1. Mục đích * - **rõ**</p>"


STORED = [
    "<p>a<br>b &amp; c &lt;d&gt; e&nbsp;f <strong>g<em>h</em></strong><u>i</u><s>j</s><sub>k</sub><sup>l</sup></p>",
    '<ol start="3" type="a"><li>a<ul><li>b</li></ul></li><li><p>c</p><p>d</p></li></ol><ul><li>e</li></ul>',
    '<p><a href="https://example.org/?a=1&amp;b=2" rel="noopener">a</a> <a href="/tep/x" rel="noopener">b</a></p>',
    '<p><a href="mailto:a@example.org" rel="noopener">a</a> <a href="tel:0123" rel="noopener"><strong>b</strong></a></p>',
    '<table><caption>A <em>b</em></caption><thead><tr><th scope="col">1</th><th>2</th></tr></thead><tbody><tr>'
    '<td colspan="2">3</td>'
    "</tr></tbody><tbody><tr><td><p>4</p></td><td><ul><li>5</li></ul></td></tr></tbody><tfoot><tr><td>6</td><td></td></tr></tfoot></table>",
    '<table><tbody><tr><th>1</th><th>2</th></tr><tr><td rowspan="2">3</td><td>4</td></tr>'
    "<tr><td>5</td></tr></tbody></table><p>a</p>",
    f'<figure><img src="/anh/{"0a" * 16}/640.webp" alt="Cổng" width="640" height="480">'
    "<figcaption>Ảnh: <em>a</em></figcaption></figure>",
    f'<p>a</p><figure><img src="/anh/{"0a" * 16}/640.webp" alt="Cổng"></figure><hr><blockquote><p>b</p></blockquote>',
    "<h2>a</h2><p>b</p><h3>c</h3><p></p><h4>d</h4>",
]


def test_what_was_stored_comes_out_as_it_was(desk: Desk) -> None:
    desk.open()
    for stored in [*(clean(one.body) for one in [*articles(), *sheets()]), *STORED]:
        written = desk.written(stored)
        assert folded(written) == folded(stored)
        assert clean(written) == written


def test_an_untouched_body_is_sent_as_it_was(desk: Desk) -> None:
    stored = "<p>Một</p>\n\n<table><tbody><tr><td>1</td></tr></tbody></table>"
    page = desk.open(stored)
    expect(desk.text).to_be_visible()
    assert desk.body == stored
    page.get_by_role("button", name="Lưu nháp").click()
    assert page.locator("#body").input_value() == stored


def test_a_body_from_elsewhere_comes_into_the_editor(desk: Desk) -> None:
    desk.open("<p>Một</p>")
    desk.put("<p>Hai</p>")
    expect(desk.text).to_have_text("Hai")
    assert desk.body == "<p>Hai</p>"


def test_the_toolbar_is_reached_and_used_by_keys(desk: Desk) -> None:
    page = desk.open("<p>Mục đích</p>")
    desk.text.focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Alt+F10")
    expect(page.get_by_role("button", name="Hoàn tác")).to_be_focused()
    for _step in range(5):
        page.keyboard.press("ArrowRight")
    bold = page.get_by_role("button", name="Đậm")
    expect(bold).to_be_focused()
    expect(bold).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("Enter")
    expect(bold).to_have_attribute("aria-pressed", "true")
    assert desk.body == "<p><strong>Mục đích</strong></p>"
    page.keyboard.press("Alt+F10")
    page.keyboard.press("End")
    expect(page.get_by_role("button", name="Phím tắt")).to_be_focused()
    page.keyboard.press("Escape")
    expect(desk.text).to_be_focused()
    page.keyboard.press("Control+z")
    assert desk.body == "<p>Mục đích</p>"


def test_the_toolbar_is_one_stop_and_the_text_lets_tab_out(desk: Desk) -> None:
    page = desk.open("<ul><li>Một</li></ul>")
    page.locator("#title").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Hoàn tác")).to_be_focused()
    page.keyboard.press("Tab")
    expect(desk.text).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Lưu nháp")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(desk.text).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Hoàn tác")).to_be_focused()


def test_all_shortcuts_are_told(desk: Desk) -> None:
    page = desk.open()
    desk.text.focus()
    page.keyboard.press("Alt+F1")
    panel = page.get_by_role("dialog", name="Phím tắt")
    expect(panel).to_contain_text("Ctrl+Alt+2")
    expect(panel.locator("kbd")).to_have_count(27)
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(desk.text).to_be_focused()


def test_a_label_leads_to_the_text(desk: Desk) -> None:
    page = desk.open()
    page.get_by_text("Nội dung", exact=True).click()
    expect(desk.text).to_be_focused()
    expect(desk.text).to_have_attribute("aria-multiline", "true")
    expect(desk.text).to_have_attribute("aria-required", "true")


def test_a_plan_of_fifty_pages_opens_and_is_typed_in(desk: Desk) -> None:
    """How fast is measured by bench.writing."""
    page = desk.open()
    text = desk.mounted(a_long_plan())
    expect(page.locator(".writing-length").last).to_have_text("25.340 từ")
    text.locator("> p").nth(60).click()
    page.keyboard.type("Ω")
    assert folded(page.locator("#long").input_value().replace("Ω", "", 1)) == folded(a_long_plan())


@pytest.mark.parametrize("width", [360, 1280])
def test_the_editor_has_no_barrier_and_fits_the_screen(desk: Desk, width: int) -> None:
    body = "<h2>a</h2><table><thead><tr><th>b</th></tr></thead><tbody><tr><td>c</td></tr></tbody></table>"
    page = desk.open(f'{body}<figure><img src="{desk.pictures[0]["url"]}" alt=""></figure>')
    page.set_viewport_size({"width": width, "height": 800})
    desk.text.locator("td").click()
    check(page)
    desk.press("Liên kết")
    desk.press("Áp dụng")
    check(page)
    page.keyboard.press("Escape")
    desk.paste("<p style='font-family:VNI-Times'>nhaân daân</p><img src='https://example.org/a.png'>")
    expect(page.get_by_role("button", name="Giữ nguyên")).to_be_visible()
    check(page)
    desk.press("Ảnh")
    expect(page.get_by_role("radio")).to_have_count(2)
    check(page)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    small = "[...document.querySelectorAll('.writing button')].filter(one => one.offsetParent && one.offsetHeight < 40).length"
    assert page.evaluate(small) == 0


def test_without_scripts_the_body_is_written_as_html(desk: Desk, readers: Readers, user: User) -> None:
    desk = Desk(desk.site, signed_in(desk.site, readers, user, java_script_enabled=False))
    page = desk.open("<p>Một</p>")
    field = page.get_by_label("Nội dung")
    expect(field).to_have_value("<p>Một</p>")
    field.fill("<p>Hai</p>")
    page.get_by_role("button", name="Lưu nháp").click()
    expect(field).to_have_value("<p>Hai</p>")
    expect(page.get_by_text("Hoàn tác")).to_have_count(0)
