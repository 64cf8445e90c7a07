"""Restoring an earlier revision: its text becomes the present one, as a revision of its own."""

from sqlalchemy.orm import Session

from portal import audit
from portal.audit import Actor, vocabulary
from portal.core import staff
from portal.core.db import db, write
from portal.core.errors import Refused
from portal.core.language import _
from portal.core.staff import Permission
from portal.publishing import kinds, revisions
from portal.publishing.models import Piece
from portal.publishing.states import is_writable
from portal.publishing.steps import Overtaken


def restore(piece_id: int, number: int, *, seen: int, actor: Actor) -> None:
    """Make the text of a revision the present one again. Raises Refused, LookupError where piece or revision is gone."""
    piece, revision = db.session.get(Piece, piece_id), db.session.scalar(revisions.at(piece_id, number))
    if piece is None or revision is None:
        raise LookupError(f"no revision {number} of piece {piece_id}")
    content, may_edit = kinds.of(piece).cleaned(revision.content), staff.may(Permission.EDIT, piece)

    def store(session: Session) -> None:
        piece = revisions.locked(session, piece_id)
        if not is_writable(piece, may_edit=may_edit):
            raise Refused(_("The text may not be changed now. Return or recall it first."))
        if piece.head != seen:
            raise Overtaken(_("Somebody has saved meanwhile. Nothing was done; look at what is there now, then decide."))
        if session.scalars(revisions.at(piece_id, piece.head)).one().digest == revisions.digest(content):
            raise Refused(_("This is the present text already."))
        if piece.state == "settled":
            piece.state = "draft"
        made = revisions.keep(session, piece, content, author_id=actor.id, kind="restored", base=number)
        audit.record(session, vocabulary.PIECE_RESTORED, actor=actor, thing=piece.place, revision=made.number, restored=number)

    write(store)
