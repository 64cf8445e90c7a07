"""Numbers in addresses and queries are strict, and a form leads back to this site alone."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.exceptions import HTTPException

from portal.core import web
from tests import cast
from tests.client import PortalClient


@pytest.fixture
def database() -> str:
    """Numbers are refused before the database is asked."""
    return "sqlite"


NO_IDS = ["0", "-1", "01", "1.0", "2147483648", "9223372036854775808", "9" * 40, "١", "1%00", "+1", " 1", "1e3", "0x1"]


@pytest.mark.parametrize("number", NO_IDS)
@pytest.mark.parametrize("path", ["/bai-viet/ke-hoach-{}", "/tham-do/{}", "/tham-do/{}/ket-qua", "/tham-do/{}/phieu"])
def test_an_id_out_of_range_is_not_found(client: PortalClient, path: str, number: str) -> None:
    assert client.get(path.format(number)).status_code == 404


@pytest.mark.parametrize("number", NO_IDS)
def test_a_vote_for_an_id_out_of_range_is_not_found(client: PortalClient, number: str) -> None:
    assert client.submit(f"/tham-do/{number}").status_code == 404


@pytest.mark.parametrize(
    "number", ["0", "-1", "01", "2", "999999", "100001", "9223372036854775808", "%D9%A1", "", "x", "1.5", "%2B1"]
)
def test_a_page_out_of_range_is_not_found(client: PortalClient, number: str) -> None:
    cast.a_section("Thông báo")
    assert client.get(f"/chuyen-muc/thong-bao?trang={number}").status_code == 404


def test_a_page_named_twice_is_refused(client: PortalClient) -> None:
    cast.a_section("Thông báo")
    assert client.get("/chuyen-muc/thong-bao?trang=1&trang=2").status_code == 400


@pytest.mark.parametrize("query", ["", "n=1", "n=7", "n=100"])
def test_a_query_number_in_range_is_read(app: Flask, query: str) -> None:
    with app.test_request_context("/?" + query):
        assert web.query_number("n", default=1, largest=100) == int(query.removeprefix("n=") or 1)


@pytest.mark.parametrize(("query", "code"), [("n=101", 404), ("n=0", 404), ("n=", 404), ("n=1&n=1", 400)])
def test_a_query_number_that_is_none_is_refused(app: Flask, query: str, code: int) -> None:
    with app.test_request_context("/?" + query), pytest.raises(HTTPException) as refusal:
        web.query_number("n", largest=100)
    assert refusal.value.code == code


@pytest.mark.parametrize("value", ["a" * 11, "a\x00", "a\nb", "a\u2028b", "a\u200eb"])
def test_a_form_field_that_is_too_long_or_holds_controls_is_refused(app: Flask, value: str) -> None:
    with app.test_request_context("/", method="POST", data={"f": value}), pytest.raises(HTTPException) as refusal:
        web.form_value("f", longest=10)
    assert refusal.value.code == 400


def test_a_form_field_that_stands_twice_is_refused(app: Flask) -> None:
    with app.test_request_context("/", method="POST", data={"f": ["a", "b"]}), pytest.raises(HTTPException):
        web.form_value("f", longest=10)


EVIL = (
    *("//evil.example", "///evil.example", "////evil.example", "http:///evil.example", "http://evil.example"),
    *("http:evil.example", "/\t/evil.example", "/\\evil.example", "\\\\evil.example", "/%2f/evil.example", "/a b", "/a#b"),
    *("javascript:alert(1)", "/a?next=//evil.example", "/a\r\nX: y", "/a\n", " /a", "a", "", "/\u0111", "/" + "a" * 400),
    *("/.//evil.example", "/../a", "/_", "/a:b@c"),
)


@pytest.mark.parametrize("path", EVIL)
def test_a_way_back_that_leaves_the_site_is_refused(path: str) -> None:
    assert web.safe_back(path) is None


@given(st.text(alphabet="/\\.:@?#ab\t\n%0", max_size=12))
def test_every_way_back_begins_with_one_slash_and_a_letter(path: str) -> None:
    back = web.safe_back(path)
    assert back is None or back == "/" or (back[0] == "/" and back[1].isalnum() and back.isascii() and "\\" not in back)


@pytest.mark.parametrize("path", ["/", "/bai-viet/ke-hoach-1", "/en/", "/en/bai-viet/plan-2", "/chuyen-muc/thong-bao"])
def test_a_way_back_within_the_site_is_taken(path: str) -> None:
    assert web.safe_back(path) == path
