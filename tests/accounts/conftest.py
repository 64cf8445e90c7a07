"""Somebody with a browser and a device that makes passkeys."""

import pytest
from flask import Flask

from portal.accounts.models import User
from portal.core.sessions import cookie_name
from tests import cast
from tests.accounts.authenticator import Authenticator
from tests.client import PortalClient


@pytest.fixture
def device() -> Authenticator:
    return Authenticator(origin="http://localhost", rp_id="localhost")


@pytest.fixture
def user(app: Flask) -> User:
    return cast.somebody("author", password=cast.PASSWORD)


@pytest.fixture
def staff(app: Flask, client: PortalClient, user: User) -> PortalClient:
    """The browser of somebody who is signed in."""
    client.set_cookie(cookie_name(app), cast.session_of(user))
    return client


@pytest.fixture
def visitor(app: Flask) -> PortalClient:
    return app.test_client()  # type: ignore[return-value]
