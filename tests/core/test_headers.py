"""Every answer tells the browser what it may do."""

from typing import Any

import pytest
from flask import Flask

from portal import create_app
from portal.core.sessions import cookie_name
from tests import cast
from tests.client import PortalClient


@pytest.fixture
def database() -> str:
    """Headers do not depend on the database."""
    return "sqlite"


@pytest.mark.parametrize("path", ["/", "/nothing", "/healthz", "/robots.txt", "/sitemap.xml", "/?a=%00", "/en"])
def test_every_answer_is_guarded(client: PortalClient, path: str) -> None:
    headers = client.get(path).headers
    policy = {part.split()[0]: part.split()[1:] for part in headers["Content-Security-Policy"].split(";")}
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == ["'none'"]
    assert "'unsafe-inline'" not in str(policy)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Referrer-Policy" in headers
    assert "Permissions-Policy" in headers
    assert "Strict-Transport-Security" not in headers


def test_over_https_browsers_are_told_to_insist(settings: dict[str, Any]) -> None:
    app = create_app({**settings, "SECURE": True})
    answer = app.test_client().get("/healthz", headers={"Host": "localhost"})
    assert "max-age=63072000" in answer.headers["Strict-Transport-Security"]
    assert cookie_name(app) == "__Host-staff"


def test_over_https_the_vote_s_cookie_belongs_to_this_host_alone(settings: dict[str, Any]) -> None:
    app = create_app({**settings, "SECURE": True})
    app.test_client_class = PortalClient
    with app.app_context():
        poll = cast.a_poll()
        sent = {"version": 1, "choice": poll.choices[0], "request": "ab" * 16}
        client: PortalClient = app.test_client()  # type: ignore[assignment]
        cookie = client.swap(poll.url, sent, base_url="https://localhost").headers["Set-Cookie"]
        app.extensions["sqlalchemy"].session.remove()
        app.extensions["sqlalchemy"].engine.dispose()
    assert cookie.startswith("__Host-browser=")
    assert {"Secure", "HttpOnly", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert "Domain" not in cookie


def test_no_server_tells_its_make(app: Flask, client: PortalClient) -> None:
    headers = client.get("/").headers
    assert not {"Server", "X-Powered-By"} & set(headers.keys())
