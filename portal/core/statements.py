"""SQL written once for both databases, for the hot paths that go past SQLAlchemy's session."""

import re
from typing import Any, Protocol

from portal.core import clock

POSTGRESQL_NOW = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint"


class Statement:
    """An SQL statement with :named values, written once for both databases and prepared by their drivers.

    `locks` says that the rows it reads stay as they are until the commit: on SQLite everything does, PostgreSQL is told.
    """

    __slots__ = ("postgresql", "sqlite")

    def __init__(self, sql: str, *, locks: bool = False) -> None:
        self.sqlite = " ".join(sql.split())
        self.postgresql = re.sub(r"(?<!:):([a-z_]+)", r"%(\1)s", self.sqlite) + (" FOR NO KEY UPDATE" if locks else "")


class Cursor(Protocol):
    rowcount: int

    def fetchone(self) -> Any: ...
    def fetchall(self) -> list[Any]: ...


class Transaction:
    """What a piece of work gets: it runs statements; beginning and committing are not its business."""

    def __init__(self, cursor: Any, dialect: str) -> None:
        self._cursor = cursor
        self._is_sqlite = dialect == "sqlite"

    def run(self, statement: Statement, **values: object) -> Cursor:
        """Run a statement and return the cursor; its rows are gone with the next run."""
        sql = statement.sqlite if self._is_sqlite else statement.postgresql
        self._cursor.execute(sql, values)
        return self._cursor  # type: ignore[no-any-return]

    def now(self) -> int:
        """Return the present instant by the database's clock, which on SQLite is this machine's."""
        if self._is_sqlite:
            return clock.now_ms()
        self._cursor.execute(POSTGRESQL_NOW)
        return int(self._cursor.fetchone()[0])
