"""Entries as CSV, piece by piece, so that any number of them takes little memory."""

import csv
import io
from collections.abc import Iterable, Iterator

from portal.audit.models import Entry
from portal.core.formats import iso

HEADER = ("id", "at", "time", "site_id", "actor_id", "actor_name", "action", "thing", "fields", "previous_hash", "hash")
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""How a cell begins that spreadsheet programs would compute (OWASP, CSV Injection)."""


def sheet(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield the header's line and one for each entry. The hash was made over `at`; `time` says it for people."""
    yield _line(HEADER)
    for entry in entries:
        yield _line(
            (
                *(entry.id, entry.at, iso(entry.at), entry.site_id, entry.actor_id, entry.actor_name, entry.action, entry.thing),
                *(entry.fields, entry.previous_hash.hex(), entry.hash.hex()),
            )
        )


def cell(value: object) -> str:
    """Return a value as text that no spreadsheet program takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULAS) else text


def _line(cells: Iterable[object]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(map(cell, cells))
    return line.getvalue()
