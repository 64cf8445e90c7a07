"""What tests of settings share."""

import pytest
from flask import Flask

from tests import cast
from tests.settings.forms import Office


@pytest.fixture
def database() -> str:
    """Settings are tried on SQLite; what the databases do differently, on both."""
    return "sqlite"


@pytest.fixture
def office(app: Flask) -> Office:
    """An administrator at work, on a site that has its name."""
    cast.a_site()
    return Office(app)
