"""Numbers that look like somebody's own are found with their place, and nothing else that official text is full of."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.html import clean
from portal.core.personal import Found, found, masked

# The numbers are made up; each line says what must be found in it.
NOTICED = {
    "Ông Nguyễn Văn A, CCCD số 051078001234, trú tại xã Bình Chương": ["citizen 051078001234"],
    "số định danh 051 178 001 234": ["citizen 051 178 001 234"],
    "Căn cước: 051.085.001.234 cấp ngày 01/02/2022": ["citizen 051.085.001.234"],
    "sinh năm 2009, số 051209001234": ["citizen 051209001234"],
    "0510 7800 1234": ["citizen 0510 7800 1234"],
    "(001199012345)": ["citizen 001199012345"],
    "051078001234; 051178005678": ["citizen 051078001234", "citizen 051178005678"],
    "Mã số thuế cá nhân 051078001234": ["citizen 051078001234"],
    "CMND số 212345678 do Công an tỉnh cấp": ["identity_card 212345678"],
    "chứng minh nhân dân: 212 345 678": ["identity_card 212 345 678"],
    "CMT 212.345.678": ["identity_card 212.345.678"],
    "giấy chứng minh thư số 012345678": ["identity_card 012345678"],
    "CMND/CCCD: 212345678": ["identity_card 212345678"],
    "Liên hệ bà Trần Thị B, điện thoại 0912345678.": ["telephone 0912345678"],
    "ĐT: 0912.345.678": ["telephone 0912.345.678"],
    "DĐ 0335 123 456, gặp anh C": ["telephone 0335 123 456"],
    "gọi +84912345678": ["telephone +84912345678"],
    "gọi +84 91 234 56 78": ["telephone +84 91 234 56 78"],
    "(+84) 912 345 678": ["telephone (+84) 912 345 678"],
    "(0912) 345 678": ["telephone (0912) 345 678"],
    "0567-123-456": ["telephone 0567-123-456"],
    "Zalo 0777123456/0888123456": ["telephone 0777123456", "telephone 0888123456"],
    "09 1234 5678": ["telephone 09 1234 5678"],
    "STK 0123456789 Agribank": ["account 0123456789"],
    "Số tài khoản: 4500 2051 23456": ["account 4500 2051 23456"],
    "tài khoản 1234567890123 mở tại Vietcombank": ["account 1234567890123"],
    "chuyển vào số 19031234567890 tại Ngân hàng Techcombank": ["account 19031234567890"],
    "Ngân hàng BIDV, số 57110000123456": ["account 57110000123456"],
    "TK: 0912345678": ["account 0912345678"],
    "mã số thuế cá nhân: 8012345678": ["tax 8012345678"],
    "MST 8012345678": ["tax 8012345678"],
    "MST cá nhân 4301234567": ["tax 4301234567"],
    "A, CCCD 051078001234, ĐT 0912345678, STK 0123456789": ["citizen 051078001234", "telephone 0912345678", "account 0123456789"],
}
LEFT = (
    "tổng kinh phí 1.957.856 đồng",
    "1.957.856.000 đồng",
    "212345678 đồng",
    "vay Ngân hàng Chính sách xã hội 12.500.000.000 đồng",
    "Ngân hàng giải ngân 12500000000 đồng cho 1.240 hộ",
    "Ngân hàng Nhà nước giải ngân 12 500 000 000",
    "tài khoản định danh điện tử cho 950.000 người",
    "Quyết định số 923/QĐ-TTg ngày 30/6/2022",
    "Kế hoạch số 0912345678/KH-UBND",
    "ngày 03.08.2022 09 giờ",
    "từ 05/07/2022 đến 07/09/2022",
    "ngày 03-05-2022 09:30",
    "đường dây nóng 1900 1234, 1800 599 920",
    "tổng đài 19001234 của Ngân hàng",
    "điện thoại cơ quan: 0255 3822 123",
    "Ngân hàng Nhà nước chi nhánh tỉnh, điện thoại (0255) 3822 999",
    "02553822123",
    "fax 024.38456789",
    "tọa độ 15.120512, 108.792341",
    "tọa độ 15.0912345678",
    "tỷ lệ 0.912345678",
    "mã hồ sơ 000.00.16.H48-220317-0001",
    "mã số thuế 4300123456 của Công ty",
    "Mã số doanh nghiệp 0100112437, Ngân hàng X",
    "tài khoản 3511.0.1234567 tại Kho bạc Nhà nước",
    "ISBN 978-604-0-12345-6",
    "Điều 12, khoản 3, điểm a; trang 091",
    "Luật số 63/2020/QH14, TCVN 5712:1993",
    "số 212345678 trong sổ công văn",
    "097078001234 người",
    "051978001234 là mã vạch",
    "051299001234",
    "8935049501234",
    "dự án 7912345",
    "https://example.vn/a-0912345678/b",
    "giai đoạn 2021-2025, 2026-2030",
    "số liệu 01 02 03 04 05 06 07",
    "0 3 5 7 9 1 2 3 4 5",
)


def kinds(source: str) -> list[str]:
    return [f"{one.kind} {one.text}" for one in found(source)]


def test_the_set_is_large_enough_to_mean_something() -> None:
    assert len(NOTICED) >= 30
    assert len(LEFT) >= 30


@pytest.mark.parametrize("line", NOTICED)
def test_a_number_of_a_person_is_noticed(line: str) -> None:
    assert kinds(line) == NOTICED[line]


@pytest.mark.parametrize("line", LEFT)
def test_a_number_of_another_kind_is_not(line: str) -> None:
    assert kinds(line) == []


def test_of_the_whole_set_exactly_those_of_persons_are_found() -> None:
    text = "\n".join([*NOTICED, *LEFT])
    assert kinds(text) == [one for line in NOTICED.values() for one in line]
    assert [one.paragraph for one in found(text)] == [
        number for number, line in enumerate(NOTICED.values(), 1) for _ in range(len(line))
    ]


def test_a_number_across_tags_and_entities_is_found_with_its_place_in_the_source() -> None:
    html = clean("<h2>Danh sách</h2><p>ĐT <strong>0912</strong>&nbsp;345 678</p>")
    (one,) = found(html)
    assert (one.kind, one.text, one.paragraph) == ("telephone", "0912\xa0345 678", 2)
    assert masked(html, [one]) == "<h2>Danh sách</h2><p>ĐT <strong>091*</strong>&nbsp;*** *78</p>"


def test_the_head_of_a_column_says_what_its_numbers_are() -> None:
    rows = "<tr><th>Họ tên</th><th>Số CMND</th><th>Số tài khoản</th><th>Số tiền</th></tr>"
    rows += "<tr><td>Nguyễn Văn A</td><td>212345678</td><td>0123456789</td><td>212345678</td></tr>"
    html = clean(f"<p>a</p><table>{rows}</table>")
    assert kinds(html) == ["identity_card 212345678", "account 0123456789"]
    assert masked(html, found(html)).endswith("<td>212****78</td><td>012*****89</td><td>212345678</td></tr></tbody></table>")


def test_in_a_row_of_two_the_left_says_what_the_right_is() -> None:
    assert kinds(clean("<table><tr><td>Số tài khoản</td><td>0123456789</td></tr></table>")) == ["account 0123456789"]


def test_what_is_said_of_a_picture_and_below_it_is_looked_through() -> None:
    picture = f'<img src="/anh/{"0a" * 16}/640.webp" alt="Thẻ &quot;CCCD&quot; 051078001234 của ông A">'
    html = clean(f"<p>a</p><figure>{picture}<figcaption>Gọi 0912 345 678</figcaption></figure>")
    assert [(one.text, one.paragraph) for one in found(html)] == [("051078001234", 2), ("0912 345 678", 2)]
    shown = html.replace("051078001234", "051*******34").replace("0912 345 678", "091* *** *78")
    assert masked(html, found(html)) == shown == clean(shown)


def test_a_picture_in_a_table_is_looked_through_under_the_head_of_its_column() -> None:
    picture = f'<figure><img src="/anh/{"0a" * 16}/640.webp" alt="212345678"><figcaption>a</figcaption></figure>'
    rows = f"<tr><th>Họ tên</th><th>Số CMND</th><th>Ảnh</th></tr><tr><td>A</td><td>{picture}</td><td>{picture}</td></tr>"
    assert kinds(clean(f"<table>{rows}</table>")) == ["identity_card 212345678"]


def test_words_of_another_paragraph_do_not_count() -> None:
    assert kinds("<p>CMND</p><p>212345678</p>") == []


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("CCCD 051078001234", "CCCD 051*******34"),
        ("051 078 001 234", "051 *** *** *34"),
        ("+84 912 345 678", "+84 9** *** *78"),
        ("CMND 212345678", "CMND 212****78"),
    ],
)
def test_masking_leaves_the_first_three_figures_and_the_last_two(line: str, shown: str) -> None:
    assert masked(line, found(line)) == shown


@pytest.mark.parametrize("line", NOTICED)
def test_what_is_masked_is_found_no_more(line: str) -> None:
    assert found(masked(line, found(line))) == []


pieces = st.sampled_from(
    [*NOTICED, *LEFT, "<p>", "</p>", "<strong>", "</strong>", "&nbsp;", "&amp;", "\n", "e\u0301", "<table><tr><td>"]
)


@given(st.lists(pieces | st.text("0123456789 .+()<>&;a", max_size=8), max_size=8).map("".join))
def test_places_lie_in_the_source_in_order_and_apart(source: str) -> None:
    for html in (source, clean(source)):
        some = found(html)
        assert all(one.end <= other.start for one, other in pairwise(some))
        assert all(html[one.start : one.end][-1] in "0123456789" for one in some)
        assert len(masked(html, some)) == len(html)


def test_a_value_says_all_that_a_list_of_them_shows() -> None:
    assert found("a\nĐT 0912345678") == [Found("telephone", "0912345678", 5, 15, 2)]
