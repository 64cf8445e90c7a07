"""Which files are taken: what the name says and what the content is, both; nothing that deceives or fills a disk."""

import zipfile
from pathlib import Path

import pytest
from flask import Flask

from portal.core.errors import Refused
from portal.files import kinds
from tests import cast
from tests.files import documents, samples


@pytest.fixture
def database() -> str:
    """Kinds are told by bytes."""
    return "sqlite"


@pytest.fixture
def path(app: Flask, tmp_path: Path) -> Path:
    return tmp_path / "file"


@pytest.mark.parametrize("ending", documents.GOOD)
def test_each_kind_is_taken_under_its_own_ending_and_no_other(path: Path, ending: str) -> None:
    path.write_bytes(documents.GOOD[ending])
    assert kinds.judged(path, f"Tệp.{ending.upper()}") is kinds.KINDS[ending]
    for other in documents.GOOD.keys() - {ending}:
        with pytest.raises(Refused, match=f"“Tệp.{other}”"):
            kinds.judged(path, f"Tệp.{other}")


DISGUISED: dict[str, tuple[str, bytes]] = {
    "a page": ("a.pdf", documents.A_PAGE),
    "a page that is a PDF too": ("a.pdf", documents.A_PAGE + cast.A_PDF),
    "a drawing": ("a.png", samples.A_DRAWING),
    "a script": ("a.mp3", b"alert(1)"),
    "a program": ("a.zip", b"MZ\x90\x00" + bytes(600)),
    "a program with a ZIP behind it": ("a.zip", b"MZ\x90\x00" + bytes(600) + documents.a_zip()),
    "a ZIP with a PDF before it": ("a.zip", cast.A_PDF + documents.a_zip()),
    "a broken ZIP": ("a.docx", b"PK\x03\x04" + bytes(600)),
    "a ZIP with no document in it": ("a.docx", documents.a_zip()),
    "a document with programs": ("a.docx", documents.an_office_document("word/document.xml", **{"word/vbaProject.bin": b"x"})),
    "a film of another kind": ("a.mp4", b"\x00\x00\x00\x14ftypqt  \x00\x00\x02\x00qt  " + bytes(80)),
    "a broken compound file": ("a.doc", bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600)),
    "a compound file of another program": ("a.xls", documents.a_compound("Contents")),
    "nothing but a mark": ("a.rar", b"Rar"),
    "text": ("a.pdf", "Kế hoạch".encode()),
}


@pytest.mark.parametrize("what", DISGUISED)
def test_what_is_not_what_its_name_says_is_refused(path: Path, what: str) -> None:
    name, content = DISGUISED[what]
    path.write_bytes(content)
    with pytest.raises(Refused, match=f"“{name}”: nội dung tệp không đúng với đuôi"):
        kinds.judged(path, name)


@pytest.mark.slow(why="compresses a hundred megabytes of nothing")
def test_a_zip_that_would_fill_the_disk_is_refused(path: Path) -> None:
    path.write_bytes(documents.a_zip_bomb())
    with pytest.raises(Refused):
        kinds.judged(path, "a.zip")


def test_a_zip_of_too_many_members_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.files.containers.MOST_MEMBERS", 3)
    path.write_bytes(documents.a_zip({str(number): b"" for number in range(4)}))
    with pytest.raises(Refused):
        kinds.judged(path, "a.zip")


@pytest.mark.parametrize(
    "name", ["a.html", "a.svg", "a.exe", "a.pdf.exe", "a.js", "a", "pdf", "a.docm", "a.pdf\u202efdp.exe", ""]
)
def test_other_endings_are_refused_with_those_that_are_taken(app: Flask, name: str) -> None:
    with pytest.raises(Refused, match=r"không nhận loại tệp này\. Các loại được nhận: PDF, DOCX"):
        kinds.kind_of(kinds.named(name))


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Tài liệu\\Kế hoạch.pdf", "Kế hoạch.pdf"),
        ("Kế hoạch\r\nSet-Cookie: x.pdf", "Kế hoạch Set-Cookie: x.pdf"),
        ('Tờ trình "mới".pdf', 'Tờ trình "mới".pdf'),
        ("hoa\u202efdp.exe.pdf", "hoafdp.exe.pdf"),
        ("Kế hoa\u0323ch.pdf", "Kế hoạch.pdf"),
        ("a\x00.pdf", "a.pdf"),
        ("..pdf", "pdf"),
        ("đ" * 400 + ".pdf", "đ" * 196 + ".pdf"),
        ("a." + "b" * 400, "a." + "b" * 19),
    ],
)
def test_a_name_is_kept_as_one_plain_line(said: str, kept: str) -> None:
    assert kinds.named(said) == kept


def test_a_zip_that_is_all_list_is_refused_unread(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.files.containers.LARGEST_DIRECTORY", 1_000)
    path.write_bytes(documents.a_zip({f"{number:030}": b"" for number in range(9)}))
    assert kinds.judged(path, "a.zip").letters == "ZIP"
    path.write_bytes(documents.a_zip({f"{number:030}": b"" for number in range(40)}))
    monkeypatch.setattr("zipfile.ZipInfo", lambda *_: pytest.fail("a member was looked at"))
    with pytest.raises(Refused):
        kinds.judged(path, "a.zip")


@pytest.mark.parametrize("compression", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_is_packed_wrongly_is_refused(path: Path, compression: int) -> None:
    kind = b"application/vnd.oasis.opendocument.text" * 2
    whole = bytearray(documents.a_zip({"mimetype": kind}, compression=compression))
    packed = slice(39, 39 + 20)  # what follows the header of a member whose name has eight letters
    whole[packed] = bytes(20)
    path.write_bytes(whole)
    with pytest.raises(Refused):
        kinds.judged(path, "a.odt")
