"""What is backed up is taken at one instant: the rows by one reading transaction, the files by second names (hard links).

A file's bytes are on the disk before its row is there. So each row of the snapshot has its file, unless that was deleted in the
moment between the two, and then its row is gone by now as well: the snapshot is taken anew. A file whose row stays and whose
bytes are not there is missing, which no backup can mend and every backup says.
"""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from sqlalchemy import Connection, select

from portal.backup.locks import lock
from portal.core import durable
from portal.core.db import db, snapshot
from portal.core.errors import Refused
from portal.files.models import File
from portal.files.storage import path_of

FOLDER = ".held"
"""In the folder of files, where second names are possible; whatever tidies up there leaves alone what begins with a dot."""
ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Held:
    """A file of the snapshot: its name in the store, a second name for its bytes, and what its row says."""

    stored_as: str
    path: Path
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A connection that sees the rows of the instant, its files, and the names of those that are missing."""

    connection: Connection
    files: list[Held]
    missing: list[str]


@contextmanager
def holding_place() -> Iterator[Path]:
    """Give an empty folder in the store for second names, gone afterwards; those of processes that died are swept."""
    place = Path(current_app.instance_path) / "files" / FOLDER
    durable.private_folder(place)
    mine = place / secrets.token_hex(8)
    door = lock(place, waits=True)  # nobody sweeps what was made and is not locked yet
    try:
        durable.private_folder(mine)
        descriptor = lock(mine, waits=False)
        _sweep(place, mine)
    finally:
        os.close(door)
    try:
        yield mine
    finally:
        shutil.rmtree(mine)
        os.close(descriptor)


def take(place: Path) -> Snapshot:
    """Take a snapshot and hold its files in `place`; the caller closes the connection. Raises Refused where files keep going."""
    for _ in range(ATTEMPTS):
        connection = snapshot()
        try:
            files, absent = _held(connection, place)
            if not absent or absent == _named_now(absent):
                return Snapshot(connection, files, absent)
        except BaseException:
            connection.close()
            raise
        connection.close()
    raise Refused("Files are being deleted at this moment, again and again. Try again in a minute.")


def _held(connection: Connection, place: Path) -> tuple[list[Held], list[str]]:
    """Give each file of the snapshot a second name; return them, and the names of those that are not there."""
    files: list[Held] = []
    absent: list[str] = []
    rows = select(File.stored_as, File.size, File.sha256).order_by(File.stored_as)
    for stored_as, size, sha256 in connection.execute(rows):
        second = place / stored_as
        try:
            os.link(path_of(stored_as), second)
        except FileExistsError:  # held by the snapshot before
            pass
        except FileNotFoundError:
            absent.append(stored_as)
            continue
        files.append(Held(stored_as, second, size, bytes(sha256).hex()))
    return files, absent


def _named_now(names: list[str]) -> list[str]:
    """Return those of the names that rows still have."""
    db.session.rollback()
    named = set(db.session.scalars(select(File.stored_as)))
    db.session.rollback()
    return [name for name in names if name in named]


def _sweep(place: Path, mine: Path) -> None:
    """Let go of what processes held that are dead by now: nobody has their lock."""
    for other in place.iterdir():
        if other == mine:
            continue
        try:
            descriptor = lock(other, waits=False)
        except BlockingIOError:  # its process lives
            continue
        shutil.rmtree(other)
        os.close(descriptor)
