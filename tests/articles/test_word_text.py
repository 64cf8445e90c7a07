"""What of a Word document becomes text: headings, lists, tables, notes, links, changes; and what is told instead."""

import re
from pathlib import Path

import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml

from portal.core.bearable import is_bearable
from portal.core.html import clean
from tests.articles.documents import (
    TEXT,
    W,
    a_document,
    bold,
    converted,
    footnote,
    item,
    numbered,
    paragraph,
    put,
    run,
)

OBJECT = '<w:p><w:r><w:drawing><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">{}</a:graphic></w:drawing></w:r></w:p>'


def test_styles_make_headings_title_and_lead(tmp_path: Path) -> None:
    document = a_document()
    document.add_heading("Hội nghị triển khai nhiệm vụ", 0)
    document.add_paragraph().add_run("Sáng 17/3, Sở Khoa học và Công nghệ tổ chức hội nghị tại Quảng Ngãi.").italic = True
    document.add_heading("Kết quả", 1)
    document.add_paragraph(TEXT)
    document.add_heading("Năm trước", 3)
    document.add_paragraph(TEXT)
    made = converted(tmp_path, document)
    assert made["title"] == "Hội nghị triển khai nhiệm vụ"
    assert made["lead"] == "Sáng 17/3, Sở Khoa học và Công nghệ tổ chức hội nghị tại Quảng Ngãi."
    assert made["html"] == f"<h2>Kết quả</h2><p>{TEXT}</p><h3>Năm trước</h3><p>{TEXT}</p>"
    assert made["left"] == {}


def test_looks_make_headings_too(tmp_path: Path) -> None:
    document = a_document()
    bold(document, "QUY CHẾ LÀM VIỆC", is_centred=True)
    for heading in ("Chương I", "NHỮNG QUY ĐỊNH CHUNG"):
        bold(document, heading, is_centred=True)
    bold(document, "Điều 1. Phạm vi điều chỉnh")
    document.add_paragraph(TEXT)
    bold(document, "Điều 2. Đối tượng áp dụng")
    part = document.add_paragraph()
    part.add_run("Điều 3.").bold = True
    part.add_run(" Quy chế này có hiệu lực từ ngày ký.")
    bold(document, "GIÁM ĐỐC", is_centred=True)
    bold(document, "Nguyễn Văn A", is_centred=True)
    made = converted(tmp_path, document)
    assert made["title"] == "QUY CHẾ LÀM VIỆC"
    assert made["html"] == (
        f"<h2>Chương I<br />NHỮNG QUY ĐỊNH CHUNG</h2><h3>Điều 1. Phạm vi điều chỉnh</h3><p>{TEXT}</p>"
        "<h3>Điều 2. Đối tượng áp dụng</h3><p><strong>Điều 3.</strong> Quy chế này có hiệu lực từ ngày ký.</p>"
        "<p><strong>GIÁM ĐỐC</strong></p><p><strong>Nguyễn Văn A</strong></p>"
    )


def test_administrative_numbers_stay_as_they_are_read(tmp_path: Path) -> None:
    document = a_document()
    levels = numbered(document, ("upperRoman", "%1."), ("decimal", "%2."), ("lowerLetter", "%3)"), ("bullet", "-"))
    for level, text in ((0, "Mục đích"), (1, "Một"), (2, "Thứ nhất"), (2, "Thứ hai"), (3, "Gạch"), (1, "Hai"), (0, "Yêu cầu")):
        item(document, levels, level, text, is_bold=level == 0)
    for typed in ("1. Gõ tay", "a) Gõ tay", "- Gõ tay", "+ Gõ tay"):
        document.add_paragraph(typed)
    html = converted(tmp_path, document)["html"]
    assert html == (
        "<h2>I. Mục đích</h2><p>1. Một</p><p>a) Thứ nhất</p><p>b) Thứ hai</p><p>- Gạch</p><p>2. Hai</p><h2>II. Yêu cầu</h2>"
        "<p>1. Gõ tay</p><p>a) Gõ tay</p><p>- Gõ tay</p><p>+ Gõ tay</p>"
    )


def test_lists_that_html_shows_the_same_are_lists(tmp_path: Path) -> None:
    document = a_document()
    levels = numbered(document, ("decimal", "%1."), ("lowerRoman", "%2."))
    for level, text in ((0, "Một"), (1, "Trong một"), (1, "Cũng vậy"), (0, "Hai")):
        item(document, levels, level, text)
    document.add_paragraph("Ở giữa.")
    item(document, levels, 0, "Ba")
    document.add_paragraph("Chấm", style="List Bullet")
    articles = numbered(document, ("decimal", "Điều %1."), ("decimal", "%1.%2."))
    for level, text in ((0, "Phạm vi"), (1, "Khoản"), (0, "Hiệu lực")):
        item(document, articles, level, text)
    assert converted(tmp_path, document)["html"] == (
        '<ol><li>Một<ol type="i"><li>Trong một</li><li>Cũng vậy</li></ol></li><li>Hai</li></ol><p>Ở giữa.</p>'
        '<ol start="3"><li>Ba</li></ol><ul><li>Chấm</li></ul><p>Điều 1. Phạm vi</p><p>1.1. Khoản</p><p>Điều 2. Hiệu lực</p>'
    )


def test_tables_keep_merged_cells_and_their_head(tmp_path: Path) -> None:
    document = a_document("Bảng.")
    table = document.add_table(4, 3)
    for cell, text in zip(table.rows[0].cells, ("TT", "Nội dung", "Kinh phí"), strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    table.cell(1, 0).merge(table.cell(2, 0)).text = "1"
    table.cell(1, 1).text, table.cell(2, 1).text, table.cell(1, 2).text, table.cell(2, 2).text = "Một", "Hai", "10", "20"
    table.cell(3, 0).merge(table.cell(3, 1)).text = "Cộng"
    table.cell(3, 2).text = "30"
    html = converted(tmp_path, document)["html"]
    assert html == (
        "<p>Bảng.</p><table><thead><tr><th>TT</th><th>Nội dung</th><th>Kinh phí</th></tr></thead><tbody>"
        '<tr><td rowspan="2">1</td><td>Một</td><td>10</td></tr><tr><td>Hai</td><td>20</td></tr>'
        '<tr><td colspan="2">Cộng</td><td>30</td></tr></tbody></table>'
    )
    assert clean(html) == html


def test_a_table_in_a_table_becomes_text_in_its_cell(tmp_path: Path) -> None:
    document = a_document()
    table = document.add_table(1, 2)
    table.cell(0, 0).text = "Ngoài"
    inner = table.cell(0, 1).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "Trong", "Cạnh"
    made = converted(tmp_path, document)
    assert "<td>Ngoài</td><td><p>Trong</p><p>Cạnh</p></td>" in made["html"]
    assert made["left"] == {"nested": 1}


def test_notes_stand_at_the_end_with_their_numbers(tmp_path: Path) -> None:
    document = a_document()
    footnote(document, "Theo Quyết định 923/QĐ-TTg.", "Số liệu năm 2022.")
    reference = '<w:r><w:footnoteReference w:id="{}"/></w:r>'
    put(document, paragraph(run("Một") + reference.format(3) + run(", hai") + reference.format(2)))
    made = converted(tmp_path, document)
    assert made["html"] == (
        "<p>Một<sup>[1]</sup>, hai<sup>[2]</sup></p><hr><p>[1] Số liệu năm 2022.</p><p>[2] Theo Quyết định 923/QĐ-TTg.</p>"
    )
    assert made["left"] == {"notes": 2}


def test_tracked_changes_are_taken_as_accepted_and_told(tmp_path: Path) -> None:
    document = a_document()
    by = 'w:author="Nguyễn Văn A"'
    deleted = f'<w:del w:id="2" {by}><w:r><w:delText>bốn</w:delText></w:r></w:del>'
    put(document, paragraph(run("Trong ") + f'<w:ins w:id="1" {by}>{run("năm")}</w:ins>' + deleted + run(" ngày.")))
    put(document, f'<w:p><w:pPr><w:rPr><w:del w:id="3" {by}/></w:rPr></w:pPr>{run("Hai đoạn")}</w:p>')
    put(document, paragraph(run(" thành một.")))
    moved = f'<w:moveFrom w:id="4" {by}>{run("cũ")}</w:moveFrom><w:moveTo w:id="5" {by}>{run("Chỗ mới.")}</w:moveTo>'
    put(document, paragraph(moved))
    row = f'<w:tr><w:trPr><w:del w:id="6" {by}/></w:trPr><w:tc>{paragraph(run("Dòng bỏ"))}</w:tc></w:tr>'
    put(document, f"<w:tbl>{row}<w:tr><w:tc>{paragraph(run('Dòng giữ'))}</w:tc></w:tr></w:tbl>")
    made = converted(tmp_path, document)
    assert made["html"] == (
        "<p>Trong năm ngày.</p><p>Hai đoạn thành một.</p><p>Chỗ mới.</p><table><tr><td>Dòng giữ</td></tr></table>"
    )
    assert made["left"] == {"insertions": 1, "moves": 1, "deletions": 3}


def test_a_note_that_is_referred_to_twice_stands_once(tmp_path: Path) -> None:
    document = a_document()
    footnote(document, "Số liệu năm 2022.")
    reference = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    put(document, paragraph(run("Một") + reference + run(", hai") + reference))
    made = converted(tmp_path, document)
    assert made["html"] == "<p>Một<sup>[1]</sup>, hai<sup>[1]</sup></p><hr><p>[1] Số liệu năm 2022.</p>"


def test_articles_are_counted_on_through_chapters_where_the_document_does(tmp_path: Path) -> None:
    document = a_document()
    levels = numbered(document, ("upperRoman", "Chương %1."), ("decimal", "Điều %2."))
    document.part.numbering_part.element[0][1].insert(1, parse_xml(f'<w:lvlRestart {W} w:val="0"/>'))
    for level, text in ((0, "Chung"), (1, "Một"), (0, "Riêng"), (1, "Hai")):
        item(document, levels, level, text)
    assert converted(tmp_path, document)["html"] == (
        "<p>Chương I. Chung</p><p>Điều 1. Một</p><p>Chương II. Riêng</p><p>Điều 2. Hai</p>"
    )


def test_a_row_that_begins_further_right_stays_there(tmp_path: Path) -> None:
    document = a_document()
    cell = "<w:tc>{}</w:tc>"
    rows = [cell.format(paragraph(run(text))) for text in ("Một", "Hai", "Dưới hai")]
    before = '<w:trPr><w:gridBefore w:val="1"/></w:trPr>'
    put(document, f"<w:tbl><w:tr>{rows[0]}{rows[1]}</w:tr><w:tr>{before}{rows[2]}</w:tr></w:tbl>")
    assert "<tr><td></td><td>Dưới hai</td></tr>" in converted(tmp_path, document)["html"]


def test_what_cannot_be_carried_is_counted(tmp_path: Path) -> None:
    document = a_document(TEXT)
    for inner in (
        '<a:graphicData><c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"/></a:graphicData>',
        '<a:graphicData><d:relIds xmlns:d="http://schemas.openxmlformats.org/drawingml/2006/diagram"/></a:graphicData>',
    ):
        put(document, OBJECT.format(inner))
    put(document, paragraph("<w:r><w:object/></w:r>"))
    math = "http://schemas.openxmlformats.org/officeDocument/2006/math"
    put(document, paragraph(f'<m:oMathPara xmlns:m="{math}"><m:oMath><m:r><m:t>x</m:t></m:r></m:oMath></m:oMathPara>'))
    put(document, paragraph(run("Có nhận xét.") + '<w:r><w:commentReference w:id="0"/></w:r>'))
    put(document, paragraph(run("Thấy") + run(" không thấy", "<w:vanish/>")))
    contents = '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>{}</w:sdt>'
    put(document, contents.format(f"<w:sdtContent>{paragraph(run('Chương I ... 1'))}</w:sdtContent>"))
    document.sections[0].footer.paragraphs[0].text = "Lưu hành nội bộ"
    made = converted(tmp_path, document)
    assert made["html"] == f"<p>{TEXT}</p><p>Có nhận xét.</p><p>Thấy</p>"
    expected = {"charts", "diagrams", "objects", "equations", "comments", "hidden", "contents", "around"}
    assert made["left"] == dict.fromkeys(expected, 1)


def test_links_lead_where_ours_may(tmp_path: Path) -> None:
    document = a_document()
    places = ("https://example.vn/a?b=1&c=2", "javascript:alert(1)", "file:///etc/passwd", "mailto:so@example.vn")
    links = [document.part.relate_to(place, RELATIONSHIP_TYPE.HYPERLINK, is_external=True) for place in places]
    put(
        document,
        paragraph("".join(f'<w:hyperlink r:id="{link}">{run(str(number))}</w:hyperlink>' for number, link in enumerate(links))),
    )
    field = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>HYPERLINK "{}"</w:instrText></w:r>'
    end = f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("trường")}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    put(document, paragraph(field.format("vbscript:x") + end))
    put(document, paragraph(field.format("https://example.vn/") + end))
    put(document, f'<w:p><w:fldSimple w:instr=" HYPERLINK &quot;https://example.vn/b&quot; ">{run("ngắn")}</w:fldSimple></w:p>')
    put(document, paragraph(field.format("x").replace('K "x"', "K </w:instrText><w:instrText>file:///x") + end))
    made = converted(tmp_path, document)
    assert re.findall('href="([^"]*)"', clean(made["html"])) == [
        "https://example.vn/a?b=1&amp;c=2",
        "mailto:so@example.vn",
        "https://example.vn/",
        "https://example.vn/b",
    ]
    assert made["left"] == {"links": 4}


def test_breaks_tabs_and_spaces(tmp_path: Path) -> None:
    document = a_document()
    lines = document.add_paragraph("Một")
    lines.add_run().add_break()
    lines.add_run("hai\tba   bốn")
    put(document, "<w:p><w:r><w:t>Trên</w:t><w:cr/><w:t>dưới</w:t><w:ptab/><w:t>phải</w:t></w:r></w:p>")
    document.add_page_break()
    document.add_paragraph("   ")
    small = document.add_paragraph("H")
    small.add_run("2").font.subscript = True
    small.add_run("o").font.all_caps = True
    html = converted(tmp_path, document)["html"]
    assert html == "<p>Một<br />hai ba bốn</p><p>Trên<br />dưới phải</p><p>H<sub>2</sub>O</p>"


def test_old_fonts_are_told_and_letters_stay(tmp_path: Path) -> None:
    document = a_document()
    for font, text in ((".VnTime", "Uû ban nh©n d©n"), ("VNI-Times", "UÛy ban")):
        document.add_paragraph().add_run(text).font.name = font
    made = converted(tmp_path, document)
    assert made["left"] == {"tcvn3": 1, "vni": 1}
    assert made["html"] == "<p>Uû ban nh©n d©n</p><p>UÛy ban</p>"


def test_a_document_without_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"^empty$"):
        converted(tmp_path, a_document("", "   "))


@pytest.mark.slow(why="reads fifty pages")
def test_fifty_pages_with_twenty_tables(tmp_path: Path) -> None:
    document = a_document()
    for page in range(50):
        bold(document, f"Điều {page + 1}. Nhiệm vụ")
        for _ in range(6):
            document.add_paragraph(f"{TEXT} " * 6)
        if page < 20:
            table = document.add_table(12, 4)
            for row in table.rows:
                for cell in row.cells:
                    cell.text = "Nội dung"
    html = converted(tmp_path, document)["html"]
    assert (html.count("<h2>"), html.count("<table>"), html.count("<td>")) == (50, 20, 20 * 12 * 4)
    assert is_bearable(html)
