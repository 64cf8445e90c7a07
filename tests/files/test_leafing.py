"""A PDF's pages become pictures with their text; what is wrong with it is said in a word."""

from pathlib import Path
from typing import Any

import pytest

from portal.demo.articles import PLAN_PDF
from portal.files import leaves
from tests.files import samples


def leafed(folder: Path, pdf: bytes, seconds: float = 60) -> dict[str, Any]:
    source = folder / "source"
    source.write_bytes(pdf)
    return leaves.leaf_through({"source": str(source), "into": str(folder), "seconds": seconds})


def test_every_page_has_its_picture_and_its_text(tmp_path: Path) -> None:
    made = leafed(tmp_path, samples.a_pdf(["Mot", "Hai", "Ba"]))
    assert made["pages"] == 3
    assert made["texts"] == ["Mot", "Hai", "Ba"]
    assert [(sheet["page"], sheet["width"], sheet["height"]) for sheet in made["sheets"]] == [(n, 900, 1274) for n in (1, 2, 3)]
    assert {samples.seen(path.read_bytes()).size for path in tmp_path.glob("*.webp")} == {(900, 1274)}


def test_vietnamese_text_is_read_with_its_marks(tmp_path: Path) -> None:
    (text,) = leafed(tmp_path, PLAN_PDF.read_bytes())["texts"]
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT" in text


def test_a_page_without_text_is_drawn_all_the_same(tmp_path: Path) -> None:
    made = leafed(tmp_path, samples.a_pdf([""]))
    assert (made["texts"], len(made["sheets"])) == ([""], 1)


@pytest.mark.parametrize(("extra", "signed"), [("", False), (samples.SIGNED, True), (samples.TO_BE_SIGNED, False)])
def test_a_signature_is_seen_where_there_is_one(tmp_path: Path, extra: str, *, signed: bool) -> None:
    assert leafed(tmp_path, samples.a_pdf(extra=extra))["is_signed"] is signed


@pytest.mark.parametrize("size", ["14400 1", "1 14400", "14400 14400", "0 0", "3 3"])
def test_a_page_of_a_strange_shape_is_no_large_picture(tmp_path: Path, size: str) -> None:
    for sheet in leafed(tmp_path, samples.a_pdf(size=size))["sheets"]:
        assert sheet["width"] <= leaves.WIDTH + 1
        assert sheet["height"] <= leaves.TALLEST + 1


def test_of_a_long_document_only_the_beginning_is_drawn_and_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaves, "MOST_PICTURED", 2)
    monkeypatch.setattr(leaves, "MOST_READ", 3)
    made = leafed(tmp_path, samples.a_pdf(["Mot"] * 5_000))
    assert (made["pages"], len(made["texts"]), len(made["sheets"])) == (5_000, 3, 2)


def test_what_is_not_done_in_time_is_left_out(tmp_path: Path) -> None:
    made = leafed(tmp_path, samples.a_pdf(["Mot", "Hai"]), seconds=-1)
    assert (made["pages"], made["texts"], made["sheets"]) == (2, [], [])


def test_a_page_that_says_too_much_is_cut(tmp_path: Path) -> None:
    (text,) = leafed(tmp_path, samples.a_pdf(["a" * 30_000]))["texts"]
    assert len(text) <= leaves.MOST_OF_A_PAGE


BAD = {
    "one with a password": (samples.a_pdf(trailer=samples.LOCKED), "encrypted"),
    "rubbish": (b"%PDF-1.7\nrubbish", "broken"),
    "half of one": (PLAN_PDF.read_bytes()[:700], "broken"),
    "a page of HTML": (b"<html>", "broken"),
    "nothing": (b"", "broken"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_is_said_in_a_word(tmp_path: Path, name: str) -> None:
    pdf, word = BAD[name]
    with pytest.raises(ValueError, match=rf"\A{word}\Z"):
        leafed(tmp_path, pdf)
