"""Which articles show a poll, or would again if somebody restored what they said before."""

from flask import url_for
from sqlalchemy import select

from portal.articles.published import KIND
from portal.core.db import db
from portal.publishing.models import Piece, Revision

MOST = 50


def showing(poll_id: int) -> list[tuple[str, str]]:
    """Return titles of articles with the addresses where staff find them, the latest first."""
    naming = select(Revision.piece_id).where(Revision.content["poll_id"].as_integer() == poll_id)
    pieces = select(Piece).where(Piece.kind == KIND, Piece.id.in_(naming)).order_by(Piece.id.desc()).limit(MOST)
    return [(piece.title, url_for("writing.edit", piece_id=piece.id)) for piece in db.session.scalars(pieces)]
