"""Who did what lately with the pieces that whoever asks may see."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.accounts.models import User
from portal.audit import vocabulary
from portal.core import clock
from portal.core.db import db
from portal.core.formats import iso, moment
from portal.core.language import _
from portal.desk.reach import within_reach
from portal.publishing import kinds
from portal.publishing.models import Piece, Taken

MOST = 10
LATELY_MS = 30 * clock.DAY
"""How far back it looks: a unit that does nothing has nobody walk through what all others did."""
LONGEST_REMARK = 120
NOBODY = _l("The system")


@dataclass(frozen=True, slots=True)
class Done:
    """A step that somebody took, as the desk prints it."""

    at: str
    iso: str
    who: str
    sentence: str
    title: str
    url: str
    remark: str


def steps(now: int) -> list[Done]:
    """Return the last steps, the latest first."""
    rows = select(Taken, Piece, User.name).join(Piece, Piece.id == Taken.piece_id).outerjoin(User, User.id == Taken.actor_id)
    recent = within_reach(rows).where(Taken.at > now - LATELY_MS).order_by(Taken.at.desc(), Taken.id.desc()).limit(MOST)
    return [
        Done(
            at=moment(taken.at),
            iso=iso(taken.at),
            who=name or str(NOBODY),
            sentence=str(vocabulary.PIECE_STEPS[taken.step].sentence),
            title=piece.title or _("(no title yet)"),
            url=kinds.of(piece).edit_url_of(piece),
            remark=cut(taken.remark),
        )
        for taken, piece, name in db.session.execute(recent)
    ]


def cut(text: str) -> str:
    """Return a text of at most LONGEST_REMARK characters, cut between words."""
    line = " ".join(text.split())
    if len(line) <= LONGEST_REMARK:
        return line
    return (line[:LONGEST_REMARK].rpartition(" ")[0] or line[: LONGEST_REMARK - 1]) + "…"
