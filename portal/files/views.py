"""Files over the web: saved under their real name, read page by page, shown as pictures; a PDF or a video may open."""

from flask import Blueprint, Response, abort, current_app, render_template, request, send_file

from portal.core import language
from portal.core.access import public
from portal.core.caching import cache_for
from portal.core.db import db
from portal.core.headers import FILE_CSP, PDF_CSP
from portal.files import archive, pictures, places
from portal.files.attachments import VIDEO, at, find_public
from portal.files.models import Attachment, File, Rendition
from portal.files.preview import find_leaf, preview
from portal.files.renditions import PDF
from portal.files.storage import path_of

blueprint = Blueprint("files", __name__)

KEPT_FOR_EVER = "private, max-age=31536000, immutable"
"""A picture's address never shows another. No shared cache may keep it, which would go on showing it after a withdrawal."""

PICTURE_CSP = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""A browser styles the page that it makes around a picture; the picture is one that we made."""


@blueprint.get("/tep/<key>")
@public
def download(key: str) -> Response:
    return _send(_find(key), as_attachment=True)


@blueprint.get("/tep/<key>/mo")
@public
def open_in_browser(key: str) -> Response:
    attachment = _find(key)
    if attachment.file.kind not in {PDF, VIDEO}:
        abort(404)
    return _send(attachment, as_attachment=False)


@blueprint.get("/tep/<key>/xem")
@cache_for(60)
def read(key: str) -> str:
    attachment = _find(key)
    if attachment.file.kind != PDF:
        abort(404)
    other = "en" if language.current() == language.DEFAULT else language.DEFAULT
    return render_template("files/show.html", **preview(attachment), alternate=language.alternate(other, request.path))


@blueprint.get("/tep/<key>/trang/<id:number>.webp")
@public
def leaf(key: str, number: int) -> Response:
    return show_picture(find_leaf(key, number) or abort(404))


@blueprint.get("/anh/<key>/<id:width>.webp")
@public
def picture(key: str, width: int) -> Response:
    return show_picture(pictures.find_public(key, width) or abort(404))


@blueprint.get("/tep/tat-ca/<slug:noun>-<id:number>.zip")
@public
def all_of(noun: str, number: int) -> Response:
    place = f"{noun}:{number}"
    if not places.is_public(place):
        abort(404)
    parts = archive.members(db.session.scalars(at(place)))
    if len(parts) < 2 or sum(part.size for part in parts) > archive.LARGEST:
        abort(404)
    where = places.where(place)
    response = Response(archive.pieces(parts), mimetype="application/zip")
    response.headers.set("Content-Disposition", "attachment", filename=archive.safe_name(f"{where.title if where else noun}.zip"))
    response.headers["Content-Length"] = str(archive.length(parts))
    response.headers["Cache-Control"] = "no-cache"
    response.set_etag(archive.etag(parts))
    response.make_conditional(request)
    return _closed(response, FILE_CSP)


def _find(key: str) -> Attachment:
    return find_public(key) or abort(404)


def show_picture(rendition: Rendition) -> Response:
    """Return a picture in one piece: it is small, and needs no thread of its own for a slow client (core.worker)."""
    response = current_app.response_class(path_of(rendition.image.stored_as).read_bytes(), mimetype="image/webp")
    response.headers["Cache-Control"] = KEPT_FOR_EVER
    response.set_etag(rendition.image.sha256.hex())
    response.make_conditional(request)
    return _closed(response, PICTURE_CSP)


def _send(attachment: Attachment, *, as_attachment: bool) -> Response:
    return send(attachment.file, attachment.name, as_attachment=as_attachment)


def send(file: File, name: str, *, as_attachment: bool = True) -> Response:
    """Return a file's bytes under a name: to be saved, or (a PDF or a video) opened by the browser."""
    response = send_file(
        path_of(file.stored_as),
        mimetype=file.kind if file.kind in {PDF, VIDEO} else "application/octet-stream",
        as_attachment=as_attachment,
        download_name=name,
        conditional=True,
        etag=file.sha256.hex(),
        last_modified=file.created_at // 1000,
    )
    return _closed(response, PDF_CSP if file.kind == PDF and not as_attachment else FILE_CSP)


def _closed(response: Response, policy: str) -> Response:
    """Have a file run nothing and stand in no frame, whatever it is."""
    response.headers["Content-Security-Policy"] = policy
    response.headers["X-Frame-Options"] = "DENY"
    return response
