"""Uploads: a file comes piece by piece and is gone on with by its key, whatever was cut; it is there once it is there whole.

What has come lies in <instance>/uploads under the upload's key; how long that file is, is how far the upload is. Its row says
what it will be. A body that is broken off leaves what came of it; a full disk leaves nothing.
"""

import errno
import fcntl
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from flask import current_app
from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import ClientDisconnected

from portal.audit import Actor
from portal.core import clock, formats
from portal.core.db import db, write
from portal.core.errors import Refused
from portal.core.language import _
from portal.core.web import waiting_folder
from portal.files import kinds
from portal.files.models import File, Upload

KEY = re.compile("[0-9a-f]{32}")
KEPT_MS = clock.DAY
"""How long after its last piece an upload can be gone on with."""
MOST_AT_ONCE = 100
"""Unfinished uploads of one person at one place."""
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
SPARE = 200_000_000
"""Bytes of the disk that uploads leave to the database and its log."""
PG_LOCK = 0x7570_6C6F_6164
"""The key of PostgreSQL's advisory lock, in which files queue for the room that is left: counting and adding is one step."""
PIECE = 256 * 1024


class Full(Refused):
    """There is no room for the file: the disk is full. Answered with 507."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a browser says of a file before it sends it. `modified` is an instant; `replaces` an attachment's key, or ""."""

    key: str
    name: str
    size: int
    modified: int
    replaces: str = ""
    seen: int | None = None


def limits() -> tuple[int, int]:
    """Return how many megabytes one file may have, and how many gigabytes all files together."""
    said: Callable[[], tuple[int, int]] = current_app.extensions["upload_limits"]
    return said()


def begin(sent: Sent, *, place: str, actor: Actor) -> Upload:
    """Begin an upload, or return the one that was begun under this key. Raises Refused where the file cannot be taken."""
    name = kinds.named(sent.name)
    kinds.kind_of(name)
    if db.session.scalar(select(Upload.id).where(Upload.key == sent.key)) is None:  # else it has its room already
        demand_room(name, sent.size)

    def store(session: Session) -> Upload:
        _queue(session)
        known = session.scalar(select(Upload).where(Upload.key == sent.key))
        if known is None:
            _demand_few(session, place, actor)
            _demand_share(session, name, sent.size)
            known = Upload(key=sent.key, user_id=actor.id, place=place, name=name, size=sent.size, modified=sent.modified)
            known.replaces, known.seen, known.begun_at = sent.replaces, sent.seen, clock.now_ms()
            session.add(known)
        return known

    upload = write(store)
    if (upload.user_id, upload.place, upload.name, upload.size) != (actor.id, place, name, sent.size):
        raise Refused(_("“%(name)s” is another file than the one that was begun. Choose it once more.", name=name))
    return upload


def demand_room(name: str, size: int) -> None:
    """Raise Refused where a file is empty or too large, or there is no room for it."""
    megabytes, _gigabytes = limits()
    if size <= 0:
        raise Refused(_("“%(name)s” is empty. Choose a file with something in it.", name=name))
    if size > megabytes * 1_000_000:
        said = _(
            "“%(name)s” is too large (at most %(megabytes)s MB). Make it smaller, or divide it.", name=name, megabytes=megabytes
        )
        raise Refused(said)
    _demand_share(db.session(), name, size)
    if shutil.disk_usage(waiting_folder()).free < size + SPARE:
        raise full(name)


def claim(session: Session, name: str, size: int) -> None:
    """Raise Refused where there is no room for a file, within the transaction that stores it: of several at once, each sees those
    before it."""
    _queue(session)
    _demand_share(session, name, size)


def _demand_share(session: Session, name: str, size: int) -> None:
    kept = session.scalar(select(func.coalesce(func.sum(File.size), 0))) or 0
    under_way = session.scalar(select(func.coalesce(func.sum(Upload.size), 0)).where(Upload.file_id.is_(None))) or 0
    if kept + under_way + size > limits()[1] * 1_000_000_000:
        said = _("“%(name)s”: the %(gigabytes)s GB for all files are used up. Ask an administrator for more room.", **_room(name))
        raise Refused(said)


def full(name: str) -> Full:
    """Return the refusal of a file for which the disk has no room."""
    said = _("“%(name)s” could not be kept: the server's disk is full. Tell an administrator, then send it again.", name=name)
    return Full(said)


def find(key: str, *, place: str, user_id: int) -> Upload | None:
    """Return somebody's own upload at a place."""
    mine = select(Upload).where(Upload.key == key, Upload.place == place, Upload.user_id == user_id)
    return db.session.scalar(mine)


def unfinished(place: str, user_id: int) -> Select[Upload]:
    """Select what somebody began to send to a place and did not end, in order."""
    return select(Upload).where(Upload.place == place, Upload.user_id == user_id, Upload.file_id.is_(None)).order_by(Upload.id)


def received(upload: Upload) -> int:
    """Return how many bytes have come."""
    if upload.file_id is not None:
        return upload.size
    path = part_of(upload.key)
    return path.stat().st_size if path.exists() else 0


def add(upload: Upload, at: int, stream: IO[bytes]) -> int:
    """Add what a stream brings, if it begins where the upload ends, and return how far it is then.

    The same piece sent twice is taken once; sent twice at the same time, one of both is told how far it is. What goes beyond the
    size that was said is refused. Raises Full, Refused.
    """
    try:
        with _held(upload.key) as file:
            if file is None or file.seek(0, os.SEEK_END) != at:
                return received(upload)
            _copy(stream, file, upload)
            return file.tell()
    except OSError as error:
        if error.errno not in FULL:
            raise
        refusal = full(upload.name)
        cancel(upload)
        raise refusal from error


def cancel(upload: Upload) -> None:
    """Forget an upload and what has come of it: first its bytes, for on a full disk no row can be written."""
    mine = (Upload.id == upload.id, Upload.file_id.is_(None))
    part_of(upload.key).unlink(missing_ok=True)
    write(lambda session: session.execute(delete(Upload).where(*mine)))


def part_of(key: str) -> Path:
    """Return where what has come of an upload lies."""
    return waiting_folder() / f"{key}.part"


@contextmanager
def _held(key: str) -> Iterator[IO[bytes] | None]:
    """Open what has come of an upload and hold it; None where another request does."""
    with part_of(key).open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
        else:
            yield file


def _copy(stream: IO[bytes], file: IO[bytes], upload: Upload) -> None:
    while piece := _read(stream):
        if file.tell() + len(piece) > upload.size:
            raise Refused(_("“%(name)s” is larger than was said at first. Choose it once more.", name=upload.name))
        file.write(piece)
    file.flush()


def _read(stream: IO[bytes]) -> bytes:
    """Return the next piece of a body, b"" at its end and where it was broken off."""
    try:
        return stream.read(PIECE)
    except ClientDisconnected:
        return b""


def _queue(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(PG_LOCK)))


def _demand_few(session: Session, place: str, actor: Actor) -> None:
    open_ones = select(func.count()).where(Upload.place == place, Upload.user_id == actor.id, Upload.file_id.is_(None))
    if (session.scalar(open_ones) or 0) >= MOST_AT_ONCE:
        raise Refused(_("Too many files are under way at once. Wait until some have come, or cancel them."))


def _room(name: str) -> dict[str, str]:
    return {"name": name, "gigabytes": formats.number(limits()[1])}
