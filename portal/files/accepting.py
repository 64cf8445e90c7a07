"""What becomes of a file that came whole: judged, washed, shown to the scanner, kept; then its rows are written, all at once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.db import db, write
from portal.core.errors import Refused
from portal.core.language import _
from portal.core.limits import LimitReached, call
from portal.core.web import waiting_folder
from portal.files import kinds, scanning, uploads
from portal.files.models import Upload
from portal.files.renditions import PICTURES
from portal.files.storage import PIECE, Stored, discard_unnamed, keep_file, true_kind

T = TypeVar("T")

WASHING = "portal.files.washing:wash"
WASHING_S = 60.0
MEGABYTES = 1_024


def finish(upload: Upload, store: Callable[[Session, Stored], int]) -> bool:
    """Keep a file that came whole, and have `store` write its rows in one transaction, which returns the file's id.

    Asked again it does nothing; tells whether it was this time. Raises Refused where the file is not taken, Full where the disk
    is. What came stays until the rows are written: who is killed before begins again from there.
    """
    part, name, number = uploads.part_of(upload.key), upload.name, upload.id
    if upload.file_id is not None:
        part.unlink(missing_ok=True)
        return False
    if uploads.received(upload) != upload.size:
        raise Refused(_("“%(name)s” has not come whole yet. Choose it once more to go on.", name=name))

    def once(session: Session, stored: Stored) -> bool:
        mine = session.scalar(select(Upload).where(Upload.id == number).with_for_update())
        if mine is None:
            raise Refused(_gone(name))
        if mine.file_id is not None:
            return False
        mine.file_id = store(session, stored)
        return True

    try:
        with accepted(part, name) as kept:
            is_first = write(lambda session: once(session, kept))
    except kinds.Wrong:
        uploads.cancel(upload)
        raise
    except FileNotFoundError:
        if part.exists():
            raise
        return _was_ended(number, name)
    part.unlink(missing_ok=True)
    return is_first


def _was_ended(number: int, name: str) -> bool:
    """Return False, as who comes second, where another request has ended an upload meanwhile. Raises Refused where it is gone."""
    db.session.rollback()
    if db.session.scalar(select(Upload.file_id).where(Upload.id == number)) is None:
        raise Refused(_gone(name))
    return False


@contextmanager
def accepted(source: Path, name: str) -> Iterator[Stored]:
    """Judge a file and keep it while its rows are written; without these it goes again. Raises Refused, Full."""
    stored: list[Stored] = []
    try:
        kind = kinds.judged(source, name)
        with _washed(source, name, kind.media) as clean:
            scanning.demand_clean(clean, name)
            stored.append(keep_file(clean, kind.media))
        yield stored[0]
    except OSError as error:
        if error.errno not in uploads.FULL:
            raise
        raise uploads.full(name) from error
    finally:
        discard_unnamed(stored)


def kept_picture(content: bytes, name: str) -> Stored:
    """Keep a picture without what its camera noted. Belongs before the write transaction. Raises Refused, Full."""
    media = true_kind(content)
    if media not in PICTURES:
        raise Refused(_("This type of file is not accepted. Accepted types: %(types)s.", types="JPEG, PNG, WebP"))
    with spooled(BytesIO(content), name) as source, _washed(source, name, media) as clean:
        scanning.demand_clean(clean, name)
        return keep_file(clean, media)


@contextmanager
def spooled(stream: IO[bytes], name: str) -> Iterator[Path]:
    """Write a stream into a temporary file beside the uploads, which goes at the end. Raises Refused, Full."""
    megabytes, _gigabytes = uploads.limits()
    with NamedTemporaryFile(dir=waiting_folder(), suffix=".form") as file:
        try:
            while piece := stream.read(PIECE):
                file.write(piece)
                if file.tell() > megabytes * 1_000_000:
                    break
            file.flush()
        except OSError as error:
            if error.errno not in uploads.FULL:
                raise
            raise uploads.full(name) from error
        uploads.demand_room(name, file.tell())
        yield Path(file.name)


@contextmanager
def _washed(source: Path, name: str, media: str) -> Iterator[Path]:
    """Yield a picture without what its camera noted; every other file as it is: what is signed is never written anew."""
    if media not in PICTURES:
        yield source
        return
    with NamedTemporaryFile(dir=waiting_folder(), suffix=".form") as file:
        try:
            call(WASHING, {"source": str(source), "into": file.name}, seconds=WASHING_S, megabytes=MEGABYTES)
        except LimitReached as error:
            raise kinds.Wrong(_too_large(name)) from error
        except ValueError as complaint:
            raise kinds.Wrong(_too_large(name) if str(complaint) == "large" else _broken(name)) from complaint
        yield Path(file.name)


def _gone(name: str) -> str:
    return _(
        "“%(name)s” is not under way any more: it was cancelled, or lay for more than a day. Choose it once more.", name=name
    )


def _too_large(name: str) -> str:
    return _("“%(name)s”: the picture has too many pixels. At most 16,000 wide or high, 50 million in all.", name=name)


def _broken(name: str) -> str:
    return _("“%(name)s”: the picture is damaged. Save it anew, then send it again.", name=name)
