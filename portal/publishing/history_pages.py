"""The history of a piece for those who write it: read, compare, name, restore."""

from functools import partial

from flask import Response, abort, make_response, render_template, request, url_for
from flask_login import current_user
from sqlalchemy.orm import joinedload

from portal.core.db import db
from portal.core.errors import Refused, gives_back
from portal.core.language import _
from portal.core.staff import Permission, demand, may, needs
from portal.core.web import form_value, query_number, query_value, see_other
from portal.publishing import done, history, kinds, revisions
from portal.publishing.comparing import compared
from portal.publishing.editor import blueprint
from portal.publishing.lines import revision_line
from portal.publishing.models import Piece, Revision
from portal.publishing.restoring import restore
from portal.publishing.states import NAMES, is_writable, state_of
from portal.publishing.steps import Overtaken

LONGEST_KEY = 40


@blueprint.get("/<id:piece_id>/lich-su", endpoint="history")
@needs(Permission.WRITE)
def show_history(piece_id: int) -> Response:
    piece, said = _piece(piece_id), query_value("sau", longest=LONGEST_KEY)
    after = history.key(said)
    if said and after is None:
        abort(404)
    named = _("The name is kept.") if query_value("xong", longest=20) == "dat-ten" else ""
    return _history(piece, after=after, done=named)


@blueprint.post("/<id:piece_id>/lich-su")
@gives_back("name")
@needs(Permission.WRITE)
def name_revision(piece_id: int) -> Response:
    piece, name = _piece(piece_id), form_value("name", longest=1_000)
    number = _number(form_value("number", longest=10))
    if number is None:
        return _history(piece, said=_("Choose a revision."), code=422)
    if not name.strip() or len(name) > history.LONGEST_NAME:
        said = _("Give it a name of at most %(most)s characters.", most=history.LONGEST_NAME)
        return _history(piece, said=said, name=name, code=422)
    try:
        history.name_revision(piece.id, number, name)
    except LookupError:
        abort(404)
    return see_other(url_for("publishing.history", piece_id=piece.id, xong="dat-ten"))


@blueprint.get("/<id:piece_id>/so-sanh")
@needs(Permission.WRITE)
def compare(piece_id: int) -> Response:
    piece = _piece(piece_id)
    old, new = (query_number(name, default=piece.head) for name in ("tu", "den"))
    return _compared(piece, old, new)


@blueprint.post("/<id:piece_id>/khoi-phuc", endpoint="restore")
@needs(Permission.WRITE)
def restore_revision(piece_id: int) -> Response:
    piece = _piece(piece_id)
    number, seen = (_number(form_value(name, longest=10)) for name in ("number", "seen"))
    if number is None or seen is None:
        return _history(piece, said=_("Choose a revision."), code=422)
    try:
        restore(piece.id, number, seen=seen, actor=current_user)
    except LookupError:
        abort(404)
    except Refused as refused:
        db.session.refresh(piece)
        return _compared(piece, number, piece.head, said=str(refused), code=409 if isinstance(refused, Overtaken) else 422)
    return see_other(f"{kinds.of(piece).edit_url_of(piece)}?xong={done.RESTORED}")


def _piece(piece_id: int) -> Piece:
    piece = db.get_or_404(Piece, piece_id)
    demand(Permission.WRITE, piece)
    return piece


def _history(
    piece: Piece, *, after: history.Key | None = None, done: str = "", said: str = "", name: str = "", code: int = 200
) -> Response:
    page = history.page(piece, after)
    older = url_for("publishing.history", piece_id=piece.id, sau=str(page.older)) if page.older else None
    values = {"piece": piece, "state": NAMES[state_of(piece)], "page": page, "older": older, "is_first": after is None}
    kind = kinds.of(piece)
    values |= {"back": kind.edit_url_of(piece), "choose_url": partial(kind.choose_url_of, piece)}
    return make_response(render_template("publishing/history.html", **values, done=done, said=said, name=name), code)


def _compared(piece: Piece, old: int, new: int, *, said: str = "", code: int = 200) -> Response:
    was, now = (_revision(piece, number) for number in (old, new))
    values = {
        "piece": piece,
        "was": revision_line(was, piece),
        "now": revision_line(now, piece),
        "parts": compared(piece, was.content, now.content),
        "may_restore": is_writable(piece, may_edit=may(Permission.EDIT, piece)),
        "said": said,
    }
    return make_response(render_template("publishing/compare.html", **values, args=request.args), code)


def _revision(piece: Piece, number: int) -> Revision:
    found = db.session.scalar(revisions.at(piece.id, number).options(joinedload(Revision.author)))
    return found or abort(404)


def _number(said: str) -> int | None:
    return int(said) if said.isascii() and said.isdigit() and 0 < int(said) <= 2**31 - 1 else None
