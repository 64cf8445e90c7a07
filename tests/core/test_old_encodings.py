"""Text typed in TCVN3 or VNI is noticed, converted letter by letter, and nothing else is taken for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.old_encodings import TCVN3, VNI, Encoding, converted, looks_like
from portal.core.syllables import is_syllable
from portal.core.text import nfc
from tests.core.test_vietnamese_text import VIETNAMESE

LETTERS = [letter for letter in VIETNAMESE if not letter.isascii()]
IN_TCVN3 = {letter: code for code, letter in TCVN3.items() if code != "μ"}
IN_VNI = {letter: code for code, letter in VNI.items()}

SENTENCES = (
    "Ủy ban nhân dân tỉnh ban hành kế hoạch truyền thông về hoạt động kiểm soát thủ tục hành chính",
    "Căn cứ Nghị định số 63/2010/NĐ-CP ngày 08 tháng 6 năm 2010 của Chính phủ",
    "Sở Khoa học và Công nghệ đề nghị các đơn vị thực hiện nghiêm túc, báo cáo trước ngày 15/12",
    "Xây dựng, củng cố đội ngũ cán bộ đủ phẩm chất và năng lực",
    "Người dân gửi ý kiến qua website hoặc gọi số điện thoại của Trung tâm",
)
FOREIGN = (
    "Le théâtre à côté de l'école où l'été a été très chaud, dès août",
    "Der Fluß für Öl, über Straßen und Gärten, schön und groß",
    "El niño señala que mañana habrá más información en español",
    "A informação não é só para João e os campeões",
    "Måste få gå på så många små båtar",
    "The plan was approved on 17/03/2022 © 2022, ½ of it ® at 5 µm · 10 µm · 12 °C",
    "5 µm, 10 µm, 15 µm",
    "col·lecció 1ª § 12, ¶ 3",
    "1.957.856",
    "923/QĐ-TTg",
    "UBND KH SKHCN",
    "",
)


def typed(text: str, encoding: Encoding) -> str:
    """Return a text as somebody typed it then. TCVN3 has seven capitals with marks; the others were typed small."""
    if encoding == "tcvn3":
        return "".join(IN_TCVN3.get(letter) or IN_TCVN3.get(letter.lower(), letter) for letter in text)
    return "".join(IN_VNI[c] if c in IN_VNI else IN_VNI[c.lower()].upper() if c.lower() in IN_VNI else c for c in text)


def test_both_encodings_have_all_67_letters_with_marks() -> None:
    assert len(LETTERS) == len(set(LETTERS)) == 67
    assert set(LETTERS) <= set(IN_TCVN3)
    assert set(LETTERS) == set(IN_VNI)


@pytest.mark.parametrize("letter", [*LETTERS, *map(str.upper, LETTERS)])
def test_each_of_the_134_letters_comes_back(letter: str) -> None:
    assert converted(typed(letter, "vni"), "vni") == letter
    assert converted(typed(letter, "tcvn3"), "tcvn3", capitals=letter.isupper()) == letter


@given(st.text(alphabet=VIETNAMESE + " 0123456789/-.,", max_size=80))
def test_a_text_comes_back_whole(text: str) -> None:
    assert converted(typed(text, "vni"), "vni") == converted(typed(text, "tcvn3"), "tcvn3") == text


@given(st.text())
def test_what_is_converted_is_composed(text: str) -> None:
    for encoding in ("tcvn3", "vni"):
        assert converted(text, encoding) == nfc(converted(text, encoding))  # type: ignore[arg-type]


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("encoding", ["tcvn3", "vni"])
def test_a_sentence_in_an_old_encoding_is_noticed(sentence: str, encoding: Encoding) -> None:
    assert looks_like(typed(sentence, encoding)) == encoding


@pytest.mark.parametrize(
    ("text", "encoding", "meant"),
    [
        ("Uû ban nh©n d©n tØnh Qu¶ng Ng·i", "tcvn3", "Uỷ ban nhân dân tỉnh Quảng Ngãi"),
        ("céng hßa x· héi chñ nghÜa viÖt nam", "tcvn3", "cộng hòa xã hội chủ nghĩa việt nam"),
        ("n\xadíc", "tcvn3", "nước"),
        ("UÛy ban nhaân daân tænh Quaûng Ngaõi", "vni", "Ủy ban nhân dân tỉnh Quảng Ngãi"),
        ("Coäng hoøa xaõ hoäi chuû nghóa", "vni", "Cộng hòa xã hội chủ nghĩa"),
    ],
)
def test_what_such_documents_hold_reads_as_it_was_meant(text: str, encoding: Encoding, meant: str) -> None:
    assert converted(text, encoding) == meant


def test_a_font_of_capitals_drew_small_letters_as_capitals() -> None:
    assert converted("quyÕt ®Þnh", "tcvn3", capitals=True) == "QUYẾT ĐỊNH"


@pytest.mark.parametrize("text", [*SENTENCES, *map(str.upper, SENTENCES), *FOREIGN])
def test_unicode_and_foreign_text_is_left_alone(text: str) -> None:
    assert looks_like(text) is None


@given(st.text())
def test_any_text_may_be_asked_about(text: str) -> None:
    assert looks_like(text) in {None, "tcvn3", "vni"}


@pytest.mark.parametrize("word", ["nghiêng", "Quảng", "HOÀ", "hòa", "giữ", "gì", "khuỷu", "thuở", "ương", "đ" + "ược", "uỷ", "ý"])
def test_a_syllable_is_known(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["", "website", "cac", "céng", "ngẽ", "nhaân", "tØnh", "ắ" + "ắn", "kả", "für", "năo", "x" * 50])
def test_what_nobody_spells_is_no_syllable(word: str) -> None:
    assert not is_syllable(word)
