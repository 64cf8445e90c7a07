"""Vietnamese text is folded, cleaned and made into addresses."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.text import SLUG_LENGTH, clean_line, fold, nfc, slug, words

VIETNAMESE = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
texts = st.text() | st.text(alphabet=VIETNAMESE + VIETNAMESE.upper() + "Ðð -–0123456789/\u0301\u0338\u200b")


@given(texts)
def test_a_slug_is_small_latin_letters_figures_and_single_hyphens(text: str) -> None:
    assert re.fullmatch(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*)?", slug(text))


@given(texts | st.text(alphabet="aệ 9", min_size=60, max_size=300))
def test_a_slug_is_never_longer_than_its_column(text: str) -> None:
    assert len(slug(text)) <= SLUG_LENGTH


@given(texts | st.text(alphabet="aệ 9", min_size=60, max_size=300))
def test_a_slug_of_a_slug_is_the_same(text: str) -> None:
    assert slug(slug(text)) == slug(text)


@given(st.lists(st.text(alphabet="abđ", min_size=1, max_size=30), min_size=2, max_size=20))
def test_a_long_slug_is_cut_between_words(parts: list[str]) -> None:
    kept, whole = slug(" ".join(parts)).split("-"), [fold(part) for part in parts]
    assert kept == whole[: len(kept)]


def test_one_word_longer_than_a_slug_is_cut_hard() -> None:
    assert slug("x" * 200) == "x" * SLUG_LENGTH


def test_a_title_becomes_an_address_without_marks() -> None:
    assert slug("Kế hoạch số 30/KH-UBND: Đề án “Đổi mới”") == "ke-hoach-so-30-kh-ubnd-de-an-doi-moi"


@given(texts)
def test_folding_leaves_no_mark(text: str) -> None:
    assert not any(unicodedata.combining(c) for c in unicodedata.normalize("NFD", fold(text)))


@given(texts)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize("letter", ["đ", "Đ", "ð", "Ð"])
def test_every_form_of_the_barred_d_folds_to_d(letter: str) -> None:
    assert fold(letter) == "d"


def test_every_vietnamese_letter_folds_to_a_latin_one() -> None:
    assert re.fullmatch("[a-z]+", fold(VIETNAMESE + VIETNAMESE.upper()))


@given(st.text(alphabet=VIETNAMESE + VIETNAMESE.upper() + " "))
def test_composed_and_decomposed_letters_are_the_same_text(text: str) -> None:
    apart = unicodedata.normalize("NFD", text)
    assert (nfc(apart), fold(apart), slug(apart), words(apart)) == (nfc(text), fold(text), slug(text), words(text))


def test_words_are_folded_letters_and_figures() -> None:
    assert words("Quyết định 923/QĐ-TTg, ngày_1") == ["quyet", "dinh", "923", "qd", "ttg", "ngay", "1"]


@given(texts)
def test_a_clean_line_is_one_line_without_controls(text: str) -> None:
    line = clean_line(text)
    assert not any(unicodedata.category(c) == "Cc" for c in line)
    assert not any(unicodedata.bidirectional(c) in {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"} for c in line)
    assert line == line.strip()
    assert "  " not in line


@given(texts)
def test_a_clean_line_is_composed_and_stays_as_it_is(text: str) -> None:
    assert clean_line(text) == nfc(clean_line(text)) == clean_line(clean_line(text))


def test_a_name_made_to_read_backwards_is_set_right() -> None:
    assert clean_line("hoa\u202eexe.\u200bpdf\x00\n  2022") == "hoaexe.pdf 2022"
    assert clean_line("kế\u034f ho\u180eạch\u115f\u1160\u3164\uffa0") == "kế hoạch"
