"""Revisions: kept texts of a piece. A save is stored exactly once, and never instead of somebody else's."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import Enum, auto

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from portal import audit
from portal.audit import Actor, vocabulary
from portal.core import clock, staff
from portal.core.db import db, write
from portal.core.errors import Refused
from portal.core.language import _
from portal.core.staff import Permission
from portal.core.text import fold
from portal.publishing import kinds
from portal.publishing.models import Content, Piece, Revision
from portal.publishing.states import is_writable

SITE = 1
LARGEST_A_DAY = 4_000_000_000
"""Characters that a person's saves of a day may hold: a long plan, saved without a break for more than a day's work."""
FEWEST_A_DAY = 2_000
"""Saves that nobody is refused, however long the text."""
OUTLINE = (
    Revision.piece_id,
    Revision.number,
    Revision.base,
    Revision.kind,
    Revision.author_id,
    Revision.at,
    Revision.name,
)
"""All of a revision but its text."""


class Outcome(Enum):
    """What became of a save. The text is in the history, whatever it is."""

    SAVED = auto()
    UNCHANGED = auto()
    """The same text as the present revision: nothing new is kept."""
    BESIDE = auto()
    """Somebody else has saved since: kept beside their text, for somebody to choose."""
    CLOSED = auto()
    """The piece has gone on to where its writer may not change it: kept beside."""


@dataclass(frozen=True, slots=True)
class Save:
    """What somebody sends: a text, the revision that it was made from, and a random key of 16 bytes that names this save."""

    content: Content
    base: int
    key: bytes | None
    by_hand: bool = False
    name: str = ""
    fields: tuple[str, ...] | None = None
    """What it speaks of; all else stays as it is by then, and is no conflict. None: of everything."""

    def of(self, whole: Content, said: Content) -> Content:
        """Return a whole content with what this save says of it."""
        return said if self.fields is None else {**said, **whole, **{name: said[name] for name in self.fields}}

    def speaks_alike(self, one: Content, other: Content) -> bool:
        """Tell whether two contents are the same in all that this save speaks of."""
        names = self.fields if self.fields is not None else tuple({**one, **other})
        return all(one.get(name) == other.get(name) for name in names)


@dataclass(frozen=True, slots=True)
class Saved:
    """Where a save stands: its number, and the number of the present revision."""

    outcome: Outcome
    number: int
    head: int
    at: int


def create(
    kind: str,
    content: Content,
    *,
    actor: Actor,
    unit_id: int | None,
    language: str,
    key: bytes,
    also: Callable[[Session, Piece], None] | None = None,
) -> int:
    """Begin a piece with a first text, and return its id; sent twice under one key, it is begun once.

    `also` stores, in the same transaction, what comes with the text.
    """
    cleaned = kinds.named(kind).cleaned(content)

    def store(session: Session) -> int:
        if session.get_bind().dialect.name == "postgresql":  # pressed twice at once, neither would see the other's
            session.execute(select(func.pg_advisory_xact_lock(int.from_bytes(key[:8], signed=True))))
        known = session.scalar(select(Revision.piece_id).where(Revision.save_key == key, Revision.author_id == actor.id))
        if known is not None:
            return known
        piece = begin(session, kind, cleaned, author_id=actor.id, unit_id=unit_id, language=language, key=key)
        audit.record(session, vocabulary.PIECE_BEGUN, actor=actor, thing=piece.place)
        if also is not None:
            also(session, piece)
        return piece.id

    return write(store)


def begin(
    session: Session,
    kind: str,
    content: Content,
    *,
    author_id: int | None,
    unit_id: int | None,
    language: str,
    key: bytes | None = None,
) -> Piece:
    """Add a piece with a first text (clean already) within the caller's transaction."""
    now = clock.now_ms()
    piece = Piece(
        site_id=SITE,
        kind=kind,
        language=language,
        unit_id=unit_id,
        author_id=author_id,
        title="",
        title_folded="",
        created_at=now,
        changed_at=now,
    )
    session.add(piece)
    session.flush()
    keep(session, piece, content, author_id=author_id, kind="first", base=0, key=key)
    return piece


def save(piece_id: int, sent: Save, *, actor: Actor) -> Saved:
    """Store a text, or keep it beside where somebody else has saved since; durable when this returns.

    Raises Refused where the text cannot be kept as what its kind is, LookupError where the piece is gone.
    """
    found = db.session.get(Piece, piece_id)
    if found is None:
        raise LookupError(f"no piece {piece_id}")
    content, may_edit = kinds.of(found).cleaned(sent.content), staff.may(Permission.EDIT, found)
    _demand_room(content, actor)

    def store(session: Session) -> Saved:
        piece, going_on = locked(session, piece_id), sent
        while known := _known(session, piece_id, going_on.key):
            if sent.speaks_alike(known.content, content):
                return Saved(Outcome.BESIDE if known.kind == "kept" else Outcome.SAVED, known.number, piece.head, known.at)
            # Its answer was lost, and its author has typed on: what comes now goes on from what was stored then.
            going_on = replace(going_on, base=known.number, key=_next(known.save_key or b""))
        return _save(session, piece, content, going_on, actor, may_edit=may_edit)

    return write(store)


def _demand_room(content: Content, actor: Actor) -> None:
    """Refuse what would fill the disk: a person's saves of a day are all kept, and each holds the whole text."""
    most = max(FEWEST_A_DAY, LARGEST_A_DAY // max(1, sum(len(str(value)) for value in content.values())))
    mine = select(Revision.id).where(Revision.author_id == actor.id, Revision.at > clock.now_ms() - clock.DAY)
    if db.session.scalar(select(func.count()).select_from(mine.limit(most).subquery())) == most:
        raise Refused(
            _("You have saved %(most)s times within a day; more is not kept. What you typed is still on the screen.", most=most)
        )


def _known(session: Session, piece_id: int, key: bytes | None) -> Revision | None:
    return session.scalar(select(Revision).where(Revision.piece_id == piece_id, Revision.save_key == key)) if key else None


def _next(key: bytes) -> bytes:
    """Return the name of the save that follows one whose answer was lost, for as many as are lost in a row."""
    return hashlib.sha256(key).digest()[: len(key)]


def _save(session: Session, piece: Piece, content: Content, sent: Save, actor: Actor, *, may_edit: bool) -> Saved:
    head = session.scalars(at(piece.id, piece.head)).one()
    base = head if sent.base == piece.head else session.scalar(at(piece.id, sent.base))
    is_open = is_writable(piece, may_edit=may_edit)
    is_on_head = base is head or (base is not None and sent.fields is not None and sent.speaks_alike(base.content, head.content))
    content = sent.of((head if is_on_head or base is None else base).content, content)
    if sent.speaks_alike(head.content, content):
        if sent.name or (sent.by_hand and head.kind == "auto"):  # what somebody has saved is not thinned out
            head.name, head.kind = sent.name or head.name, "saved"
        return Saved(Outcome.UNCHANGED, head.number, head.number, head.at)
    if not is_open or not is_on_head:
        beside = keep(session, piece, content, author_id=actor.id, kind="kept", base=sent.base, key=sent.key, name=sent.name)
        return Saved(Outcome.BESIDE if is_open else Outcome.CLOSED, beside.number, piece.head, beside.at)
    kind = "saved" if sent.by_hand else "auto"
    if piece.state == "settled":
        piece.state = "draft"
    made = keep(session, piece, content, author_id=actor.id, kind=kind, base=piece.head, key=sent.key, name=sent.name)
    return Saved(Outcome.SAVED, made.number, made.number, made.at)


def keep(
    session: Session,
    piece: Piece,
    content: Content,
    *,
    author_id: int | None,
    kind: str,
    base: int,
    key: bytes | None = None,
    name: str = "",
) -> Revision:
    """Add a revision to a piece that is locked; it is the present one unless it is kept beside."""
    last = session.scalar(select(func.max(Revision.number)).where(Revision.piece_id == piece.id)) or 0
    revision = Revision(
        piece_id=piece.id,
        number=last + 1,
        base=base,
        kind=kind,
        author_id=author_id,
        at=clock.now_ms(),
        name=name,
        save_key=key,
        digest=digest(content),
        content=content,
    )
    session.add(revision)
    if kind != "kept":
        named = kinds.of(piece)
        piece.head, piece.changed_at = revision.number, revision.at
        piece.title, piece.shelf_id = named.title_of(content), named.shelf_of(content)
        piece.title_folded = fold(piece.title)[:300]
        named.kept(session, piece, content)
    session.flush()
    return revision


def locked(session: Session, piece_id: int) -> Piece:
    """Return a piece for changing: whoever else wants to waits. Raises LookupError where it is gone."""
    piece = session.scalar(select(Piece).where(Piece.id == piece_id).with_for_update().execution_options(populate_existing=True))
    if piece is None:
        raise LookupError(f"no piece {piece_id}")
    return piece


def at(piece_id: int, number: int) -> Select[Revision]:
    """Select one revision of a piece."""
    return select(Revision).where(Revision.piece_id == piece_id, Revision.number == number)


def history(piece_id: int) -> Select[Revision]:
    """Select a piece's revisions with their authors, the latest first."""
    return (
        select(Revision)
        .where(Revision.piece_id == piece_id)
        .options(joinedload(Revision.author))
        .order_by(Revision.number.desc())
    )


def digest(content: Content) -> bytes:
    """Return the SHA-256 of a content's one written form."""
    written = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).digest()


def only(content: Content, fields: Iterable[str]) -> Content:
    """Return a content with these fields alone, "" where one is not there."""
    return {name: content.get(name, "") for name in fields}
