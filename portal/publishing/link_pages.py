"""Preview links for those who write, and the page that whoever has a link reads."""

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from flask_login import current_user

from portal.core import clock, formats, language
from portal.core.access import public
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.staff import Permission, demand, needs
from portal.core.web import absolute, query_value, see_other
from portal.publishing import kinds, links
from portal.publishing.editor import blueprint as staff
from portal.publishing.models import Piece

blueprint = Blueprint("previews", __name__)

MOST_LISTED = 50
HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer"}
"""Kept nowhere, found by nobody, told to nobody: the address is the key."""


@blueprint.get("/xem-truoc/<key>")
@public
def show(key: str) -> Response:
    """Show what the link was made for; 404, always the same, for a guessed, an expired and a revoked one."""
    found = links.shown(key)
    if found is None:
        abort(404)
    piece, revision = found
    if piece.language == language.current():
        response = make_response(kinds.of(piece).page_of(piece, revision.content, key))
    else:
        response = see_other(language.mount(piece.language) + request.path)
    response.headers.update(HEADERS)
    return response


@staff.get("/<id:piece_id>/lien-ket-xem")
@needs(Permission.WRITE)
def links_of(piece_id: int) -> Response:
    done = {"thu-hoi": language._("The link is revoked; nobody can open it any more.")}
    return _page(_piece(piece_id), done=done.get(query_value("xong", longest=20), ""))


@staff.post("/<id:piece_id>/lien-ket-xem")
@needs(Permission.WRITE)
def make_link(piece_id: int) -> Response:
    """Make a link and show it, this once: a page that is told again after a 303 would have to keep the key."""
    piece = _piece(piece_id)
    try:
        key = links.make(piece.id, actor=current_user)
    except Refused as refused:
        return _page(piece, said=str(refused), code=422)
    path = url_for("previews.show", key=key)
    return _page(piece, made=absolute(language.mount(piece.language) + path.removeprefix(language.mount(language.current()))))


@staff.post("/<id:piece_id>/lien-ket-xem/<id:link_id>/thu-hoi")
@needs(Permission.WRITE)
def revoke_link(piece_id: int, link_id: int) -> Response:
    piece = _piece(piece_id)
    links.revoke(piece.id, link_id, actor=current_user)
    return see_other(url_for("publishing.links_of", piece_id=piece.id, xong="thu-hoi"))


def _piece(piece_id: int) -> Piece:
    piece = db.get_or_404(Piece, piece_id)
    demand(Permission.WRITE, piece)
    return piece


def _page(piece: Piece, *, made: str = "", done: str = "", said: str = "", code: int = 200) -> Response:
    now = clock.now_ms()
    rows = [
        {
            "link": link,
            "who": link.maker.name if link.maker else "",
            "made_at": formats.moment(link.made_at),
            "until": formats.moment(link.revoked_at or link.expires_at),
            "is_open": link.revoked_at is None and link.expires_at > now,
            "is_revoked": link.revoked_at is not None,
        }
        for link in db.session.scalars(links.of(piece.id).limit(MOST_LISTED))
    ]
    values = {"piece": piece, "rows": rows, "made": made, "done": done, "said": said, "back": kinds.of(piece).edit_url_of(piece)}
    return make_response(render_template("publishing/links.html", **values), code)
