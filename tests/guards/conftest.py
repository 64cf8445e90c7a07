"""What the guards share."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def database() -> str:
    """Rules about the source do not depend on the database; those that do say so."""
    return "sqlite"


@pytest.fixture
def root() -> Path:
    """The folder of the whole tree."""
    return ROOT
