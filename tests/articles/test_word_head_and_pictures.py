"""What a Word document shows on its first page, taken off into proposals; and its pictures."""

from pathlib import Path

import pytest
from docx.opc.constants import RELATIONSHIP_TYPE

from tests.articles.documents import (
    STATE,
    a_document,
    a_picture,
    add_part,
    bold,
    bytes_of,
    converted,
    letterhead,
    put,
    rewritten,
    show,
)

OBJECT = '<w:p><w:r><w:drawing><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">{}</a:graphic></w:drawing></w:r></w:p>'


def test_the_head_of_an_official_document_becomes_proposals(tmp_path: Path) -> None:
    document = a_document()
    letterhead(document, "UBND TỈNH QUẢNG NGÃI", "*SỞ KHOA HỌC VÀ CÔNG NGHỆ", "Số: 12/KH-SKHCN")
    for line in ("KẾ HOẠCH", "Thực hiện chuyển đổi số", "năm 2022"):
        bold(document, line, is_centred=True)
    document.add_paragraph("-----------")
    document.add_paragraph("Căn cứ Quyết định số 923/QĐ-TTg.")
    left, right = document.add_table(1, 2).rows[0].cells
    left.text, right.text = "Nơi nhận:\n- Lưu VT.", "GIÁM ĐỐC"
    right.add_paragraph("Nguyễn Văn A")
    made = converted(tmp_path, document)
    assert made["title"] == "Kế hoạch Thực hiện chuyển đổi số năm 2022"
    assert made["proposals"] == {
        "symbol": "12/KH-SKHCN",
        "issuer": "SỞ KHOA HỌC VÀ CÔNG NGHỆ",
        "day": "2022-03-17",
        "written_day": "ngày 17 tháng 3 năm 2022",
        "kind": "Kế hoạch",
        "signer": "Nguyễn Văn A",
        "other": "UBND TỈNH QUẢNG NGÃI",
    }
    assert made["html"].startswith("<p>Căn cứ Quyết định số 923/QĐ-TTg.</p><table>")
    assert STATE not in made["html"]


def test_a_letter_is_called_by_what_it_is_about_and_a_wrong_day_is_not_corrected(tmp_path: Path) -> None:
    document = a_document()
    letterhead(
        document,
        "*SỞ KHOA HỌC VÀ CÔNG NGHỆ",
        "Số: 345/SKHCN-VP",
        "V/v góp ý dự thảo",
        day="Quảng Ngãi, ngày 31 tháng 02 năm 2022",
    )
    document.add_paragraph("Kính gửi: Các đơn vị trực thuộc.")
    made = converted(tmp_path, document)
    assert made["title"] == "Góp ý dự thảo"
    assert made["proposals"]["kind"] == "Công văn"
    assert made["proposals"]["written_day"] == "ngày 31 tháng 02 năm 2022"
    assert "day" not in made["proposals"]
    assert made["html"] == "<p>Kính gửi: Các đơn vị trực thuộc.</p>"


def test_what_is_no_field_of_the_head_is_told(tmp_path: Path) -> None:
    document = a_document("DỰ THẢO LẦN 2")
    letterhead(document, "UBND TỈNH QUẢNG NGÃI", "*SỞ KHOA HỌC VÀ CÔNG NGHỆ", "Số:      /KH-SKHCN", "V/v trồng tỏi", "(Hỏa tốc)")
    bold(document, "KẾ HOẠCH", is_centred=True)
    show(document, a_picture())
    made = converted(tmp_path, document)
    assert made["proposals"]["other"] == "DỰ THẢO LẦN 2; UBND TỈNH QUẢNG NGÃI; Số: /KH-SKHCN; trồng tỏi (Hỏa tốc)"
    assert "symbol" not in made["proposals"]


def test_a_picture_in_the_head_is_told(tmp_path: Path) -> None:
    document = a_document()
    letterhead(document, "*SỞ KHOA HỌC VÀ CÔNG NGHỆ", "Số: 1/TB-SKHCN")
    document.tables[0].cell(0, 0).add_paragraph().add_run().add_picture(a_picture("PNG", (30, 30)))
    document.add_paragraph("Thông báo.")
    assert converted(tmp_path, document)["left"] == {"emblems": 1}


def test_a_document_that_stands_in_one_table_keeps_its_text(tmp_path: Path) -> None:
    document = a_document()
    letterhead(document, "*SỞ KHOA HỌC VÀ CÔNG NGHỆ", "Số: 5/GM-SKHCN")
    table = document.tables[0]
    for text in ("", "GIẤY MỜI", "Kính mời dự họp ngày 10 tháng 3 năm 2026"):
        row = table.add_row()
        row.cells[0].merge(row.cells[1]).text = text
    last = table.add_row()
    last.cells[0].text, last.cells[1].text = "Nơi nhận:", "GIÁM ĐỐC"
    made = converted(tmp_path, document)
    assert made["proposals"]["day"] == "2022-03-17"
    assert made["html"] == (
        "<p>GIẤY MỜI</p><p>Kính mời dự họp ngày 10 tháng 3 năm 2026</p>"
        "<table><tr><td>Nơi nhận:</td><td>GIÁM ĐỐC</td></tr></table>"
    )


@pytest.mark.parametrize(
    ("lines", "proposals"),
    [
        ((STATE, "Độc lập – Tự do – Hạnh phúc", "-----"), {"kind": "Quyết định"}),
        (
            (
                f"UBND TỈNH\t{STATE}",
                "SỞ KH&CN\tĐộc lập - Tự do - Hạnh phúc",
                "Số: 12/QĐ-SKHCN\tQuảng Ngãi, ngày 05 tháng 3 năm 2026",
            ),
            {
                "symbol": "12/QĐ-SKHCN",
                "day": "2026-03-05",
                "written_day": "ngày 05 tháng 3 năm 2026",
                "kind": "Quyết định",
                "other": "UBND TỈNH; SỞ KH&CN",
            },
        ),
    ],
)
def test_a_head_without_a_table_is_no_title(tmp_path: Path, lines: tuple[str, ...], proposals: dict[str, str]) -> None:
    document = a_document()
    for line in lines:
        bold(document, line, is_centred=True)
    for line in ("QUYẾT ĐỊNH", "Về việc giao nhiệm vụ"):
        bold(document, line, is_centred=True)
    document.add_paragraph("Ngày 05 tháng 3 năm 2026, Giám đốc quyết định.")
    made = converted(tmp_path, document)
    assert (made["title"], made["proposals"]) == ("Quyết định Về việc giao nhiệm vụ", proposals)
    assert made["html"] == "<p>Ngày 05 tháng 3 năm 2026, Giám đốc quyết định.</p>"


def test_a_table_that_is_no_head_of_state_stays(tmp_path: Path) -> None:
    document = a_document("Lịch công tác.")
    document.add_table(1, 1).cell(0, 0).text = "Thứ hai"
    made = converted(tmp_path, document)
    assert (made["proposals"], "<td>Thứ hai</td>" in made["html"]) == ({}, True)


def test_pictures_come_with_their_words_and_captions(tmp_path: Path) -> None:
    document = a_document("Ảnh.")
    show(document, a_picture("JPEG"), "Ruộng tỏi trên đảo Lý Sơn")
    document.add_paragraph("Ảnh: Lý Sơn", style="Caption")
    show(document, a_picture("GIF"), "image1.gif")
    show(document, a_picture("BMP", (30, 20)))
    made = converted(tmp_path, document)
    assert made["html"] == (
        "<p>Ảnh.</p><figure>0<figcaption>Ảnh: Lý Sơn</figcaption></figure><figure>1</figure><figure>2</figure>"
    )
    assert [one["alt"] for one in made["pictures"]] == ["Ruộng tỏi trên đảo Lý Sơn", "", ""]
    assert [one["width"] for one in made["pictures"]] == [900, 900, 30]
    starts = [(tmp_path / "pictures" / str(number)).read_bytes()[:4] for number in range(3)]
    assert starts == [b"\xff\xd8\xff\xe0", b"\x89PNG", b"\x89PNG"]


def test_pictures_that_are_outside_broken_or_too_large_are_told(tmp_path: Path) -> None:
    document = a_document("Ảnh.")
    link = document.part.relate_to("https://example.vn/a.png", RELATIONSHIP_TYPE.IMAGE, is_external=True)
    put(document, OBJECT.format(f'<a:blip r:link="{link}"/>'))
    wide = bytearray(a_picture("PNG", (8, 8)).getvalue())
    wide[16:24] = (60_000).to_bytes(4, "big") * 2
    for name, content in (
        ("a.png", bytes(wide)),
        ("b.png", b"\x89PNG\r\n\x1a\n" + b"0" * 100),
        ("c.emf", b"\x01\x00\x00\x00" * 20),
    ):
        link = add_part(document, "image", f"/word/media/{name}", content.decode("latin-1"), "image/png")
        put(document, OBJECT.format(f'<a:blip r:embed="{link}"/>'))
    raw = rewritten(
        bytes_of(document), lambda name, part: part.decode().encode("latin-1") if name.startswith("word/media") else part
    )
    made = converted(tmp_path, raw)
    assert made["left"] == {"outside": 1, "pictures": 3}
    assert (made["html"], made["pictures"]) == ("<p>Ảnh.</p>", [])
