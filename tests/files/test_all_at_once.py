"""All attachments of an article come as one ZIP, made while it is sent."""

import io
import zipfile
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.http import parse_options_header

from portal.core import clock
from portal.core.db import db
from portal.files import archive, attachments
from tests import cast
from tests.client import PortalClient


@pytest.fixture
def database() -> str:
    """Bytes are on disk, whatever the database."""
    return "sqlite"


def an_article_with(*names: str) -> int:
    article = cast.an_article()
    for number, name in enumerate(names):
        cast.an_attachment(article, cast.A_PDF + bytes([number]) * (number + 1) * 1_000, name)
    return article


def unpacked(client: PortalClient, article: int) -> zipfile.ZipFile:
    answer = client.get(f"/tep/tat-ca/article-{article}.zip")
    assert answer.status_code == 200
    return zipfile.ZipFile(io.BytesIO(answer.data))


def test_every_file_is_in_it_under_its_own_name(client: PortalClient) -> None:
    whole = unpacked(client, an_article_with("Kế hoạch số 30.pdf", "Phụ lục đính kèm.pdf", "постановление.pdf"))
    assert whole.testzip() is None
    assert whole.namelist() == ["Kế hoạch số 30.pdf", "Phụ lục đính kèm.pdf", "постановление.pdf"]
    assert whole.read("Phụ lục đính kèm.pdf") == cast.A_PDF + b"\x01" * 2_000
    assert all(info.flag_bits & 0x800 for info in whole.infolist()), "names are told to be UTF-8"
    assert all(info.compress_type == zipfile.ZIP_STORED for info in whole.infolist())


def test_the_same_name_twice_is_two_names(client: PortalClient) -> None:
    whole = unpacked(client, an_article_with("Phụ lục.pdf", "Phụ lục.pdf", "PHỤ LỤC.PDF", "Phụ lục (2).pdf"))
    assert len({name.casefold() for name in whole.namelist()}) == 4


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\Windows\\system32.pdf", "C__Windows_system32.pdf"),
        ('Tờ trình: "mới" <1>?.pdf', "Tờ trình_ _mới_ _1__.pdf"),
        (".htaccess", "htaccess"),
        ("..", "_"),
        ("", "_"),
        ("Kế\x00 hoạch\u202e.pdf", "Kế hoạch.pdf"),
        ("đ" * 250 + ".pdf", "đ" * 98 + ".pdf"),
        ("a." + "b" * 250, "a." + "b" * 19),
    ],
)
def test_a_name_is_one_that_every_disk_takes(name: str, safe: str) -> None:
    assert archive.safe_name(name) == safe
    assert len(safe.encode()) <= archive.LONGEST_NAME


@pytest.mark.parametrize("names", [("Một.pdf", "Hai.pdf"), ("đ" * 99 + ".pdf", "a", "Ấ.pdf", "Ấ.pdf")])
def test_its_length_is_told_before_it_begins(client: PortalClient, names: tuple[str, ...]) -> None:
    answer = client.get(f"/tep/tat-ca/article-{an_article_with(*names)}.zip")
    assert int(answer.headers["Content-Length"]) == len(answer.data)


def test_an_empty_file_is_a_file(client: PortalClient) -> None:
    article = an_article_with("Một.pdf")
    cast.an_attachment(article, b"", "Trống.txt")
    answer = client.get(f"/tep/tat-ca/article-{article}.zip")
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert zipfile.ZipFile(io.BytesIO(answer.data)).read("Trống.txt") == b""


def test_it_is_sent_in_small_pieces_as_it_is_read(app: Flask, tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a", "b")]
    for path in paths:
        path.write_bytes(bytes(3_000_000))
    changed = (2026, 11, 23, 8, 0, 0)
    parts = [archive.Member(path.name, path, 3_000_000, changed) for path in paths]
    pieces = archive.pieces(parts)
    assert max(len(piece) for piece in pieces) < archive.PIECE + 1_000
    begun = archive.pieces(parts)
    next(begun)
    paths[1].unlink()
    with pytest.raises(FileNotFoundError):
        list(begun)


def test_the_server_gets_pieces_and_no_list(app: Flask) -> None:
    article = an_article_with("Một.pdf", "Hai.pdf")
    answer = app.test_client().get(f"/tep/tat-ca/article-{article}.zip", buffered=False)
    assert answer.is_streamed
    answer.close()


def test_it_is_saved_and_runs_nothing(client: PortalClient) -> None:
    headers = client.get(f"/tep/tat-ca/article-{an_article_with('Một.pdf', 'Hai.pdf')}.zip").headers
    kind, options = parse_options_header(headers["Content-Disposition"])
    assert (kind, options["filename"]) == ("attachment", "Kế hoạch truyền thông năm 2022.zip")
    assert headers["Content-Type"] == "application/zip"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-cache"
    assert "Set-Cookie" not in headers


def test_who_has_it_is_told_so(client: PortalClient) -> None:
    article = an_article_with("Một.pdf", "Hai.pdf")
    url = f"/tep/tat-ca/article-{article}.zip"
    etag = client.get(url).headers["ETag"]
    assert client.get(url, headers={"If-None-Match": etag}).status_code == 304
    cast.an_attachment(article, name="Ba.pdf")
    assert client.get(url, headers={"If-None-Match": etag}).status_code == 200


def test_head_says_the_size_and_opens_no_file(client: PortalClient, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"/tep/tat-ca/article-{an_article_with('Một.pdf', 'Hai.pdf')}.zip"
    length = len(client.get(url).data)
    monkeypatch.setattr(Path, "open", lambda *_: pytest.fail("opened"))
    answer = client.head(url)
    assert (answer.status_code, answer.data, answer.headers["Content-Length"]) == (200, b"", str(length))


def test_the_button_says_how_much_it_is(client: PortalClient) -> None:
    article = an_article_with("Một.pdf", "Hai.pdf")
    page = client.get(cast.article_path(article)).text
    assert f'href="/tep/tat-ca/article-{article}.zip"' in page
    assert "Tải tất cả (ZIP, 3,1 kB)" in page


def test_one_file_needs_no_zip(client: PortalClient) -> None:
    article = an_article_with("Một.pdf")
    assert "/tep/tat-ca/" not in client.get(cast.article_path(article)).text
    assert client.get(f"/tep/tat-ca/article-{article}.zip").status_code == 404


def test_what_is_too_much_for_a_phone_is_offered_one_by_one(client: PortalClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "LARGEST", 2_000)
    article = an_article_with("Một.pdf", "Hai.pdf")
    assert "/tep/tat-ca/" not in client.get(cast.article_path(article)).text
    assert client.get(f"/tep/tat-ca/article-{article}.zip").status_code == 404


@pytest.mark.parametrize("values", [{"withdrawn_at": 1}, {"published_at": 2**42}])
def test_what_is_not_public_is_not_sent(client: PortalClient, values: dict[str, int]) -> None:
    article = an_article_with("Một.pdf", "Hai.pdf")
    url = f"/tep/tat-ca/article-{article}.zip"
    assert client.get(url).status_code == 200
    cast.change_article(article, **values)
    assert client.get(url).status_code == 404


@pytest.mark.parametrize(
    "thing", ["article-0", "article--1", "article-01", "article-9223372036854775808", "article-%D9%A1", "draft-1"]
)
def test_a_thing_that_is_none_is_not_found(client: PortalClient, thing: str) -> None:
    an_article_with("Một.pdf", "Hai.pdf")
    assert client.get(f"/tep/tat-ca/{thing}.zip").status_code == 404


def test_the_day_of_a_file_is_the_day_it_came(app: Flask) -> None:
    article = an_article_with("Một.pdf", "Hai.pdf")
    (first, *_) = archive.members(db.session.scalars(attachments.at(f"article:{article}")))
    assert first.changed[:3] == clock.local(clock.now_ms()).timetuple()[:3]
