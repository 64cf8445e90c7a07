"""Preview links: whoever has one reads one revision of a piece, for a week, unless it is revoked. Only a key's hash is kept."""

import hashlib
import secrets

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session, joinedload

from portal import audit
from portal.audit import Actor, vocabulary
from portal.core import clock
from portal.core.db import changed, db, write
from portal.core.errors import Refused
from portal.core.language import _
from portal.publishing import revisions
from portal.publishing.models import Piece, PreviewLink, Revision

LIFE_MS = 7 * clock.DAY
KEY_OCTETS = 32
MOST_OPEN = 20
"""Links of one piece that are open at once: who makes more has lost sight of them."""


def make(piece_id: int, *, actor: Actor) -> str:
    """Make a link to the present text of a piece and return its key, which is known from here on to whoever has it alone."""
    key = secrets.token_urlsafe(KEY_OCTETS)

    def store(session: Session) -> None:
        piece, now = revisions.locked(session, piece_id), clock.now_ms()
        if len(session.scalars(opened(piece_id, now)).all()) >= MOST_OPEN:
            raise Refused(_("There are %(most)s open links already. Revoke some first.", most=MOST_OPEN))
        number = piece.head
        session.add(
            PreviewLink(
                key_hash=_hash(key), piece_id=piece.id, number=number, made_by=actor.id, made_at=now, expires_at=now + LIFE_MS
            )
        )
        session.flush()
        audit.record(session, vocabulary.PREVIEW_LINK_MADE, actor=actor, thing=piece.place, revision=number)

    write(store)
    return key


def revoke(piece_id: int, link_id: int, *, actor: Actor) -> bool:
    """End a link of a piece at once, and tell whether it was open."""

    def store(session: Session) -> bool:
        piece, now = revisions.locked(session, piece_id), clock.now_ms()
        link = session.scalar(opened(piece_id, now).where(PreviewLink.id == link_id))
        if link is None:
            return False
        still = (PreviewLink.id == link_id, PreviewLink.revoked_at.is_(None))
        changed(session, update(PreviewLink).where(*still).values(revoked_at=now))
        audit.record(session, vocabulary.PREVIEW_LINK_REVOKED, actor=actor, thing=piece.place, revision=link.number)
        return True

    return write(store)


def opened(piece_id: int, now: int) -> Select[PreviewLink]:
    """Select the links of a piece that work, the latest first."""
    mine = select(PreviewLink).where(PreviewLink.piece_id == piece_id)
    working = mine.where(PreviewLink.revoked_at.is_(None), PreviewLink.expires_at > now)
    return working.order_by(PreviewLink.id.desc())


def of(piece_id: int) -> Select[PreviewLink]:
    """Select all links of a piece with who made them, the latest first."""
    mine = select(PreviewLink).where(PreviewLink.piece_id == piece_id)
    return mine.options(joinedload(PreviewLink.maker)).order_by(PreviewLink.id.desc())


def shown(key: str) -> tuple[Piece, Revision] | None:
    """Return what a key shows; None where it is nobody's, has expired or was revoked."""
    now = clock.now_ms()
    link = select(PreviewLink).where(
        PreviewLink.key_hash == _hash(key), PreviewLink.revoked_at.is_(None), PreviewLink.expires_at > now
    )
    found = db.session.scalar(link)
    if found is None:
        return None
    piece = db.session.get_one(Piece, found.piece_id)
    return piece, db.session.scalars(revisions.at(piece.id, found.number)).one()


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
