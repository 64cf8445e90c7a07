"""Files that a script sends piece by piece: begin, ask how far it is, send a piece, end, cancel."""

from typing import Any

from flask import Response, abort, jsonify, make_response, request, url_for
from flask_login import current_user
from sqlalchemy.orm import Session

from portal.articles import attaching
from portal.articles.editor_attachments import blueprint, code_of, panel
from portal.articles.editor_page import find
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.language import _
from portal.core.staff import Permission, may, needs
from portal.core.web import LARGEST_ID, form_value, query_value, see_other
from portal.files import accepting, uploads
from portal.files.models import Upload
from portal.files.storage import Stored
from portal.files.uploads import KEY, Sent
from portal.publishing.models import Piece

LARGEST_PIECE = 8 * 1024 * 1024
LARGEST_NUMBER = 2**53
"""What a script can count to."""


@blueprint.post("/bai/<id:piece_id>/gui")
@needs(Permission.WRITE)
def begin(piece_id: int) -> Response:
    piece, key = find(piece_id), form_value("key", longest=32)
    name = request.form.get("name", "")[:4_000]
    size, modified = (_number(form_value(field, longest=16)) for field in ("size", "modified"))
    seen = _number(form_value("seen", longest=10), most=LARGEST_ID)
    if not KEY.fullmatch(key) or size is None:
        return _refused(Refused(_("This is no upload of ours. Load the page again.")))
    sent = Sent(key, name, size, modified or 0, form_value("replaces", longest=32), seen)
    try:
        return _told(uploads.begin(sent, place=piece.place, actor=current_user))
    except Refused as refused:
        return _refused(refused)


@blueprint.get("/bai/<id:piece_id>/gui/<key>")
@needs(Permission.WRITE)
def status(piece_id: int, key: str) -> Response:
    return _told(_find(find(piece_id), key))


@blueprint.post("/bai/<id:piece_id>/gui/<key>")
@needs(Permission.WRITE)
def add(piece_id: int, key: str) -> Response:
    """Take a piece of a file, which is the whole body; "tu" says where it begins."""
    upload, at = _find(find(piece_id), key), _number(query_value("tu", longest=16))
    if at is None or request.mimetype != "application/octet-stream" or (request.content_length or 0) > LARGEST_PIECE:
        return _refused(Refused(_("This is no upload of ours. Load the page again.")))
    try:
        uploads.add(upload, at, request.stream)
    except Refused as refused:
        return _refused(refused)
    return _told(upload)


@blueprint.post("/bai/<id:piece_id>/gui/<key>/xong")
@needs(Permission.WRITE)
def finish(piece_id: int, key: str) -> Response:
    """Attach a file that has come whole, once; the answer is the list as it is then."""
    piece = find(piece_id)
    upload, may_edit = _find(piece, key), may(Permission.EDIT, piece)

    def store(session: Session, stored: Stored) -> int:
        how: dict[str, Any] = {"actor": current_user, "may_edit": may_edit}
        if upload.replaces:
            return attaching.replace(session, piece_id, upload.replaces, upload.seen, stored, upload.name, **how)
        return attaching.add(session, piece_id, stored, upload.name, **how)

    try:
        accepting.finish(upload, store)
    except Refused as refused:
        return _refused(refused)
    return make_response(panel(db.session.get_one(Piece, piece_id)))


@blueprint.post("/bai/<id:piece_id>/gui/<key>/huy")
@needs(Permission.WRITE)
def cancel(piece_id: int, key: str) -> Response:
    uploads.cancel(_find(find(piece_id), key))
    return see_other(url_for("attaching.show", piece_id=piece_id, xong="bo"))


def _find(piece: Piece, key: str) -> Upload:
    return uploads.find(key, place=piece.place, user_id=current_user.id) or abort(404)


def _told(upload: Upload) -> Response:
    return jsonify(key=upload.key, received=uploads.received(upload), size=upload.size, is_there=upload.file_id is not None)


def _refused(refused: Refused) -> Response:
    return make_response(jsonify(said=str(refused)), code_of(refused))


def _number(said: str, *, most: int = LARGEST_NUMBER) -> int | None:
    return int(said) if said.isascii() and said.isdigit() and int(said) <= most else None
