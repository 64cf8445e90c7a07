"""Rows as lines of JSON that both databases give and take: the same rows are the same bytes, whichever they come from."""

import base64
import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import JSON, Boolean, Column, Connection, Date, Integer, LargeBinary, String, Table, collate, select

AT_ONCE = 500
"""Rows that are held at a time."""

Columns: TypeAlias = list[tuple[str, str]]
"""Names of columns in their order, each with its kind."""

KINDS: dict[str, Any] = {
    "boolean": Boolean,
    "integer": Integer,
    "text": String,
    "bytes": LargeBinary,
    "day": Date,
    "json": JSON,
}
"""Kinds of values by their names in an archive, with SQLAlchemy's type."""
WRITTEN_AS: dict[str, type[Any]] = {"boolean": bool, "integer": int}
"""What JSON has for a kind; for all others it has text."""


def columns_of(table: Table) -> Columns:
    """Return a table's columns. Raises TypeError for a type that nobody has said how to carry."""
    return [(column.name, kind_of(column)) for column in table.columns]


def kind_of(column: "Column[Any]") -> str:
    """Return the kind of a column's values. Raises TypeError where it has none."""
    found = next((kind for kind, known in KINDS.items() if isinstance(column.type, known)), None)
    if found is None:
        raise TypeError(f"{column} is a {column.type!r}: say in KINDS how it is carried")
    return found


def lines(connection: Connection, table: Table, columns: Columns) -> Iterator[bytes]:
    """Yield a table's rows as lines, in the order of its primary key, which is the same on both databases."""
    chosen = [table.columns[name] for name, _kind in columns]
    found = select(*chosen).order_by(*(_in_order(connection, column) for column in table.primary_key.columns))
    for some in connection.execution_options(yield_per=AT_ONCE).execute(found).partitions():
        for row in some:
            yield _line(row, columns)


def values_of(line: bytes, columns: Columns) -> dict[str, Any]:
    """Return a line's values by the names of their columns. Raises ValueError where it is no such line."""
    try:
        told = json.loads(line.decode("utf-8", "surrogatepass"))
    except RecursionError as error:
        raise ValueError("a value is nested too deeply") from error
    if not isinstance(told, list) or len(told) != len(columns):
        raise ValueError("a row has another number of values than its table has columns")
    return {name: _value(value, kind) for value, (name, kind) in zip(told, columns, strict=True)}


def _in_order(connection: Connection, column: "Column[Any]") -> Any:
    """Order texts by their bytes: SQLite does, PostgreSQL is told."""
    is_text = kind_of(column) == "text" and connection.dialect.name == "postgresql"
    return collate(column, "C") if is_text else column


def _line(row: Sequence[Any], columns: Columns) -> bytes:
    told = [_told(value, kind) for value, (_name, kind) in zip(row, columns, strict=True)]
    return (json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n").encode("utf-8", "surrogatepass")


def _told(value: Any, kind: str) -> Any:
    if value is None:
        return None
    if kind == "bytes":
        return base64.b64encode(value).decode("ascii")
    return value.isoformat() if kind == "day" else value


def _value(told: Any, kind: str) -> Any:
    if told is None or kind == "json":
        return told
    if type(told) is not WRITTEN_AS.get(kind, str):
        raise ValueError(f"a value is no {kind}")
    if kind == "bytes":
        return base64.b64decode(told, validate=True)
    return date.fromisoformat(told) if kind == "day" else told
