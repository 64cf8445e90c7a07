"""Write-ahead logging is used only with an SQLite in which several writers cannot break the file."""

from typing import Any

import pytest
from sqlalchemy import text

from portal import create_app
from portal.core import sqlite
from portal.core.db import db

SOUND = [(3, 44, 6), (3, 50, 7), (3, 51, 3), (3, 52, 0), (3, 53, 4), (4, 0, 0)]
BROKEN = [(3, 40, 1), (3, 44, 5), (3, 45, 9), (3, 50, 6), (3, 51, 2)]


@pytest.mark.parametrize("version", SOUND)
def test_a_version_is_sound_from_the_patch_that_mended_it(version: tuple[int, int, int]) -> None:
    assert sqlite.wal_is_sound(version)


@pytest.mark.parametrize("version", BROKEN)
def test_an_earlier_version_is_not(version: tuple[int, int, int]) -> None:
    assert not sqlite.wal_is_sound(version)


class Connection:
    """Keeps what it was told, as a driver's connection that is being set."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.isolation_level: str | None = ""

    def execute(self, sql: str) -> Any:
        self.told.append(sql)
        return self

    def close(self) -> None: ...


@pytest.mark.parametrize(("version", "mode"), [((3, 40, 1), "DELETE"), ((3, 53, 0), "WAL")])
def test_the_journal_follows_the_version(monkeypatch: pytest.MonkeyPatch, version: tuple[int, int, int], mode: str) -> None:
    class Driver:
        sqlite_version_info = version

    monkeypatch.setattr(sqlite, "driver", Driver)
    connection = Connection()
    sqlite.prepare_connection(connection, None)
    assert f"PRAGMA journal_mode={mode}" in connection.told


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_every_connection_is_durable_guarded_and_forgets_what_is_deleted(settings: dict[str, Any]) -> None:
    expected = {"synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "busy_timeout": sqlite.BUSY_MS}
    app = create_app(settings)
    with app.app_context(), db.engine.connect() as first, db.engine.connect() as second:
        for connection in (first, second):
            assert {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in expected} == expected
        db.engine.dispose()
