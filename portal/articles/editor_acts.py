"""What else can be done with an article that is written: copy it, pin it."""

import secrets

from flask import Response, abort, make_response, url_for
from flask_login import current_user

from portal.articles import attached, editor_page, pinning
from portal.articles.editor import blueprint, may_begin
from portal.articles.editor_forms import KEY
from portal.articles.editor_page import content_of, find, head_of
from portal.articles.published import KIND
from portal.core.errors import Refused
from portal.core.language import _
from portal.core.staff import Permission, demand, needs
from portal.core.web import form_value, see_other
from portal.publishing import revisions


@blueprint.post("/<id:piece_id>/nhan-ban")
@needs(Permission.WRITE)
def duplicate(piece_id: int) -> Response:
    """Begin another article with the same text, of the unit of whoever does; day and poll are not copied."""
    piece = find(piece_id)
    if not may_begin():
        return make_response(
            editor_page.page(piece, said=_("You belong to no unit yet, and an article is written for a unit.")), 422
        )
    content = {**content_of(head_of(piece)), "published_on": "", "poll_id": None}
    content[attached.FIELD] = attached.copied(content)
    said, unit_id = form_value("key", longest=32), current_user.unit_id
    key = bytes.fromhex(said) if KEY.fullmatch(said) else secrets.token_bytes(16)  # pressed twice, it is copied once
    made = revisions.create(KIND, content, actor=current_user, unit_id=unit_id, language=piece.language, key=key)
    return see_other(url_for("writing.edit", piece_id=made, xong="nhan-ban"))


@blueprint.post("/<id:piece_id>/ghim")
@needs(Permission.PUBLISH)
def pin(piece_id: int) -> Response:
    """Pin the article until a day, or no longer where none is said."""
    piece, until = find(piece_id), form_value("until", longest=10)
    demand(Permission.PUBLISH, piece)
    try:
        pinning.pin(piece_id, until, actor=current_user)
    except LookupError:
        abort(404)
    except Refused as refused:
        return make_response(editor_page.page(find(piece_id), said=str(refused)), 422)
    return see_other(url_for("writing.edit", piece_id=piece_id, xong="ghim" if until else "bo-ghim"))
