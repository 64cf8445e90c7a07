"""Where bytes lie: <instance>/files/ab/abcdef…, written whole and synced before any row names them."""

import hashlib
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import puremagic
from flask import current_app
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from portal.core import clock, durable
from portal.core.db import db, insert
from portal.files.models import File

UNKNOWN = "application/octet-stream"
PIECE = 1024 * 1024
"""Bytes that are read at once of a file of whatever size."""


@dataclass(frozen=True, slots=True)
class Stored:
    """Bytes on disk that no row names yet."""

    sha256: bytes
    size: int
    kind: str
    stored_as: str


def keep(content: bytes) -> Stored:
    """Write bytes durably under a new random name. Belongs before the write transaction that makes the row."""
    name = secrets.token_hex(24)
    path = path_of(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".part")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(path)
    finally:
        temporary.unlink(missing_ok=True)
    durable.sync(path.parent)
    durable.sync(path.parent.parent)
    return Stored(hashlib.sha256(content).digest(), len(content), true_kind(content), name)


def keep_file(source: Path, kind: str) -> Stored:
    """Give a file of this disk, written whole, a durable name beside the one that it has, and return it as `keep` does.

    Nothing is copied. The other name stays, to begin again with where this ends halfway.
    """
    name, digest = secrets.token_hex(24), hashlib.sha256()
    path = path_of(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
        os.fsync(file.fileno())
        size = file.tell()
    os.link(source, path)
    os.utime(path)  # the sweep leaves what is young alone
    durable.sync(path.parent)
    durable.sync(path.parent.parent)
    return Stored(digest.digest(), size, kind, name)


def record(session: Session, stored: Stored) -> File:
    """Return the row of stored bytes. Bytes known already keep the name they have: then `stored` goes with the commit.

    Where what has that name is not on the disk any more, the row is mended: it takes the new name.
    """
    values = {
        "sha256": stored.sha256,
        "size": stored.size,
        "kind": stored.kind,
        "stored_as": stored.stored_as,
        "created_at": clock.now_ms(),
    }
    session.execute(insert(session, File).values(**values).on_conflict_do_nothing(index_elements=["sha256"]))
    file = session.scalars(select(File).where(File.sha256 == stored.sha256)).one()
    if file.stored_as != stored.stored_as and not path_of(file.stored_as).exists():
        file.stored_as = stored.stored_as
    if file.stored_as != stored.stored_as:  # not before the commit: a transaction may be undone, and run again
        event.listen(session, "after_commit", lambda _: discard(stored), once=True)
    return file


def discard(stored: Stored) -> None:
    """Take away bytes that no row came to name."""
    path_of(stored.stored_as).unlink(missing_ok=True)


def discard_unnamed(some: Iterable[Stored]) -> None:
    """Take away those bytes that no row names. Belongs after the write transaction, however that ended."""
    kept = list(some)
    db.session.rollback()  # what it reads from here on is as the write left it: a reading begun before knows no row
    named = set(db.session.scalars(select(File.stored_as).where(File.stored_as.in_([one.stored_as for one in kept]))))
    db.session.rollback()
    for stored in kept:
        if stored.stored_as not in named:
            discard(stored)


def path_of(stored_as: str) -> Path:
    """Return the place of stored bytes."""
    return Path(current_app.instance_path) / "files" / stored_as[:2] / stored_as


def true_kind(content: bytes) -> str:
    """Return the media type that the content itself shows; application/octet-stream where it shows none."""
    try:
        return puremagic.from_string(content, mime=True) or UNKNOWN
    except (puremagic.PureError, ValueError):
        return UNKNOWN
