"""Who writes, and who publishes."""

import pytest
from flask import Flask

from portal.accounts.models import User
from tests import cast


@pytest.fixture
def author(app: Flask) -> User:
    return cast.somebody("author", unit=cast.a_unit())


@pytest.fixture
def publisher(app: Flask) -> User:
    return cast.somebody("publisher")
