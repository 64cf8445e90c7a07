"""The pages of the site's own pictures: put one up, see those that are there, and the list for the editor's chooser."""

from dataclasses import asdict

from flask import Response, jsonify, make_response, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal.core.errors import Refused, gives_back
from portal.core.staff import Permission, needs, staff_blueprint
from portal.core.web import form_value, query_value, see_other
from portal.site import shelf

blueprint = staff_blueprint("site_pictures", __name__, url_prefix="/ban-bien-tap/anh-cua-trang")

LARGEST_BODY = 32 * 1024 * 1024
"""What the forms may send: a picture, with room to say that it is too large."""
LONGEST, LONGEST_KEY = 500, 32
STORED = _l("The picture is stored. It can be chosen as soon as it is made ready, in a few seconds.")
DONE = {"anh": STORED, "bieu-trung": STORED, "bo": _l("The picture is removed.")}
"""What the index says, by the word with which it was led to."""


@blueprint.get("")
@needs(Permission.MANAGE_SITE)
def index() -> str:
    return _page(done=DONE.get(query_value("xong", longest=20), ""))


@blueprint.post("")
@gives_back("alt", "credit")
@needs(Permission.MANAGE_SITE)
def put() -> Response:
    words = {name: request.form.get(name, "")[: LONGEST + 1] for name in ("alt", "credit")}
    try:
        shelf.put(_sent(), **words, actor=current_user)
    except Refused as refused:
        return make_response(_page(said=str(refused), words=words), 422)
    return see_other(url_for("site_pictures.index", xong="anh"))


@blueprint.post("/bieu-trung")
@needs(Permission.MANAGE_SITE)
def put_emblem() -> Response:
    try:
        shelf.put_emblem(_sent(), actor=current_user)
    except Refused as refused:
        return make_response(_page(said_of_emblem=str(refused)), 422)
    return see_other(url_for("site_pictures.index", xong="bieu-trung"))


@blueprint.post("/bo")
@needs(Permission.MANAGE_SITE)
def remove() -> Response:
    try:
        shelf.remove(form_value("key", longest=LONGEST_KEY), actor=current_user)
    except Refused as refused:
        return make_response(_page(not_removed=str(refused)), 422)
    return see_other(url_for("site_pictures.index", xong="bo"))


@blueprint.get("/danh-sach")
@needs(Permission.MANAGE_SITE)
def choice() -> Response:
    return jsonify([asdict(one) for one in shelf.choice()])


def _sent() -> bytes:
    file = request.files.get("picture")
    if file is None:
        return b""
    with file.stream:
        content: bytes = file.read(shelf.LARGEST_READ)
    return content


def _page(
    *, said: str = "", said_of_emblem: str = "", not_removed: str = "", words: dict[str, str] | None = None, done: str = ""
) -> str:
    told = {"said": said, "said_of_emblem": said_of_emblem, "not_removed": not_removed, "words": words or {}, "done": done}
    return render_template("site/pictures.html", pictures=shelf.shelf(), emblems=shelf.shelf(shelf.EMBLEMS), **told)
