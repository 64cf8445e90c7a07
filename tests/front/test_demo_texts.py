"""The demo's texts: enough of them for a believable site, clean, and with nobody in them but the one cast."""

import re
from collections import Counter
from itertools import takewhile
from pathlib import Path

import pytest

from portal.core.html import clean
from portal.core.text import nfc
from portal.demo import articles, polls, reading, texts
from portal.demo.reading import CONTENT
from tests import cast
from tests.front.conftest import Words

FILES = sorted(CONTENT.rglob("*.html")) + sorted(CONTENT.rglob("*.txt"))
MOST_PDF_OCTETS = 1_000_000
FAMILY = re.compile(r"\b(Nguyễn|Trần|Lê|Phạm|Huỳnh|Hoàng|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương)(?=((?: \w+)+))")


def named(text: str) -> set[str]:
    """Return the people of a text: a family name with the capitalised words that follow it."""
    found = ((family, list(takewhile(lambda word: word[0].isupper(), rest.split()))) for family, rest in FAMILY.findall(text))
    return {" ".join([family, *given]) for family, given in found if given}


def test_there_is_enough_for_a_believable_site() -> None:
    vietnamese = [text for text in articles.read() if text.language == "vi"]
    assert len(vietnamese) >= 60
    assert {text.section for text in vietnamese} == set(texts.SECTIONS)
    assert len(texts.SECTIONS) == 6
    assert len([sheet for sheet in reading.sheets() if sheet.language == "vi"]) >= 12
    assert len({name for text in articles.read() for name in text.attachments}) >= 8
    assert len(list((CONTENT / "pictures").glob("*.webp"))) >= 20
    assert len(polls.read()) == 3


def test_every_section_has_a_name_in_both_languages_and_an_address_of_its_own() -> None:
    for lang in ("vi", "en"):
        names = [section[lang] for section in texts.SECTIONS.values()]
        assert len(set(names)) == len(names)


def test_the_texts_hold_nothing_that_the_sanitizer_takes_away() -> None:
    for path in sorted((CONTENT / "articles").glob("*.html")) + sorted((CONTENT / "pages").glob("*.html")):
        body = path.read_text("utf-8").partition("\n\n")[2].replace("<lead>", "<p>").replace("</lead>", "</p>")
        cleaned = clean(body)
        assert Words(cleaned).text == Words(body).text, path.name
        assert Counter(re.findall(r"<(\w+)", cleaned)) - Counter(tbody=99) <= Counter(re.findall(r"<(\w+)", body)), path.name


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.name))
def test_a_text_is_composed_and_names_nobody_but_the_cast(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text == nfc(text)
    assert named(text) <= set(cast.PEOPLE.values())


def test_a_name_would_be_found() -> None:
    assert named("Ông Nguyễn Văn Bình và bà Lê Thị Hoa ở Hà Nội, sông Trà") == {"Nguyễn Văn Bình", "Lê Thị Hoa"}


def test_every_author_is_of_the_cast() -> None:
    assert {text.author_line for text in articles.read()} - {""} <= set(cast.PEOPLE.values())


def test_no_number_or_address_of_the_demo_belongs_to_somebody() -> None:
    for path in FILES:
        text = path.read_text("utf-8")
        assert re.findall(r"https?://(?!example\.vn\b)[^\s\"<]+", text) == [], path.name
        assert re.findall(r"[\w.-]+@(?!example\.vn\b)[\w.-]+", text) == [], path.name
        assert [number for number in re.findall(r"\b0\d{2,3} ?\d{3} ?\d{3,4}\b", text) if not number.startswith("0255 000")] == []


def test_the_documents_are_small_and_one_is_a_scan_without_text() -> None:
    documents = sorted((CONTENT / "documents").glob("*.pdf"))
    assert sum(path.stat().st_size for path in documents) < MOST_PDF_OCTETS
    assert {path.stem for path in documents} == {path.stem for path in (CONTENT / "documents").glob("*.html")}
    scans = [path.stem for path in documents if b"/Font" not in path.read_bytes()]
    assert scans == ["ban-quet-thong-bao-lich-tiep-cong-dan"]


def test_every_picture_says_what_it_shows() -> None:
    said = reading.names("pictures/alt.txt", "|")
    assert set(said) == {path.name for path in (CONTENT / "pictures").glob("*.svg")}
    assert all(said.values())
    for text in articles.read():
        for shown in (*text.pictures, *text.album):
            assert shown.alt, text.title
            assert shown.name in said


def test_translations_share_a_group_with_their_original() -> None:
    groups = {text.group for text in articles.read() if text.language == "vi"}
    assert {text.group for text in articles.read() if text.language == "en"} <= groups
    pages = {sheet.group for sheet in reading.sheets() if sheet.language == "vi"}
    assert {sheet.group for sheet in reading.sheets() if sheet.language == "en"} <= pages


def test_the_polls_add_up() -> None:
    one, looks = polls.read()[1:], polls.read()[0]
    assert looks.choices == (("Đẹp", 0), ("Bình thường", 1), ("Xấu", 1))
    for asked in one:
        votes = sum(number for _, number in asked.choices)
        assert asked.fewest * asked.voters <= votes <= asked.most * asked.voters
