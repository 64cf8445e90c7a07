"""Pictures on the page for writing: put one up, in place or on a page of its own, and the list for the editor's chooser."""

from flask import Response, jsonify, make_response, render_template, request, url_for
from flask_login import current_user

from portal.articles import pictures
from portal.articles.editor import blueprint
from portal.articles.editor_page import find
from portal.core.errors import Refused
from portal.core.staff import Permission, needs
from portal.core.web import fragment, query_value, see_other
from portal.files import kinds
from portal.publishing.models import Piece

LONGEST = 500


@blueprint.get("/<id:piece_id>/anh", endpoint="pictures")
@needs(Permission.WRITE)
def show(piece_id: int) -> str:
    return _page(find(piece_id), is_done=bool(query_value("xong", longest=10)))


@blueprint.post("/<id:piece_id>/anh", endpoint="put_picture")
@needs(Permission.WRITE)
def put(piece_id: int) -> Response:
    piece, file = find(piece_id), request.files.get("picture")
    words = {name: request.form.get(name, "")[: LONGEST + 1] for name in ("alt", "caption", "credit")}
    in_place: bool = request.htmx  # type: ignore[attr-defined]
    try:
        content, name = (file.read(pictures.LARGEST_READ), kinds.named(file.filename or "")) if file else (b"", "")
        pictures.put(piece, content, name, **words, actor=current_user)
    except Refused as refused:
        make = _fragment if in_place else _page
        return make_response(make(piece, said=str(refused), words=words), 422)
    if in_place:
        return make_response(_fragment(piece, is_done=True))
    return see_other(url_for("writing.pictures", piece_id=piece_id, xong="anh"))


@blueprint.get("/<id:piece_id>/anh/danh-sach", endpoint="picture_choice")
@needs(Permission.WRITE)
def choice(piece_id: int) -> Response:
    return jsonify(pictures.choice(find(piece_id)))


def _page(piece: Piece, *, said: str = "", words: dict[str, str] | None = None, is_done: bool = False) -> str:
    values = {"pictures": pictures.own(piece), "said": said, "words": words or {}, "is_done": is_done}
    return render_template("articles/editor/pictures.html", piece=piece, **values)


def _fragment(piece: Piece, *, said: str = "", words: dict[str, str] | None = None, is_done: bool = False) -> str:
    values = {"pictures": pictures.own(piece), "said": said, "words": words or {}, "is_done": is_done}
    return fragment("articles/editor/_pictures.html", piece=piece, **values)
