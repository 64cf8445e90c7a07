"""What a browser does to sign in: it opens the page, and sends its form with the token that stands in it."""

import re

from werkzeug.test import TestResponse

from portal.core import sessions
from portal.core.sessions import cookie_name
from tests import cast
from tests.client import PortalClient

SIGN_IN = "/ban-bien-tap/dang-nhap"


def token_of(client: PortalClient, path: str) -> str:
    """Return the token that the forms of a page carry."""
    found = re.search(r'name="token" value="([0-9a-f]{64})"', client.get(path).text)
    assert found is not None, f"{path}: no form with a token"
    return found[1]


def own_token(client: PortalClient) -> str:
    """Return the token that forms carry in a browser that is signed in, on whatever page they stand."""
    cookie = client.get_cookie(cookie_name(client.application))
    assert cookie is not None, "nobody is signed in here"
    return sessions.token_of(cookie.value)


def sign_in(client: PortalClient, email: str, password: str = cast.PASSWORD, **more: str) -> TestResponse:
    """Send the first step's form."""
    return client.submit(SIGN_IN, {"token": token_of(client, SIGN_IN), "email": email, "password": password, **more})
