"""The attachments of an article as its text names them: part of every revision, before the public with the text."""

import secrets
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core import formats
from portal.core.db import db
from portal.core.language import _
from portal.core.staff import Permission, may
from portal.core.text import clean_line
from portal.core.web import LARGEST_ID
from portal.files import attachments
from portal.files.attachments import Line, Placed
from portal.files.models import Attachment, File
from portal.files.places import Where
from portal.files.uploads import KEY
from portal.publishing.models import Content, Piece, Revision

Entry: TypeAlias = dict[str, Any]
"""{"key": what the public will know it by, "file": a file's id, "name": its name here}."""

FIELD = "attachments"
MOST = 100
LONGEST_NAME = 255


def cleaned(said: object) -> list[Entry]:
    """Return attachments in their one form; what is none is left out."""
    found = [one for one in said if isinstance(one, dict)] if isinstance(said, list) else []
    whole = [_entry(one) for one in found if KEY.fullmatch(str(one.get("key"))) and _is_id(one.get("file"))]
    return list({one["key"]: one for one in whole if one["name"]}.values())[:MOST]


def a_key() -> str:
    """Return the key of an attachment that is new here."""
    return secrets.token_hex(16)


def placed(content: Content) -> list[Placed]:
    """Return a content's attachments in order."""
    return [Placed(one["key"], one["file"], one["name"]) for one in content.get(FIELD) or []]


def entries(some: Sequence[Placed]) -> list[Entry]:
    """Return the same as a content holds it."""
    return [{"key": one.key, "file": one.file_id, "name": one.name} for one in some]


def copied(content: Content) -> list[Entry]:
    """Return a content's attachments for another article: of the same files, under keys of their own."""
    return [{**one, "key": a_key()} for one in content.get(FIELD) or []]


def told(said: object) -> str:
    """Return attachments as one reads and compares them: a line for each, with what tells two files of one name apart."""
    some = placed({FIELD: said})
    known = attachments.files(one.file_id for one in some)
    return "\n".join(f"{one.name} ({_facts(known.get(one.file_id))})" for one in some)


def lines(piece: Piece, content: Content, read_url: Callable[[int], str]) -> list[Line]:
    """Return what a page lists of a content: at public addresses where readers have just this, else at `read_url` of its file."""
    some = placed(content)
    keys = [one.key for one in some]
    public = {row.key: row for row in db.session.scalars(select(Attachment).where(Attachment.key.in_(keys)))}
    known = attachments.files(one.file_id for one in some)
    return [_line(one, known[one.file_id], public.get(one.key), piece, read_url) for one in some if one.file_id in known]


def earlier(piece_id: int, now: Content) -> dict[str, list[File]]:
    """Return by an attachment's key the files that it had before, in a text that is kept, the latest first."""
    some = select(Revision.content[FIELD]).where(Revision.piece_id == piece_id).order_by(Revision.number.desc())
    present = {one["key"]: one["file"] for one in now.get(FIELD) or []}
    ids: dict[str, list[int]] = {}
    for said in db.session.scalars(some):
        for one in said or []:
            mine = ids.setdefault(one["key"], [])
            if one["file"] != present.get(one["key"]) and one["file"] not in mine:
                mine.append(one["file"])
    known = attachments.files(file_id for mine in ids.values() for file_id in mine)
    return {key: [known[file_id] for file_id in mine if file_id in known] for key, mine in ids.items() if mine}


def names(session: Session, piece_id: int, file_id: int) -> str | None:
    """Return the name under which a file stands, or stood, in a piece; None where it never did."""
    some = select(Revision.content[FIELD]).where(Revision.piece_id == piece_id).order_by(Revision.number.desc())
    return next((one["name"] for said in session.scalars(some) for one in said or [] if one["file"] == file_id), None)


def name_in(content: Content, file_id: int) -> str | None:
    """Return the name under which a file stands in a content, None where it does not."""
    return next((one.name for one in placed(content) if one.file_id == file_id), None)


def _entry(said: dict[str, Any]) -> Entry:
    return {"key": said["key"], "file": said["file"], "name": clean_line(str(said.get("name") or ""))[:LONGEST_NAME]}


def _is_id(value: object) -> bool:
    return type(value) is int and 0 < value <= LARGEST_ID


def _facts(file: File | None) -> str:
    if file is None:
        return ""
    return f"{attachments.letters(file)}, {formats.size(file.size)}, {formats.moment(file.created_at)}, {file.sha256.hex()[:8]}"


def _line(one: Placed, file: File, public: Attachment | None, piece: Piece, read_url: Callable[[int], str]) -> Line:
    if public is None or public.file_id != file.id or piece.standing != "published":
        return attachments.unpublished(one.name, file, read_url(file.id))
    return attachments.line(public)


def where_written(piece_id: int) -> Where | None:
    """Return a text in the making as a link to the page where it is written, None where whoever asks may not write it."""
    piece = db.session.get(Piece, piece_id)
    if piece is None or not may(Permission.WRITE, piece):
        return None
    title = piece.title or _("Article without a title")
    return Where(_("%(title)s (being written)", title=title), url_for("writing.edit", piece_id=piece_id))


def staff_url(piece_id: int, file_id: int) -> str:
    """Return where who writes a piece reads one of its files, published or not."""
    return url_for("attaching.read", piece_id=piece_id, file_id=file_id)
