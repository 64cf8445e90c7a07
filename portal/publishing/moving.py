"""Giving a piece to another unit, or filing it elsewhere: in one write, without a step of the workflow."""

from sqlalchemy.orm import Session

from portal import audit
from portal.audit import Actor, vocabulary
from portal.core import clock, staff, versions
from portal.core.db import db, write
from portal.core.errors import Refused
from portal.core.language import _
from portal.core.staff import Permission
from portal.publishing import kinds, revisions
from portal.publishing.kinds import Change
from portal.publishing.models import Content, Piece


def move(piece_id: int, *, unit_id: int | None, changes: Content, actor: Actor) -> None:
    """Give a piece to a unit (None: it stays), and change the fields by which its kind files it; durable when this returns.

    What is published is filed anew at once, by who may publish. Raises Refused where it cannot be filed now; then nothing is
    done. Who may edit it at all the view has asked.
    """
    found = db.session.get(Piece, piece_id)
    may_publish = staff.may(Permission.PUBLISH, found)

    def store(session: Session) -> None:
        piece = revisions.locked(session, piece_id)
        is_filed = bool(changes) and _file(session, piece, changes, actor, may_publish=may_publish)
        is_given = unit_id is not None and piece.unit_id != unit_id
        if is_given:
            piece.unit_id = unit_id
        session.flush()
        if is_filed:
            filed = {"revision": piece.head, "section": piece.shelf_id}
            audit.record(session, vocabulary.PIECE_FILED, actor=actor, thing=piece.place, **filed)
        if is_given:
            audit.record(session, vocabulary.PIECE_MOVED, actor=actor, thing=piece.place, unit=unit_id)

    write(store)


def _file(session: Session, piece: Piece, changes: Content, actor: Actor, *, may_publish: bool) -> bool:
    """Keep a revision that is filed elsewhere, for the public too where it sees the piece; tell whether it was another place."""
    head = session.scalars(revisions.at(piece.id, piece.head)).one()
    if all(head.content.get(name) == value for name, value in changes.items()):
        return False
    _demand_fileable(piece, may_publish=may_publish)
    made = revisions.keep(session, piece, head.content | changes, author_id=actor.id, kind="saved", base=piece.head)
    if piece.standing == "published":
        kinds.of(piece).put(session, piece, made.content, at=clock.now_ms(), change=Change())
        piece.public = made.number
        versions.bump(session)
    return True


def _demand_fileable(piece: Piece, *, may_publish: bool) -> None:
    if piece.state in {"approved", "scheduled"}:
        raise Refused(_("It is approved already. Recall it before its section is changed."))
    if piece.standing == "withdrawn":
        raise Refused(_("It was taken down. Change its section when it is published again."))
    if piece.standing == "published" and piece.state != "settled":
        raise Refused(_("It is being revised. Change the section on its own page."))
    if piece.standing == "published" and not may_publish:
        raise Refused(_("It is published, and only who may publish can change its section."))
