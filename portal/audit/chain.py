"""The chain: each entry holds the hash of the one before it, so that a gap, a change, a swap and a lost end show.

What this does not do: it proves nothing against a person with full access to the database. Whoever may drop triggers can write
the whole chain anew with hashes that fit, or put back an older copy of everything: no secret goes into the hashes, and none would
help against somebody who reads the server's files. To find that out, keep an export (`flask audit export`), or its last hash,
where that person cannot write. Nor does the chain say that what the application recorded was true.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from portal.audit.models import BEFORE_THE_FIRST, Entry, Head
from portal.core.db import snapshot

COLUMNS = ("id", "at", "site_id", "actor_id", "actor_name", "action", "thing", "fields")
BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain breaks first: the id at which it shows, and what is wrong there."""

    id: int
    what: str

    def __str__(self) -> str:
        return f"entry {self.id}: {self.what}"


def digest(previous_hash: bytes, values: dict[str, Any]) -> bytes:
    """Return an entry's hash: SHA-256 over the hash before it and a JSON list of all its other columns in their order."""
    row = json.dumps([values[column] for column in COLUMNS], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(previous_hash + row.encode()).digest()


def verify() -> Break | None:
    """Walk the whole chain, as it was when this began, and return where it breaks first; None where it does not."""
    return examine()[1]


def examine() -> tuple[int, Break | None]:
    """Walk as `verify` does; return also how many entries stand unbroken."""
    with snapshot() as connection:
        last_id, last_hash = 0, BEFORE_THE_FIRST
        for row in _rows(connection):
            if wrong := _wrong(row, last_id, last_hash):
                return last_id, wrong
            last_id, last_hash = row.id, row.hash
        head = connection.execute(select(Head.last_id, Head.hash).where(Head.id == 1)).one_or_none()
    return last_id, _wrong_end(head, last_id, last_hash)


def _wrong(row: Any, last_id: int, last_hash: bytes) -> Break | None:
    if row.id > last_id + 1:
        return Break(last_id + 1, "missing")
    if row.id < last_id + 1:
        return Break(row.id, "stands before the first")
    if row.previous_hash != last_hash:
        return Break(row.id, "does not follow the one before it")
    if row.hash != digest(last_hash, row._asdict()):
        return Break(row.id, "was changed")
    return None


def _wrong_end(head: Any, last_id: int, last_hash: bytes) -> Break | None:
    if head is None:
        return Break(last_id, "the head, which knows the newest, is missing")
    if last_id < head.last_id:
        return Break(last_id + 1, f"missing, with all up to {head.last_id}")
    if (last_id, last_hash) != tuple(head):
        return Break(last_id, f"not the newest that was noted, which is {head.last_id}")
    return None


def _rows(connection: Connection) -> Iterator[Any]:
    """Yield all entries in the order of their ids; no more than a batch is held."""
    every = select(*Entry.__table__.columns).order_by(Entry.id).limit(BATCH)
    batch = connection.execute(every).all()
    while batch:
        yield from batch
        batch = connection.execute(every.where(Entry.id > batch[-1].id)).all()
