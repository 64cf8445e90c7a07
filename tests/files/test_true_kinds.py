"""What a file is, is told by its bytes; only a true PDF opens in the browser."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.files.storage import UNKNOWN, true_kind
from tests import cast
from tests.client import PortalClient


@pytest.fixture
def database() -> str:
    """Kinds are told by bytes."""
    return "sqlite"


DISGUISED = {
    "a page": b"<!doctype html><html><script>alert(1)</script></html>",
    "a picture with a script": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>',
    "a page that mentions PDF": b"<html><script>alert(1)</script>%PDF-1.4</html>",
    "a script": b"alert(1)",
    "a program": b"MZ\x90\x00" + bytes(60),
    "nothing": b"",
    "text": "Kế hoạch".encode(),
    "an XML page": b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>',
}


@pytest.mark.parametrize("kind", DISGUISED)
def test_what_is_named_pdf_but_is_none_does_not_open(client: PortalClient, kind: str) -> None:
    key = cast.an_attachment(cast.an_article(), DISGUISED[kind], "Kế hoạch.pdf")
    assert client.get(f"/tep/{key}/mo").status_code == 404
    answer = client.get(f"/tep/{key}")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.data == DISGUISED[kind]


def test_a_pdf_opens_whatever_its_name(client: PortalClient) -> None:
    key = cast.an_attachment(cast.an_article(), name="trang.html")
    answer = client.get(f"/tep/{key}/mo")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("inline")


def test_a_known_kind_that_is_no_pdf_is_only_saved(client: PortalClient) -> None:
    picture = b"\x89PNG\r\n\x1a\n" + bytes(40)
    key = cast.an_attachment(cast.an_article(), picture, "ảnh.png")
    assert true_kind(picture) == "image/png"
    assert client.get(f"/tep/{key}/mo").status_code == 404
    assert client.get(f"/tep/{key}").headers["Content-Type"] == "application/octet-stream"


@given(st.binary(max_size=200))
def test_any_bytes_have_a_kind(content: bytes) -> None:
    assert "/" in true_kind(content)


@given(st.binary(max_size=60), st.sampled_from([b"<html", b"<script", b"<svg", b"<?xml"]))
def test_what_begins_as_markup_is_never_a_pdf(content: bytes, begin: bytes) -> None:
    assert true_kind(begin + content) != "application/pdf"


def test_bytes_that_show_nothing_are_only_bytes() -> None:
    assert true_kind(b"\x00\x01\x02") == UNKNOWN
