"""Which SQLite is used, and how each connection to it is set."""

from typing import Any

try:
    from pysqlite3 import dbapi2 as driver
except ImportError:  # no wheel for this platform
    import sqlite3 as driver

__all__ = ["driver", "prepare_connection", "wal_is_sound"]

SOUND_SERIES = {(3, 44): 6, (3, 50): 7, (3, 51): 3}
"""Series with the WAL-reset bug mended, and from which patch on (https://sqlite.org/wal.html#walresetbug)."""

BUSY_MS = 5_000


def wal_is_sound(version: tuple[int, int, int]) -> bool:
    """Tell whether several writers may share a WAL file with this SQLite version."""
    major, minor, patch = version
    return (major, minor) >= (3, 52) or patch >= SOUND_SERIES.get((major, minor), 1_000)


def prepare_connection(connection: Any, _record: object) -> None:
    """Set a new connection: transactions are begun by us, commits are durable, foreign keys hold."""
    connection.isolation_level = None
    mode = "WAL" if wal_is_sound(driver.sqlite_version_info) else "DELETE"
    for pragma in (
        f"busy_timeout={BUSY_MS}",
        f"journal_mode={mode}",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "cache_size=-8000",
        "temp_store=MEMORY",
    ):
        connection.execute("PRAGMA " + pragma).close()
