"""Using a file of the library once more: as an attachment of an article, or as a picture for its text."""

from flask import Response, make_response, render_template, request, url_for
from flask_login import current_user
from sqlalchemy.orm import Session

from portal.articles import attaching, pictures
from portal.articles.editor_attachments import blueprint
from portal.articles.editor_page import find
from portal.core.db import db, write
from portal.core.errors import Refused
from portal.core.language import _
from portal.core.staff import Permission, may, needs
from portal.core.web import form_value, see_other
from portal.files import editor as library_pages
from portal.files.models import Item
from portal.publishing.models import Piece

MOST = 30


@blueprint.get("/bai/<id:piece_id>/thu-vien", endpoint="choose")
@needs(Permission.WRITE)
def choose(piece_id: int) -> str:
    return _page(find(piece_id))


@blueprint.post("/bai/<id:piece_id>/thu-vien", endpoint="use")
@needs(Permission.WRITE)
def use(piece_id: int) -> Response:
    piece, items = find(piece_id), _chosen()
    if not items:
        return make_response(_page(piece, said=_("Choose at least one file.")), 422)
    try:
        if form_value("as", longest=10) == "picture":
            pictures.use(piece, items)
            return see_other(url_for("writing.pictures", piece_id=piece_id, xong="anh"))
        some, may_edit = [(item.file_id, item.name) for item in items], may(Permission.EDIT, piece)

        def store(session: Session) -> None:
            attaching.put(session, piece_id, some, actor=current_user, may_edit=may_edit)

        write(store)
    except Refused as refused:
        return make_response(_page(piece, said=str(refused)), 422)
    return see_other(url_for("attaching.show", piece_id=piece_id, xong="gan", so=len(items)))


def _chosen() -> list[Item]:
    """Return the items that were ticked and that whoever asks may use, in the order of the page."""
    said = [value for value in request.form.getlist("item") if value.isascii() and value.isdigit()][:MOST]
    found = [library_pages.item_of(int(value)) for value in dict.fromkeys(said) if len(value) < 10]
    return [item for item in found if item is not None]


def _page(piece: Piece, *, said: str = "") -> str:
    db.session.refresh(piece)
    values = {"piece": piece, "said": said, "url": url_for("attaching.choose", piece_id=piece.id)}
    return render_template("articles/editor/library.html", **values, **library_pages.listed())
