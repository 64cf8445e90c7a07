"""Pinning (ghim): an article that the public sees stands first in its section until a day."""

from datetime import date

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal import audit
from portal.articles.models import Article
from portal.audit import Actor, vocabulary
from portal.core import clock, formats, versions
from portal.core.db import db, write
from portal.core.errors import Refused
from portal.core.language import _
from portal.publishing import revisions
from portal.publishing.models import Piece

FURTHEST_MS = 366 * clock.DAY


def pin(piece_id: int, until: str, *, actor: Actor) -> None:
    """Pin an article up to the end of a day, said as 2022-03-17; "" ends it. Raises Refused."""
    at = _end_of(until) if until else None

    def store(session: Session) -> None:
        piece = revisions.locked(session, piece_id)
        if piece.standing != "published":
            raise Refused(_("Only what is published can be pinned."))
        session.execute(update(Article).where(Article.id == piece.thing_id).values(pinned_until=at))
        versions.bump(session)
        audit.record(session, vocabulary.PIECE_PINNED, actor=actor, thing=piece.place, pinned=at is not None)

    write(store)


def pinned_on(piece: Piece) -> str:
    """Return the last day on which a piece's article is pinned, as lists print it; "" where it is not."""
    article = db.session.get(Article, piece.thing_id) if piece.thing_id is not None else None
    until = article.pinned_until if article is not None else None
    return formats.day(until - 1) if until is not None and until > clock.now_ms() else ""


def _end_of(said: str) -> int:
    """Return the first instant after a day that is to come."""
    try:
        end = clock.next_midnight(clock.start_of(date.fromisoformat(said)))
    except (ValueError, OverflowError) as error:
        raise Refused(_("There is no such day.")) from error
    if not clock.now_ms() < end <= clock.now_ms() + FURTHEST_MS:
        raise Refused(_("Choose a day from today on, at most a year ahead."))
    return end
