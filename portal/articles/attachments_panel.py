"""What the page for writing, and the page of attachments, print of what an article carries."""

from typing import Any

from flask import url_for
from flask_login import current_user

from portal.articles import attached
from portal.core import formats
from portal.core.db import db
from portal.core.language import _
from portal.files import attachments, kinds, uploads, uses
from portal.files.models import File
from portal.publishing.models import Content, Piece

PIECE = 2 * 1024 * 1024
"""Bytes that a script sends at once."""


def around(piece: Piece, content: Content, *, is_open: bool, said: str = "", done: str = "") -> dict[str, Any]:
    """Return an article's attachments with what can be done with them, and what is on its way."""
    return {
        "attached": _lines(piece, content),
        "may_attach": is_open,
        "attached_said": said,
        "attached_done": done,
        "unfinished": _unfinished(piece) if is_open else [],
        "largest_mb": uploads.limits()[0],
        "endings": kinds.ENDINGS,
        "piece_octets": PIECE,
    }


def _lines(piece: Piece, content: Content) -> list[dict[str, Any]]:
    some = attached.placed(content)
    known = attachments.files(one.file_id for one in some)
    before = attached.earlier(piece.id, content)
    own = {f"article:{piece.thing_id}", f"draft:{piece.id}"}
    return [
        {
            "key": one.key,
            "file": one.file_id,
            "name": one.name,
            "about": attachments.about(known[one.file_id]),
            "url": attached.staff_url(piece.id, one.file_id),
            "used": uses.named(one.file_id, apart_from=own),
            "earlier": [_earlier(piece, file) for file in before.get(one.key, [])],
        }
        for one in some
        if one.file_id in known
    ]


def _earlier(piece: Piece, file: File) -> dict[str, str]:
    said = _("%(about)s, came at %(moment)s", about=attachments.about(file), moment=formats.moment(file.created_at))
    return {"url": attached.staff_url(piece.id, file.id), "text": said}


def _unfinished(piece: Piece) -> list[dict[str, Any]]:
    """Return what whoever asks began to send and did not end."""
    return [
        {
            "key": one.key,
            "name": one.name,
            "size": one.size,
            "modified": one.modified,
            "text": _(
                "“%(name)s”: %(received)s of %(size)s have come. Choose the same file again to go on.",
                name=one.name,
                received=formats.size(uploads.received(one)),
                size=formats.size(one.size),
            ),
            "cancel_url": url_for("attaching.cancel", piece_id=piece.id, key=one.key),
        }
        for one in db.session.scalars(uploads.unfinished(piece.place, current_user.id))
    ]
