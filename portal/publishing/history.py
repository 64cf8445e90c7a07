"""The history of a piece: its revisions and its steps in one line of time, a page after the other."""

import re
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, load_only

from portal.core.db import db, write
from portal.core.text import clean_line
from portal.publishing import revisions
from portal.publishing.lines import Line, revision_line, step_line
from portal.publishing.models import Piece, Revision, Taken

AT_ONCE = 50
LONGEST_NAME = 120
KEY = re.compile(r"([0-9]{1,16})-([01])-([0-9]{1,10})")
REVISION, STEP = 0, 1
"""Of what happened in the same millisecond a step counts as later: it was taken with the text that was saved."""


@dataclass(frozen=True, slots=True)
class Key:
    """A place in the line of time: an instant, what stands there, and its row."""

    at: int
    rank: int
    id: int

    def __str__(self) -> str:
        return f"{self.at}-{self.rank}-{self.id}"


@dataclass(frozen=True, slots=True)
class Page:
    """Lines, the latest first; `older` is the key after which the next page begins, None at the end."""

    lines: list[Line]
    older: Key | None


def key(text: str) -> Key | None:
    """Return the place that an address names, None where it names none."""
    match = KEY.fullmatch(text)
    return Key(*map(int, match.groups())) if match else None


def page(piece: Piece, after: Key | None) -> Page:
    """Return what happened to a piece before a place in time, or lately."""
    saved = (
        select(Revision)
        .where(Revision.piece_id == piece.id, *_before(Revision.at, Revision.id, REVISION, after))
        .options(load_only(*revisions.OUTLINE), joinedload(Revision.author))
        .order_by(Revision.at.desc(), Revision.id.desc())
    )
    taken = (
        select(Taken)
        .where(Taken.piece_id == piece.id, *_before(Taken.at, Taken.id, STEP, after))
        .options(joinedload(Taken.actor))
        .order_by(Taken.at.desc(), Taken.id.desc())
    )
    found = [(Key(row.at, REVISION, row.id), revision_line(row, piece)) for row in db.session.scalars(saved.limit(AT_ONCE + 1))]
    found += [(Key(row.at, STEP, row.id), step_line(row)) for row in db.session.scalars(taken.limit(AT_ONCE + 1))]
    found.sort(key=lambda one: (one[0].at, one[0].rank, one[0].id), reverse=True)
    shown = found[:AT_ONCE]
    return Page([line for _key, line in shown], shown[-1][0] if len(found) > AT_ONCE else None)


def name_revision(piece_id: int, number: int, name: str) -> None:
    """Give a revision a name, so that it is never thinned out. Raises LookupError where it is gone."""
    said = clean_line(name)[:LONGEST_NAME]

    def store(session: Session) -> None:
        revisions.locked(session, piece_id)
        revision = session.scalar(revisions.at(piece_id, number))
        if revision is None:
            raise LookupError(f"no revision {number} of piece {piece_id}")
        revision.name = said

    write(store)


def _before(
    at: InstrumentedAttribute[int], number: InstrumentedAttribute[int], rank: int, key: Key | None
) -> list[ColumnElement[bool]]:
    if key is None:
        return []
    if rank != key.rank:
        return [at <= key.at if rank < key.rank else at < key.at]
    return [or_(at < key.at, and_(at == key.at, number < key.id))]
