"""A kept page is answered as HTTP asks: validators, codings, HEAD, and nothing of anybody else's request."""

import gzip
from collections import Counter
from typing import Any

import brotli
import pytest
from flask import Response, make_response, request
from werkzeug.test import TestResponse

from portal import create_app
from portal.core.caching import cache_for
from tests import cast
from tests.client import PortalClient


@pytest.fixture
def database() -> str:
    """What is answered does not depend on the database."""
    return "sqlite"


@pytest.fixture
def page(client: PortalClient) -> str:
    """The address of an article."""
    return cast.article_path(cast.an_article())


def ask(client: PortalClient, page: str, **headers: str) -> TestResponse:
    return client.get(page, headers={name.replace("_", "-"): value for name, value in headers.items()})


def test_the_first_answer_and_the_next_are_the_same(client: PortalClient, page: str, made: Counter[str]) -> None:
    first, second, third = (client.get(page) for _ in range(3))
    assert dict(first.headers) == dict(second.headers) == dict(third.headers)
    assert first.data == second.data == third.data
    assert made[page] == 1


def test_a_page_has_a_strong_validator(client: PortalClient, page: str) -> None:
    etag, weak = client.get(page).get_etag()
    assert etag
    assert not weak


def test_who_has_the_page_is_told_so_without_a_body(client: PortalClient, page: str) -> None:
    whole = ask(client, page, Accept_Encoding="br")
    answer = ask(client, page, Accept_Encoding="br", If_None_Match=whole.headers["ETag"])
    assert (answer.status_code, answer.data) == (304, b"")
    for name in ("ETag", "Vary", "Cache-Control"):
        assert answer.headers[name] == whole.headers[name]


@pytest.mark.parametrize("form", ['W/{}', '"other", {}', "*", "{} , \"x\""])  # fmt: skip
def test_every_form_of_the_question_is_understood(client: PortalClient, page: str, form: str) -> None:
    etag = client.get(page).headers["ETag"]
    assert ask(client, page, If_None_Match=form.format(etag)).status_code == 304


@pytest.mark.parametrize("other", ['"other"', "other", "", "W/", '"' + "x" * 4_000 + '"'])
def test_who_has_another_page_gets_this_one(client: PortalClient, page: str, other: str) -> None:
    assert ask(client, page, If_None_Match=other).status_code == 200


def test_a_validator_holds_for_its_own_coding_alone(client: PortalClient, page: str) -> None:
    etags = {coding: ask(client, page, Accept_Encoding=coding).headers["ETag"] for coding in ("br", "gzip", "identity")}
    assert len(set(etags.values())) == 3
    assert ask(client, page, Accept_Encoding="gzip", If_None_Match=etags["br"]).status_code == 200


@pytest.mark.parametrize(
    ("accepts", "coding"),
    [
        ("br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0, gzip;q=0", None),
        ("*;q=0", None),
        ("", None),
        ("identity", None),
        ("zstd", None),
        ("gzip;q=0.1", "gzip"),
        ("BR", "br"),
    ],
)
def test_a_page_is_coded_as_the_client_can_read_it(client: PortalClient, page: str, accepts: str, coding: str | None) -> None:
    plain = client.get(page).data
    for _ in range(2):
        answer = ask(client, page, Accept_Encoding=accepts)
        assert answer.headers.get("Content-Encoding") == coding
        read = {"br": brotli.decompress, "gzip": gzip.decompress}.get(coding or "", bytes)
        assert read(answer.data) == plain
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert int(answer.headers["Content-Length"]) == len(answer.data)


@pytest.mark.parametrize("accepts", ["br", "identity"])
def test_head_says_what_get_would(client: PortalClient, page: str, accepts: str) -> None:
    before = client.head(page, headers={"Accept-Encoding": accepts})
    whole = ask(client, page, Accept_Encoding=accepts)
    after = client.head(page, headers={"Accept-Encoding": accepts})
    assert dict(before.headers) == dict(whole.headers) == dict(after.headers)
    assert before.data == after.data == b""
    assert ask(client, page).data


@pytest.mark.parametrize(
    "headers",
    [
        {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "main"},
        {"Range": "bytes=0-9"},
        {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"},
        {"X-Original-URL": "/healthz", "X-Rewrite-Url": "/healthz", "X-HTTP-Method-Override": "POST"},
        {"Accept": "application/json"},
        {"Accept-Language": "en"},
    ],
)
def test_no_other_header_changes_a_page(client: PortalClient, page: str, made: Counter[str], headers: dict[str, str]) -> None:
    spoofed = client.get(page, headers=headers)
    plain = client.get(page)
    assert (spoofed.status_code, spoofed.data) == (200, plain.data)
    assert made[page] == 1


def test_a_page_keeps_no_request_s_id(client: PortalClient, page: str) -> None:
    assert "X-Request-Id" not in client.get(page).headers


def test_what_sets_a_cookie_is_not_kept(settings: dict[str, Any]) -> None:
    app, asked = create_app(settings), Counter[str]()

    def view() -> Response:
        asked["cookie"] += 1
        response = make_response("hello")
        response.set_cookie("x", "y")
        return response

    app.add_url_rule("/cookie", "cookie", cache_for(60)(view))
    client = app.test_client()
    client.get("/cookie", headers={"Host": "localhost"})
    client.get("/cookie", headers={"Host": "localhost"})
    assert asked["cookie"] == 2


def test_a_page_is_made_without_what_one_reader_sent_for_himself(settings: dict[str, Any]) -> None:
    app = create_app(settings)
    own = {"If-None-Match": '"x"', "If-Modified-Since": "x", "Range": "bytes=0-1"}

    def view() -> str:
        return str([name for name in ("Cookie", *own) if name in request.headers])

    app.add_url_rule("/echo", "echo", cache_for(60)(view))
    client = app.test_client()
    client.set_cookie("browser", "ab")
    assert client.get("/echo", headers={"Host": "localhost", **own}).text == "[]"


def test_an_error_is_not_kept(client: PortalClient, made: Counter[str]) -> None:
    for _ in range(2):
        answer = client.get("/bai-viet/ke-hoach-999")
        assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")
    assert made["/bai-viet/ke-hoach-999"] == 2


def test_what_was_not_found_is_there_once_it_is_published(client: PortalClient) -> None:
    path = cast.article_path(1)
    assert client.get(path).status_code == 404
    assert cast.an_article() == 1
    assert client.get(path).status_code == 200
