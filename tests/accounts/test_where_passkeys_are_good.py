"""Passkeys are offered where a browser can use them: under the site's own name, with scripts."""

import pytest
from flask import Flask

from portal.accounts import challenges
from portal.accounts.models import User
from portal.core.sessions import cookie_name
from tests import cast
from tests.accounts.browser import SIGN_IN
from tests.accounts.holding import (
    KEYS,
    STEP,
)
from tests.client import PortalClient


@pytest.mark.parametrize(
    ("configured", "host", "good"),
    [
        ("", "localhost", ("http://localhost", "localhost")),
        ("", "localhost:8000", ("http://localhost:8000", "localhost")),
        ("", "127.0.0.1:8000", None),
        ("", "[::1]:8000", None),
        ("https://so.example.vn/", "so.example.vn", ("https://so.example.vn", "so.example.vn")),
        ("https://so.example.vn", "localhost", None),
    ],
)
def test_passkeys_are_good_under_the_site_s_name_alone(
    app: Flask, configured: str, host: str, good: tuple[str, str] | None
) -> None:
    app.config["SITE_URL"] = configured
    with app.test_request_context(base_url=f"http://{host}"):
        place = challenges.here()
    assert (place and (place.origin, place.rp_id)) == good


def test_where_they_are_not_good_they_are_not_offered(app: Flask, client: PortalClient, user: User) -> None:
    at = {"Host": "127.0.0.1:8000"}
    assert STEP not in client.get(SIGN_IN, headers=at).text
    client.set_cookie(cookie_name(app), cast.session_of(user), domain="127.0.0.1")
    page = client.get(KEYS, headers=at).text
    assert "Hãy mở trang theo địa chỉ http://localhost:8000." in page
    assert "js/passkeys" not in page
    token = token_of_page(page)
    assert client.submit(KEYS + "/cau-hoi", {"token": token}, headers=at).status_code == 404


def token_of_page(page: str) -> str:
    return page.split('name="token" value="')[1][:64]


def test_without_scripts_the_button_is_not_there(client: PortalClient) -> None:
    page = client.get(SIGN_IN).text
    form = page[page.index('data-passkey="get"') :]
    assert " hidden>" in form[: form.index("\n")]
