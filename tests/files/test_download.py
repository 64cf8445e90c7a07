"""A file is downloaded whole or in parts, under its real name, and runs nothing."""

import unicodedata
from urllib.parse import quote

import pytest
from werkzeug.http import parse_options_header

from tests import cast
from tests.client import PortalClient


@pytest.fixture
def database() -> str:
    """Bytes are on disk, whatever the database."""
    return "sqlite"


@pytest.fixture
def url() -> str:
    """The address of an attachment of a thousand bytes."""
    return f"/tep/{cast.an_attachment(cast.an_article(), CONTENT, 'Phụ lục.pdf')}"


CONTENT = cast.A_PDF + bytes(number % 251 for number in range(1_000 - len(cast.A_PDF)))

NAMES = [
    "KE HOACH TRUYEN THONG VE HOAT ĐONG KIEM SOAT TTHC NAM 2022.pdf",
    "Kế hoạch số 30.pdf",
    unicodedata.normalize("NFD", "Kế hoạch số 30.pdf"),
    'a "quoted" & <b>; x=y.pdf',
    "постановление.pdf",
    "100% – “mới”.pdf",
    "đ" * 250 + ".pdf",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_saved_under_its_real_name(client: PortalClient, name: str) -> None:
    key = cast.an_attachment(cast.an_article(), name=name)
    said = client.get(f"/tep/{key}").headers["Content-Disposition"]
    kind, options = parse_options_header(said)
    assert kind == "attachment"
    assert options["filename"] == unicodedata.normalize("NFC", name)
    assert said.isascii()
    if not name.isascii():
        assert f"filename*=UTF-8''{quote(unicodedata.normalize('NFC', name), safe='!#$&+-.^_`|~')}" in said


def test_a_name_that_would_deceive_or_break_a_header_is_mended(client: PortalClient) -> None:
    key = cast.an_attachment(cast.an_article(), name="../../etc\x00/pass\r\nSet-Cookie: x\u202efdp.exe ")
    answer = client.get(f"/tep/{key}")
    assert "Set-Cookie" not in answer.headers
    assert "\u202e" not in parse_options_header(answer.headers["Content-Disposition"])[1]["filename"]
    assert answer.data == cast.A_PDF


def test_the_whole_file_is_sent(client: PortalClient, url: str) -> None:
    answer = client.get(url)
    assert answer.data == CONTENT
    assert answer.headers["Content-Length"] == "1000"
    assert answer.headers["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize(
    ("asked", "part", "said"),
    [
        ("bytes=0-9", slice(0, 10), "bytes 0-9/1000"),
        ("bytes=990-", slice(990, 1000), "bytes 990-999/1000"),
        ("bytes=-5", slice(995, 1000), "bytes 995-999/1000"),
        ("bytes=5-5", slice(5, 6), "bytes 5-5/1000"),
        ("bytes=900-99999", slice(900, 1000), "bytes 900-999/1000"),
    ],
)
def test_a_part_is_sent_where_a_part_is_asked_for(client: PortalClient, url: str, asked: str, part: slice, said: str) -> None:
    for path in (url, url + "/mo"):
        answer = client.get(path, headers={"Range": asked})
        assert (answer.status_code, answer.data) == (206, CONTENT[part])
        assert answer.headers["Content-Range"] == said


@pytest.mark.parametrize("asked", ["bytes=1000-", "bytes=5000-6000"])
def test_a_part_that_is_not_there_is_refused(client: PortalClient, url: str, asked: str) -> None:
    answer = client.get(url, headers={"Range": asked})
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == "bytes */1000"
    assert CONTENT[:100] not in answer.data


@pytest.mark.parametrize("asked", ["bytes=9-0", "bytes=a-b", "lines=1-2", "bytes=", "bytes=0-1,5-6", "x" * 5_000])
def test_a_question_that_is_none_is_answered_and_breaks_nothing(client: PortalClient, url: str, asked: str) -> None:
    assert client.get(url, headers={"Range": asked}).status_code in {200, 206, 416}


def test_a_part_of_another_version_is_not_mixed_in(client: PortalClient, url: str) -> None:
    etag = client.get(url).headers["ETag"]
    assert client.get(url, headers={"Range": "bytes=0-9", "If-Range": etag}).status_code == 206
    answer = client.get(url, headers={"Range": "bytes=0-9", "If-Range": '"other"'})
    assert (answer.status_code, answer.data) == (200, CONTENT)


def test_who_has_the_file_is_told_so(client: PortalClient, url: str) -> None:
    etag = client.get(url).headers["ETag"]
    answer = client.get(url, headers={"If-None-Match": etag})
    assert (answer.status_code, answer.data) == (304, b"")
    assert not etag.startswith("W/")


def test_head_says_the_size_without_the_bytes(client: PortalClient, url: str) -> None:
    answer = client.head(url)
    assert (answer.status_code, answer.data, answer.headers["Content-Length"]) == (200, b"", "1000")


def test_a_file_runs_nothing_and_stands_in_no_frame(client: PortalClient, url: str) -> None:
    for path in (url, url + "/mo"):
        headers = client.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "Set-Cookie" not in headers
    assert "sandbox" in client.get(url).headers["Content-Security-Policy"]


def test_a_file_can_be_read_by_nobody_once_it_is_withdrawn_from_browsers_memories(client: PortalClient, url: str) -> None:
    """A cache may keep the bytes but asks again each time."""
    control = client.get(url).headers["Cache-Control"]
    assert "no-cache" in control or "no-store" in control or "must-revalidate" in control


@pytest.mark.parametrize("key", ["unknown", "a" * 22, "..%2f..%2fsecret_key", "%00", "1", "A" * 900])
def test_a_key_that_is_none_is_not_found(client: PortalClient, url: str, key: str) -> None:
    assert client.get(f"/tep/{key}").status_code == 404
    assert client.get(f"/tep/{key}/mo").status_code == 404
