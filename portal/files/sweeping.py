"""Taking away what nobody needs: uploads of which nothing came for a day, and bytes that no row names."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import delete, select

from portal.core import clock
from portal.core.db import db, write
from portal.core.web import waiting_folder
from portal.files import uploads
from portal.files.models import File, Upload

JOB = "files.swept"
EVERY_MS = clock.HOUR
AT_ONCE = 500


def sweep(_payload: dict[str, Any]) -> None:
    """Do the job. What is younger than a day may belong to somebody who is writing its row just now."""
    before = clock.now_ms() - uploads.KEPT_MS
    old = select(Upload.key).where(Upload.begun_at < before)
    young = {path.stem for path in waiting_folder().iterdir() if not _is_older(path, before)}
    keys = [key for key in db.session.scalars(old) if key not in young]
    if keys:
        write(lambda session: session.execute(delete(Upload).where(Upload.key.in_(keys))))
    known = {f"{key}.part" for key in db.session.scalars(select(Upload.key))}
    for path in _older(waiting_folder(), before):
        if path.name not in known:
            path.unlink(missing_ok=True)
    for some in _in_parts(_older(Path(current_app.instance_path) / "files", before)):
        _take_away_unnamed(some)


def _take_away_unnamed(some: list[Path]) -> None:
    named = set(db.session.scalars(select(File.stored_as).where(File.stored_as.in_([path.name for path in some]))))
    db.session.rollback()
    for path in some:
        if path.name not in named:
            path.unlink(missing_ok=True)


def _older(folder: Path, before: int) -> Iterator[Path]:
    """Yield the files below a folder that were written before an instant."""
    for path in folder.rglob("*"):
        if not _is_held(path) and _is_older(path, before):
            yield path


def _is_older(path: Path, before: int) -> bool:
    """Tell whether a path is a file that was written before an instant."""
    with suppress(FileNotFoundError):  # its own request was quicker
        return path.is_file() and path.stat().st_mtime_ns // 1_000_000 < before
    return False


def _is_held(path: Path) -> bool:
    """Tell whether somebody else looks after a file: one in a folder that begins with a dot (`backup.holding`)."""
    return path.parent.parent.name.startswith(".")


def _in_parts(paths: Iterator[Path]) -> Iterator[list[Path]]:
    some: list[Path] = []
    for path in paths:
        some.append(path)
        if len(some) == AT_ONCE:
            yield some
            some = []
    if some:
        yield some
