"""Changing an article's attachments: each change is a revision of its own, made from the present one, and never of the text."""

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from portal import audit
from portal.articles import attached
from portal.articles import content as contents
from portal.audit import Actor, vocabulary
from portal.core import staff
from portal.core.db import db, write
from portal.core.errors import Refused
from portal.core.language import _
from portal.core.staff import Permission
from portal.files import kinds, library, renditions, storage
from portal.files.attachments import Placed
from portal.files.models import File
from portal.files.storage import Stored
from portal.publishing import revisions
from portal.publishing.models import Piece
from portal.publishing.states import is_writable

Change = Callable[[list[Placed]], list[Placed]]
MOVES = {"up": -1, "down": 1}


class Overtaken(Refused):
    """Somebody has changed the attachment since the page was opened. Answered with 409."""


def add(session: Session, piece_id: int, stored: Stored, name: str, *, actor: Actor, may_edit: bool) -> int:
    """Attach a file that was just kept, within the caller's transaction; return its id."""
    file = _recorded(session, piece_id, stored, name, actor)
    put(session, piece_id, [(file.id, name)], actor=actor, may_edit=may_edit)
    return file.id


def put(session: Session, piece_id: int, some: Sequence[tuple[int, str]], *, actor: Actor, may_edit: bool) -> None:
    """Attach files that are there, each under a name, after those that a piece has."""

    def added(now: list[Placed]) -> list[Placed]:
        if len(now) + len(some) > attached.MOST:
            raise Refused(_("One article takes at most %(most)s attachments.", most=attached.MOST))
        return [*now, *(Placed(attached.a_key(), file_id, name) for file_id, name in some)]

    change(session, piece_id, added, "attached", some[0][0], actor=actor, may_edit=may_edit, is_kept=True)


def replace(
    session: Session, piece_id: int, key: str, seen: int | None, stored: Stored, name: str, *, actor: Actor, may_edit: bool
) -> int:
    """Have another file stand under an attachment's key. Raises Overtaken where it is not the file any more that was `seen`."""
    file = _recorded(session, piece_id, stored, name, actor)

    def replaced(now: list[Placed]) -> list[Placed]:
        old = _of(now, key)
        if old.file_id != seen and old.file_id != file.id:
            said = _("“%(name)s” was replaced by somebody else meanwhile. Nothing was done; look at it first.", name=old.name)
            raise Overtaken(said)
        return [Placed(key, file.id, name) if one.key == key else one for one in now]

    change(session, piece_id, replaced, "replaced", file.id, actor=actor, may_edit=may_edit, is_kept=True)
    return file.id


def rename(piece_id: int, key: str, said: str, *, actor: Actor) -> None:
    """Give an attachment another name; its ending stays what its content is."""
    name = kinds.named(said)

    def renamed(now: list[Placed]) -> list[Placed]:
        old = _of(now, key)
        if kinds.kind_of(name).media != kinds.kind_of(old.name).media:
            ending = "." + old.name.rpartition(".")[2]
            raise Refused(_("The name of “%(name)s” ends with %(ending)s, as its content is.", name=old.name, ending=ending))
        return [Placed(key, one.file_id, name) if one.key == key else one for one in now]

    _write(piece_id, renamed, "renamed", key, actor)


def move(piece_id: int, key: str, way: str, *, actor: Actor) -> None:
    """Move an attachment "up" or "down" by one place."""

    def moved(now: list[Placed]) -> list[Placed]:
        old = _of(now, key)
        rest, place = [one for one in now if one is not old], now.index(old)
        rest.insert(max(0, place + MOVES[way]), old)
        return rest

    _write(piece_id, moved, "moved", key, actor)


def remove(piece_id: int, key: str, *, actor: Actor) -> None:
    """Take an attachment away; the text before names it still."""
    _write(piece_id, lambda now: [one for one in now if one is not _of(now, key)], "removed", key, actor, is_kept=True)


def change(
    session: Session, piece_id: int, act: Change, what: str, file_id: int, *, actor: Actor, may_edit: bool, is_kept: bool
) -> None:
    """Make a revision of a piece that is as its present one but for its attachments. Raises Refused, LookupError."""
    piece = revisions.locked(session, piece_id)
    if not is_writable(piece, may_edit=may_edit):
        raise Refused(_("The article takes no changes now, so its attachments stay. Recall or return it first."))
    head = session.scalars(revisions.at(piece_id, piece.head)).one()
    before = attached.placed(head.content)
    after = act(before)
    if after == before:
        return
    if piece.state == "settled":
        piece.state = "draft"
    content = {**contents.EMPTY, **head.content, attached.FIELD: attached.entries(after)}
    kind = "saved" if is_kept else "auto"
    made = revisions.keep(session, piece, content, author_id=actor.id, kind=kind, base=head.number)
    told = {"revision": made.number, "what": what, "file": file_id}
    audit.record(session, vocabulary.ATTACHMENTS_CHANGED, actor=actor, thing=piece.place, **told)


def _write(piece_id: int, act: Change, what: str, key: str, actor: Actor, *, is_kept: bool = False) -> None:
    may_edit = staff.may(Permission.EDIT, db.session.get(Piece, piece_id))

    def store(session: Session) -> None:
        found = revisions.locked(session, piece_id)
        head = session.scalars(revisions.at(piece_id, found.head)).one()
        file_id = _of(attached.placed(head.content), key).file_id
        change(session, piece_id, act, what, file_id, actor=actor, may_edit=may_edit, is_kept=is_kept)

    write(store)


def _of(now: Sequence[Placed], key: str) -> Placed:
    found = next((one for one in now if one.key == key), None)
    if found is None:
        raise Overtaken(_("This attachment was removed meanwhile. Look at what is there now."))
    return found


def _recorded(session: Session, piece_id: int, stored: Stored, name: str, actor: Actor) -> File:
    """Store the row of a file that is new here, with its line in the library of the piece's unit."""
    file = storage.record(session, stored)
    renditions.ask(session, file)
    library.shelve(session, file.id, unit_id=session.get_one(Piece, piece_id).unit_id, name=name, actor=actor)
    return file
