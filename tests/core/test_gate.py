"""The gate: a request's host, path and query are well formed, or it goes no further."""

from typing import Any

import pytest
from flask import Flask

from portal import create_app
from tests import cast
from tests.client import HTMX, PortalClient


@pytest.fixture
def database() -> str:
    """The gate stands before the database."""
    return "sqlite"


def ask(app: Flask, **environ: Any) -> tuple[int, str]:
    """Send a request as a server passes it on, byte for byte, and return status and body."""
    said: list[str] = []
    sent = app.test_request_context("/", headers={"Host": "localhost"}).request.environ | environ
    body = b"".join(app.wsgi_app(sent, lambda status, *_: said.append(status)))  # type: ignore[func-returns-value]
    return int(said[0][:3]), body.decode()


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "localhost:80@evil.example",
        "localhost:",
        "localhost:123456",
        "localhost,evil.example",
        "local host",
        "localhost\r\nX: y",
        "",
        "xn--", "đ.vn",
        "[::1",
    ],
)  # fmt: skip
def test_a_foreign_or_broken_host_is_refused(app: Flask, host: str) -> None:
    status, body = ask(app, HTTP_HOST=host)
    assert status == 400
    assert "evil.example" not in body


def test_a_request_without_host_is_refused(app: Flask) -> None:
    environ = app.test_request_context("/").request.environ
    del environ["HTTP_HOST"]
    said: list[str] = []
    b"".join(app.wsgi_app(environ, lambda status, *_: said.append(status)))  # type: ignore[func-returns-value]
    assert said == ["400 BAD REQUEST"]


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "localhost:8000", "127.0.0.1:8000", "[::1]:8000"])
def test_our_own_hosts_are_answered(app: Flask, host: str) -> None:
    assert ask(app, HTTP_HOST=host)[0] == 200


def test_an_installation_names_its_own_hosts(settings: dict[str, Any]) -> None:
    app = create_app({**settings, "HOSTS": ("So.example.vn",)})
    assert ask(app, HTTP_HOST="so.EXAMPLE.vn")[0] == 200
    assert ask(app, HTTP_HOST="other.example.vn")[0] == 400


def test_no_forwarded_host_is_believed(app: Flask) -> None:
    _, body = ask(app, HTTP_X_FORWARDED_HOST="evil.example", HTTP_FORWARDED="host=evil.example")
    assert "evil.example" not in body


BAD_PATHS = [
    "/\x00",
    "/bai-viet/\xff\xfe",
    "/bai-viet/k\xc3\xa9-1",
    "/a\r\nSet-Cookie: x=y",
    "//",
    "//evil.example",
    "/bai-viet//ke-hoach-1",
    "/a b",
    "/\x7f",
    "bai-viet",
]


@pytest.mark.parametrize("path", BAD_PATHS)
def test_a_path_with_strange_letters_or_empty_parts_is_not_found(app: Flask, path: str) -> None:
    assert ask(app, PATH_INFO=path)[0] == 404


@pytest.mark.parametrize("query", ["a=%00", "a=%ff%fe", "a=%0d%0aSet-Cookie:x", "trang=\xe9", "a=%09", "%c3%28=1"])
def test_a_query_that_is_no_text_is_refused(app: Flask, query: str) -> None:
    assert ask(app, QUERY_STRING=query)[0] == 400


def test_an_overlong_path_or_query_is_refused(app: Flask) -> None:
    assert ask(app, PATH_INFO="/" + "a" * 1_024)[0] == 414
    assert ask(app, QUERY_STRING="a=" + "a" * 2_048)[0] == 414
    assert ask(app, QUERY_STRING="a=" + "a" * 2_000)[0] == 200


def test_what_the_gate_refuses_is_told_on_our_page(client: PortalClient) -> None:
    cast.a_site()
    answer = client.get("/?a=%00")
    assert answer.status_code == 400
    assert "Sở Khoa học và Công nghệ" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_the_gate_refuses_is_told_in_a_fragment_where_htmx_asked(client: PortalClient) -> None:
    answer = client.get("/?a=%00", headers=HTMX)
    assert answer.status_code == 400
    assert answer.text.startswith('<div id="error"')


def test_a_refused_address_is_repeated_nowhere(app: Flask) -> None:
    _, body = ask(app, PATH_INFO="/\x01secret-part")
    assert "secret-part" not in body
