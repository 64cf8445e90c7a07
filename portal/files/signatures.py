"""Signatures that nobody has looked at: of PDFs that an older release drew, or whose look was broken off. A job asks them."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core import clock, versions
from portal.core.db import db, write
from portal.files import renditions
from portal.files.models import File, Rendering
from portal.files.storage import path_of

JOB = "files.signatures"
EVERY_MS = clock.HOUR
AT_ONCE = 20
"""PDFs that are looked at each time: pictures and pages that somebody waits for go first."""


def look_again(_payload: dict[str, Any]) -> None:
    """Do the job. What cannot be found out this time either is not asked a third time."""
    unasked = select(Rendering.file_id, File.stored_as).join(File, File.id == Rendering.file_id)
    unasked = unasked.where(Rendering.is_signed.is_(True), Rendering.signatures.is_(None)).order_by(Rendering.file_id)
    some = [(file_id, path_of(stored_as)) for file_id, stored_as in db.session.execute(unasked.limit(AT_ONCE))]
    db.session.rollback()
    for file_id, path in some:
        said = renditions.signatures_of(path) if path.exists() else None
        write(lambda session, file_id=file_id, said=said: _store(session, file_id, said or []))  # type: ignore[misc]


def _store(session: Session, file_id: int, said: list[dict[str, Any]]) -> None:
    rendering = session.get(Rendering, file_id)
    if rendering is not None:
        rendering.signatures = said
        versions.bump(session)
