"""Somebody with a browser and a device that makes passkeys."""

import pytest
from flask import Flask

from portal.accounts.models import User
from portal.core import clock
from portal.core.sessions import cookie_name
from tests import cast
from tests.accounts.authenticator import Authenticator
from tests.accounts.own import AtWork, at_work
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


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands in the middle of ten minutes, so that no test straddles two of them, nor two codes."""
    period = 10 * clock.MINUTE
    now = clock.now_ms() // period * period + period // 2
    monkeypatch.setattr(clock, "now_ms", lambda: now)


@pytest.fixture
def author(app: Flask) -> AtWork:
    cast.a_site()
    return at_work(app, cast.somebody("author", password=cast.PASSWORD))
