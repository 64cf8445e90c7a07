"""The site says no on its own page, or in a fragment where htmx asked, and tells nothing it should not."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.exceptions import abort

from portal import create_app
from portal.core.access import public
from portal.core.errors import Refused
from tests import cast
from tests.client import HTMX, PortalClient

SECRET = "a password in a traceback"


def refuse() -> str:
    raise Refused("Ngày đăng phải sau ngày ký.")


def fail() -> str:
    raise RuntimeError(SECRET)


def say_no(code: int) -> str:
    abort(code)


@pytest.fixture
def app(settings: dict[str, Any]) -> Iterator[Flask]:
    """A portal as it serves, with views that refuse, fail and abort."""
    app = create_app({**settings, "TESTING": False})
    app.test_client_class = PortalClient
    app.add_url_rule("/refuse", "refuse", public(refuse))
    app.add_url_rule("/fail", "fail", public(fail))
    app.add_url_rule("/abort/<int:code>", "abort", public(say_no))
    with app.app_context():
        cast.a_site()
        yield app
        app.extensions["sqlalchemy"].session.remove()
        app.extensions["sqlalchemy"].engine.dispose()


def test_a_page_that_is_not_there_is_told_on_a_page_of_ours(client: PortalClient) -> None:
    answer = client.get("/nothing")
    assert answer.status_code == 404
    assert "Sở Khoa học và Công nghệ" in answer.text
    assert "noindex" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_same_is_told_in_a_fragment_where_htmx_asked(client: PortalClient) -> None:
    answer = client.get("/nothing", headers=HTMX)
    assert answer.status_code == 404
    assert answer.text.strip().startswith('<div id="error"')
    assert "<html" not in answer.text


def test_an_error_speaks_the_language_of_the_address(client: PortalClient) -> None:
    assert '<html lang="en"' in client.get("/en/nothing").text
    assert "Page not found" in client.get("/en/nothing").text
    assert "Page not found" not in client.get("/nothing").text


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/", {"GET", "HEAD", "OPTIONS"}),
        ("DELETE", "/healthz", {"GET", "HEAD", "OPTIONS"}),
        ("GET", "/so-lieu", {"POST", "OPTIONS"}),
        ("PUT", "/tham-do/1", {"GET", "HEAD", "POST", "OPTIONS"}),
        ("BREW", "/sitemap.xml", {"GET", "HEAD", "OPTIONS"}),
    ],
)
def test_a_wrong_method_is_refused_and_the_right_ones_are_named(
    client: PortalClient, method: str, path: str, allowed: set[str]
) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].replace(",", " ").split()) == allowed
    assert "Sở Khoa học và Công nghệ" in answer.text


def test_what_the_domain_refuses_is_told_in_its_own_words(client: PortalClient) -> None:
    assert client.get("/refuse").status_code == 422
    assert "Ngày đăng phải sau ngày ký." in client.get("/refuse").text
    assert "Ngày đăng phải sau ngày ký." in client.get("/refuse", headers=HTMX).text


def test_a_failure_tells_its_code_and_nothing_else(client: PortalClient) -> None:
    answer = client.get("/fail")
    assert answer.status_code == 500
    assert SECRET not in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["X-Request-Id"] in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_failure_is_in_the_log_under_the_code_that_the_visitor_was_told(
    client: PortalClient, capsys: pytest.CaptureFixture[str]
) -> None:
    code = client.get("/fail").headers["X-Request-Id"]
    told = [line for line in capsys.readouterr().err.splitlines() if SECRET in line]
    assert told
    assert all(code in line for line in told)


@pytest.mark.parametrize("code", [400, 403, 404, 413, 414, 418, 422, 429, 500, 503])
def test_every_error_is_a_whole_page_and_a_fragment(client: PortalClient, code: int) -> None:
    assert client.get(f"/abort/{code}").status_code == code
    assert client.get(f"/abort/{code}", headers=HTMX).text.strip().startswith('<div id="error"')


def test_an_error_carries_the_headers_of_every_page(client: PortalClient) -> None:
    for path in ("/nothing", "/fail", "/refuse"):
        answer = client.get(path)
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_head_of_an_error_has_no_body(client: PortalClient) -> None:
    answer = client.head("/nothing")
    assert (answer.status_code, answer.data) == (404, b"")
