"""Thinning out what was saved by itself: the older it is, the fewer of it stay. Everything else stays for ever."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, load_only

from portal.core import clock
from portal.core.db import db, write
from portal.publishing import revisions
from portal.publishing.models import Piece, Presence, PreviewLink, Revision, Taken

JOB = "pieces_thinned"
EVERY_MS = clock.DAY
WHOLE_MS = clock.DAY
"""How long every save stays."""
CLOSE_MS = 30 * clock.DAY
"""How long one save of each person stays for every SLOT_MS; after that the last of each day."""
SLOT_MS = 10 * clock.MINUTE
AT_ONCE = 200
"""Rows that one statement deletes."""


def thin(_payload: dict[str, Any]) -> None:
    """Thin out all pieces, one write each, and forget who had pieces open the day before."""
    now = clock.now_ms()
    old = select(Revision.piece_id).where(Revision.kind == "auto", Revision.at < now - WHOLE_MS).distinct()
    pieces = db.session.scalars(old.order_by(Revision.piece_id)).all()
    for piece_id in pieces:
        if needless(db.session(), piece_id, now):  # a look costs no lock
            write(lambda session, piece_id=piece_id: _thin(session, piece_id, now))  # type: ignore[misc]
    write(lambda session: session.execute(delete(Presence).where(Presence.seen_at < now - clock.DAY)))


def needless(session: Session, piece_id: int, now: int) -> list[int]:
    """Return the numbers of a piece's revisions that need not stay."""
    rows = session.scalars(
        select(Revision).where(Revision.piece_id == piece_id).options(load_only(*revisions.OUTLINE)).order_by(Revision.number)
    ).all()
    named = _named(session, piece_id, rows, now)
    old = [row for row in rows if row.kind == "auto" and not row.name and row.at < now - WHOLE_MS]
    last = {_slot(row, now): row.number for row in old}
    return [row.number for row in old if row.number not in named and last[_slot(row, now)] != row.number]


def _thin(session: Session, piece_id: int, now: int) -> None:
    revisions.locked(session, piece_id)
    gone = needless(session, piece_id, now)
    for start in range(0, len(gone), AT_ONCE):
        some = Revision.number.in_(gone[start : start + AT_ONCE])
        session.execute(
            delete(Revision)
            .where(Revision.piece_id == piece_id, some, Revision.kind == "auto")
            .execution_options(synchronize_session=False)
        )


def _named(session: Session, piece_id: int, rows: Iterable[Revision], now: int) -> set[int]:
    """Return the numbers that something else names: the piece, a step, a link, or a text that was written from them."""
    piece = session.get_one(Piece, piece_id)
    steps = session.scalars(select(Taken.number).where(Taken.piece_id == piece_id))
    links = session.scalars(select(PreviewLink.number).where(PreviewLink.piece_id == piece_id))
    bases = {row.base for row in rows if row.kind == "kept" or row.at >= now - WHOLE_MS}
    return {piece.head, piece.public or 0, *steps, *links, *bases}


def _slot(row: Revision, now: int) -> tuple[int | None, object]:
    """Return what a revision is the last of: of its author's in ten minutes, or in a day where it is old."""
    if row.at >= now - CLOSE_MS:
        return row.author_id, row.at // SLOT_MS
    return row.author_id, clock.day_of(row.at)
