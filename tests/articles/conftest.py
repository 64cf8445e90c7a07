"""Somebody who writes."""

import pytest
from flask import Flask

from portal.accounts.models import User
from tests import cast
from tests.articles.typing_in import browser_of
from tests.client import PortalClient


@pytest.fixture
def author(app: Flask) -> User:
    cast.a_site()
    return cast.somebody("author", unit=cast.a_unit())


@pytest.fixture
def desk(app: Flask, author: User) -> PortalClient:
    """That person's browser, signed in."""
    return browser_of(app, author)
