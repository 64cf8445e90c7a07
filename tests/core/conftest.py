"""What the tests of the core share."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, request

from portal import create_app
from portal.core import caching, clock, page_cache, versions
from portal.core.commits import shared
from tests.client import PortalClient


class Clock:
    """A clock that stands until it is turned; what the portal sees of time follows it."""

    def __init__(self) -> None:
        self._passed = 0.0
        self._began_ms = clock.now_ms()

    def turn(self, seconds: float) -> None:
        self._passed += seconds

    def monotonic(self) -> float:
        return 1_000_000.0 + self._passed

    def now_ms(self) -> int:
        return self._began_ms + round(self._passed * 1000)


@pytest.fixture
def standing(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that stands, in the place of the portal's two."""
    turned = Clock()
    for module in (caching, page_cache, versions):
        monkeypatch.setattr(module, "monotonic", turned.monotonic)
    monkeypatch.setattr(clock, "now_ms", turned.now_ms)
    return turned


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
