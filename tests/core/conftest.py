"""What the tests of the core share."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, request

from portal import create_app
from portal.core import versions
from portal.core.commits import shared
from tests.client import PortalClient


@pytest.fixture
def made(app: Flask) -> Counter[str]:
    """How often each page was made."""
    counted: Counter[str] = Counter()

    def note() -> None:
        counted[request.path] += 1

    app.before_request(note)
    return counted


@pytest.fixture
def other_node(app: Flask, settings: dict[str, Any]) -> Iterator[PortalClient]:
    """A reader at another process's portal on the same database."""
    other = create_app(settings)
    other.test_client_class = PortalClient
    yield other.test_client()  # type: ignore[misc]
    with other.app_context():
        other.extensions["sqlalchemy"].session.remove()
        other.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture
def vote(app: Flask) -> Callable[[int], None]:
    """Returns what raises a poll's version as a ballot does: no process is told at once."""

    def raise_version(poll_id: int) -> None:
        shared(lambda transaction: versions.bump_shared(transaction, f"poll:{poll_id}"))

    return raise_version
