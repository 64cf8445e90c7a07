"""Who did what lately with the pieces that whoever asks may see: steps, what else is on record, texts kept beside others."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Integer, cast, func, select

from portal.accounts.models import Unit, User
from portal.articles.models import Section
from portal.audit import vocabulary
from portal.audit.models import SITE, Entry
from portal.core import clock
from portal.core.db import db
from portal.core.formats import iso, moment
from portal.core.language import _
from portal.desk.reach import within_reach
from portal.publishing import kinds
from portal.publishing.models import KEPT, Piece, Revision, Taken

MOST = 10
LATELY_MS = 30 * clock.DAY
"""How far back it looks: a unit that does nothing has nobody walk through what all others did."""
LONGEST_REMARK = 120
NOBODY = _l("The system")
RECORDED = (
    vocabulary.PIECE_BEGUN,
    vocabulary.PIECE_RESTORED,
    vocabulary.PIECE_MOVED,
    vocabulary.PIECE_FILED,
    vocabulary.PIECE_PINNED,
    vocabulary.PREVIEW_LINK_MADE,
    vocabulary.PREVIEW_LINK_REVOKED,
)
"""What the log alone knows; steps are told with their remarks."""
NAMED: Mapping[str, type[Unit] | type[Section]] = {"unit": Unit, "section": Section}
"""Fields of the log that say where something went."""
PINNED = {True: _l("Pinned a text"), False: _l("Ended the pinning of a text")}


@dataclass(frozen=True, slots=True)
class Done:
    """Something that somebody did, as the desk prints it; `where` is the unit or the section that it went to, "" mostly."""

    instant: int
    at: str
    iso: str
    who: str
    sentence: str
    title: str
    url: str
    remark: str = ""
    where: str = ""


def done(now: int) -> list[Done]:
    """Return what was done last, the latest first."""
    since = now - LATELY_MS
    found = [*_steps(since), *_recorded(since), *_kept(since)]
    return sorted(found, key=lambda one: one.instant, reverse=True)[:MOST]


def _steps(since: int) -> list[Done]:
    rows = select(Taken, Piece, User.name).join(Piece, Piece.id == Taken.piece_id).outerjoin(User, User.id == Taken.actor_id)
    recent = within_reach(rows).where(Taken.at > since).order_by(Taken.at.desc(), Taken.id.desc()).limit(MOST)
    return [
        _done(taken.at, name, vocabulary.PIECE_STEPS[taken.step].sentence, piece, remark=cut(taken.remark))
        for taken, piece, name in db.session.execute(recent)
    ]


def _recorded(since: int) -> list[Done]:
    number = cast(func.substr(Entry.thing, len("piece:") + 1), Integer)
    actions = [action.name for action in RECORDED]
    rows = select(Entry, Piece).join(Piece, Piece.id == number).where(Entry.site_id == SITE, Entry.action.in_(actions))
    recent = within_reach(rows).where(Entry.at > since).order_by(Entry.at.desc(), Entry.id.desc()).limit(MOST)
    found = [(entry, json.loads(entry.fields), piece) for entry, piece in db.session.execute(recent)]
    names = _names(fields for _entry, fields, _piece in found)
    return [
        _done(entry.at, entry.actor_name, _sentence(entry.action, fields), piece, where=_where(fields, names))
        for entry, fields, piece in found
    ]


def _kept(since: int) -> list[Done]:
    """Return the last text that each has kept beside a piece: whoever types on keeps many."""
    last = select(func.max(Revision.id)).where(KEPT, Revision.at > since).group_by(Revision.piece_id, Revision.author_id)
    rows = select(Revision.number, Revision.at, Piece, User.name).join(Piece, Piece.id == Revision.piece_id)
    recent = within_reach(rows.outerjoin(User, User.id == Revision.author_id)).where(Revision.id.in_(last))
    return [
        _done(at, name, _("Kept a text beside another"), piece, url=kinds.of(piece).choose_url_of(piece, number))
        for number, at, piece, name in db.session.execute(recent.order_by(Revision.at.desc(), Revision.id.desc()).limit(MOST))
    ]


def _done(at: int, who: str | None, sentence: Any, piece: Piece, *, url: str = "", **more: str) -> Done:
    return Done(
        instant=at,
        at=moment(at),
        iso=iso(at),
        who=who or str(NOBODY),
        sentence=str(sentence),
        title=piece.title or _("(no title yet)"),
        url=url or kinds.of(piece).edit_url_of(piece),
        **more,
    )


def _sentence(action: str, fields: Mapping[str, Any]) -> Any:
    if action == vocabulary.PIECE_PINNED.name:
        return PINNED[fields["pinned"]]
    return vocabulary.ALL[action].sentence


def _names(many: Iterable[Mapping[str, Any]]) -> dict[tuple[str, int], str]:
    """Return the names of all units and sections that entries name, by field and id."""
    wanted = {(name, fields[name]) for fields in many for name in NAMED.keys() & fields.keys()}
    names = dict[tuple[str, int], str]()
    for name, model in NAMED.items():
        ids = [number for field, number in wanted if field == name]
        found = db.session.execute(select(model.id, model.name).where(model.id.in_(ids))) if ids else ()
        names |= {(name, number): called for number, called in found}
    return names


def _where(fields: Mapping[str, Any], names: Mapping[tuple[str, int], str]) -> str:
    return ", ".join(called for (name, number), called in names.items() if fields.get(name) == number)


def cut(text: str) -> str:
    """Return a text of at most LONGEST_REMARK characters, cut between words."""
    line = " ".join(text.split())
    if len(line) <= LONGEST_REMARK:
        return line
    return (line[:LONGEST_REMARK].rpartition(" ")[0] or line[: LONGEST_REMARK - 1]) + "…"
