"""The attachments of an article that is written: several put up at once by a plain form, and what can be done with each."""

from collections.abc import Callable

from flask import Response, abort, make_response, render_template, request, url_for
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from portal.articles import attached, attaching
from portal.articles.attachments_panel import around
from portal.articles.editor_page import content_of, find, head_of, is_open
from portal.core.db import db, write
from portal.core.errors import Refused
from portal.core.language import _, ngettext
from portal.core.staff import Permission, may, needs, staff_blueprint
from portal.core.web import form_value, fragment, query_number, query_value, see_other
from portal.files import accepting, kinds, uploads
from portal.files.models import File
from portal.files.storage import Stored
from portal.files.views import send
from portal.publishing.models import Piece

blueprint = staff_blueprint("attaching", __name__, url_prefix="/ban-bien-tap/tep")

MOST_IN_A_FORM = 50
LONGEST_NAME = 1_000
NO_NUMBER = 0


@blueprint.get("/bai/<id:piece_id>")
@needs(Permission.WRITE)
def show(piece_id: int) -> str:
    piece, number = find(piece_id), query_number("so") if "so" in request.args else NO_NUMBER
    words = {
        "gan": ngettext("%(num)s file is attached.", "%(num)s files are attached.", number),
        "sua": _("The attachments are changed."),
        "bo": _("The upload is cancelled."),
    }
    return _page(piece, done=words.get(query_value("xong", longest=10), ""))


@blueprint.post("/bai/<id:piece_id>")
@needs(Permission.WRITE)
def attach(piece_id: int) -> Response:
    """Take the files of a plain form, each by itself: one that is refused keeps no other from coming."""
    piece, replaces = find(piece_id), form_value("replaces", longest=32)
    files = [file for file in request.files.getlist("files") if file.filename]
    if not files:
        return _answer(piece, Refused(_("Choose a file on your computer.")))
    most = 1 if replaces else MOST_IN_A_FORM
    if len(files) > most:
        return _answer(piece, Refused(_("Choose fewer files at once (at most %(most)s).", most=most)))
    refused = [one for one in (_taken(piece_id, file, replaces) for file in files) if one is not None]
    return _answer(piece, *refused, number=len(files) - len(refused))


@blueprint.post("/bai/<id:piece_id>/sua")
@needs(Permission.WRITE)
def change(piece_id: int) -> Response:
    """Do with one attachment what a button says."""
    piece, key, act = find(piece_id), form_value("attachment", longest=32), form_value("act", longest=10)
    acts: dict[str, Callable[[], None]] = {
        "up": lambda: attaching.move(piece_id, key, "up", actor=current_user),
        "down": lambda: attaching.move(piece_id, key, "down", actor=current_user),
        "rename": lambda: attaching.rename(piece_id, key, form_value("name", longest=LONGEST_NAME), actor=current_user),
        "remove": lambda: attaching.remove(piece_id, key, actor=current_user),
    }
    if act not in acts:
        return _answer(piece, Refused(_("Choose what is to be done with the attachment.")))
    try:
        acts[act]()
    except Refused as refused:
        return _answer(piece, refused)
    return _answer(piece, word="sua")


@blueprint.get("/bai/<id:piece_id>/tai/<id:file_id>")
@needs(Permission.WRITE)
def read(piece_id: int, file_id: int) -> Response:
    """Send a file that stands in a text of the piece, or stood in one that is kept."""
    find(piece_id)
    name = attached.names(db.session(), piece_id, file_id)
    file = db.session.get(File, file_id) if name is not None else None
    return send(file, name) if file is not None and name is not None else abort(404)


def _taken(piece_id: int, file: FileStorage, replaces: str) -> Refused | None:
    """Attach one file of a form, or put it in the place of another; return why not."""
    name, may_edit = kinds.named(file.filename or ""), may(Permission.EDIT, db.session.get(Piece, piece_id))
    seen = form_value("seen", longest=10)
    seen_id = int(seen) if seen.isascii() and seen.isdigit() else None

    def store(session: Session, stored: Stored) -> int:
        uploads.claim(session, name, stored.size)
        if replaces:
            return attaching.replace(session, piece_id, replaces, seen_id, stored, name, actor=current_user, may_edit=may_edit)
        return attaching.add(session, piece_id, stored, name, actor=current_user, may_edit=may_edit)

    try:
        kinds.kind_of(name)
        with accepting.spooled(file.stream, name) as path, accepting.accepted(path, name) as stored:
            write(lambda session: store(session, stored))
    except Refused as refused:
        return refused
    return None


def code_of(*refused: Refused) -> int:
    """Return the status of an answer that says no."""
    if any(isinstance(one, uploads.Full) for one in refused):
        return 507
    return 409 if any(isinstance(one, attaching.Overtaken) for one in refused) else 422


def panel(piece: Piece, *, said: str = "", done: str = "") -> str:
    """Return the list of attachments as it is now, for a page that is open."""
    db.session.rollback()  # who acted was read within the write: what is read from here on is as that left it
    values = around(piece, content_of(head_of(piece)), is_open=is_open(piece), said=said, done=done)
    return fragment("articles/editor/_attached.html", piece=piece, **values)


def _answer(piece: Piece, *refused: Refused, number: int = 0, word: str = "gan") -> Response:
    """Say what was done, in place or on the page of attachments; where something was refused, why, and what came all the same."""
    said = " ".join(str(one) for one in refused)
    done = ngettext("%(num)s file is attached.", "%(num)s files are attached.", number) if number else ""
    code = code_of(*refused) if refused else 200
    if request.htmx:  # type: ignore[attr-defined]
        return make_response(panel(piece, said=said, done=done), code)
    if refused:
        return make_response(_page(piece, said=said, done=done), code)
    return see_other(url_for("attaching.show", piece_id=piece.id, xong=word, so=number or None))


def _page(piece: Piece, *, said: str = "", done: str = "") -> str:
    db.session.rollback()  # who acted was read within the write: what is read from here on is as that left it
    values = around(piece, content_of(head_of(piece)), is_open=is_open(piece), said=said, done=done)
    return render_template("articles/editor/attachments.html", piece=piece, **values)
