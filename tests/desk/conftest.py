"""What tests of the desk share."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import event

from portal.core.db import db


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """The statements that reach the database, as they come."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)
