"""Attachments over the web: saved under their real name; only a PDF may open in the browser."""

from flask import Blueprint, Response, abort, send_file

from portal.core.access import public
from portal.core.headers import FILE_CSP, PDF_CSP
from portal.files.attachments import PDF, find_public
from portal.files.models import Attachment
from portal.files.storage import path_of

blueprint = Blueprint("files", __name__)


@blueprint.get("/tep/<key>")
@public
def download(key: str) -> Response:
    return _send(_find(key), as_attachment=True)


@blueprint.get("/tep/<key>/mo")
@public
def open_pdf(key: str) -> Response:
    attachment = _find(key)
    if attachment.file.kind != PDF:
        abort(404)
    return _send(attachment, as_attachment=False)


def _find(key: str) -> Attachment:
    return find_public(key) or abort(404)


def _send(attachment: Attachment, *, as_attachment: bool) -> Response:
    file = attachment.file
    response = send_file(
        path_of(file.stored_as),
        mimetype=file.kind if file.kind == PDF else "application/octet-stream",
        as_attachment=as_attachment,
        download_name=attachment.name,
        conditional=True,
        etag=file.sha256.hex(),
        last_modified=file.created_at // 1000,
    )
    response.headers["Content-Security-Policy"] = FILE_CSP if as_attachment else PDF_CSP
    response.headers["X-Frame-Options"] = "DENY"
    return response
