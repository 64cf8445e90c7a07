"""The page on which somebody chooses between what was kept beside and the present text."""

from collections.abc import Mapping
from typing import Any

from flask import Response, abort, make_response, render_template, request, url_for
from flask_login import current_user

from portal.articles import attached
from portal.articles import content as contents
from portal.articles.choosing import Conflict
from portal.articles.content import LABELS
from portal.articles.editor import STORED, blueprint
from portal.articles.editor_forms import KEY, NUMBER, PieceForm, filled, name_of, new_key
from portal.articles.editor_page import content_of, find, is_open, revision_of, time_of
from portal.core.errors import Refused
from portal.core.language import _
from portal.core.staff import Permission, needs
from portal.core.web import form_value, see_other
from portal.publishing import revisions
from portal.publishing.models import Piece, Revision
from portal.publishing.revisions import Outcome, Save

OFFERED = {"section_id": "section", "poll_id": "poll", "genre": "genre"}
"""Fields whose values have names, with the form's field that knows them."""


@blueprint.get("/<id:piece_id>/chon/<id:number>")
@needs(Permission.WRITE)
def choose(piece_id: int, number: int) -> Response:
    piece = find(piece_id)
    kept = revision_of(piece, number) or abort(404)
    if number == piece.head:
        return see_other(url_for("writing.edit", piece_id=piece_id))
    return make_response(_page(piece, kept, revision_of(piece, piece.head) or abort(404), {}))


@blueprint.post("/<id:piece_id>/chon/<id:number>", endpoint="chosen")
@needs(Permission.WRITE)
def take(piece_id: int, number: int) -> Response:
    """Save what was chosen on the text that it was chosen against; where that is not the present one any more, ask again."""
    piece, base, key = find(piece_id), form_value("base", longest=9), form_value("key", longest=32)
    kept = revision_of(piece, number) or abort(404)
    theirs = revision_of(piece, int(base)) if NUMBER.fullmatch(base) else None
    if theirs is None or not KEY.fullmatch(key):
        abort(400)
    chosen = request.form.to_dict()
    conflict = _conflict(piece, kept, theirs)
    if conflict.unanswered(chosen):
        return make_response(
            _page(piece, kept, theirs, chosen, said=_("Choose one side in each part that both have changed.")), 422
        )
    sent = Save(conflict.result(chosen), theirs.number, bytes.fromhex(key), by_hand=True)
    try:
        saved = revisions.save(piece_id, sent, actor=current_user)
    except Refused as refused:
        return make_response(_page(piece, kept, theirs, chosen, said=str(refused)), 422)
    if saved.outcome is Outcome.BESIDE:
        return see_other(url_for("writing.choose", piece_id=piece_id, number=saved.number))
    return see_other(url_for("writing.edit", piece_id=piece_id, xong="chon" if saved.outcome in STORED else "giu"))


def _conflict(piece: Piece, kept: Revision, theirs: Revision) -> Conflict:
    base = revision_of(piece, kept.base)
    return Conflict(content_of(base) if base is not None else None, content_of(kept), content_of(theirs))


def _page(piece: Piece, kept: Revision, theirs: Revision, chosen: Mapping[str, str], *, said: str = "") -> str:
    conflict = _conflict(piece, kept, theirs)
    form = filled({**contents.EMPTY, **conflict.theirs}, base=theirs.number, lang=piece.language)
    return render_template(
        "articles/editor/choose.html",
        piece=piece,
        number=kept.number,
        mine=_name(kept),
        theirs=_name(theirs),
        fields=[(one, *(_shown(form, one.field, side) for side in (one.mine, one.theirs))) for one in conflict.fields(chosen)],
        labels=_labels(form),
        body=conflict.body(chosen),
        said=said,
        base=theirs.number,
        key=new_key(),
        is_open=is_open(piece),
        author=theirs.author.name if theirs.author else _("somebody"),
        time=time_of(theirs.at),
    )


def _name(revision: Revision) -> str:
    """Return whose a text is, and when it was saved: both may be the same person's."""
    name = revision.author.name if revision.author else _("somebody")
    return _("%(name)s, %(time)s", name=name, time=time_of(revision.at))


def _labels(form: PieceForm) -> dict[str, str]:
    return {name: str(form[OFFERED.get(name, name)].label.text) for name in contents.TYPED} | {
        attached.FIELD: str(LABELS[attached.FIELD])
    }


def _shown(form: PieceForm, name: str, value: Any) -> str:
    """Return a value as people read it."""
    if name in OFFERED:
        return name_of(form[OFFERED[name]], value)
    if name == attached.FIELD:
        return attached.told(value)
    if name == "published_on" and value:
        return f"{value[11:16]} {value[8:10]}/{value[5:7]}/{value[:4]}"
    return str(value)
