"""A portal with demo content."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask

from portal import create_app
from portal.demo.content import fill_if_empty
from tests.client import PortalClient


class Words(HTMLParser):
    """The text of a page as a reader sees it, in one line."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self._pieces: list[str] = []
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self._pieces.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self._pieces).split())


@pytest.fixture
def demo(settings: dict[str, Any]) -> Iterator[PortalClient]:
    """A reader of a portal with demo content."""
    app: Flask = create_app(settings)
    app.test_client_class = PortalClient
    with app.app_context():
        fill_if_empty()
        yield app.test_client()  # type: ignore[misc]
        app.extensions["sqlalchemy"].session.remove()
        app.extensions["sqlalchemy"].engine.dispose()
