"""Writing articles (soạn bài): begin one, the page on which it is written, saving, and the preview."""

import secrets
from dataclasses import dataclass
from functools import partial

from flask import Response, make_response, render_template, request, url_for
from flask_login import current_user

from portal.articles import attached, editor_page, presence, preview, private, retyping
from portal.articles import content as contents
from portal.articles.editor_forms import KEY, NewForm, PieceForm, begin_form, new_key
from portal.articles.editor_page import Shown, content_of, find, head_of
from portal.articles.published import KIND
from portal.core import staff
from portal.core.errors import Refused, gives_back
from portal.core.language import _, current
from portal.core.staff import Permission, needs, no_work, staff_blueprint
from portal.core.web import form_value, query_value, see_other
from portal.publishing import revisions
from portal.publishing.choices import SLUGS
from portal.publishing.models import Piece
from portal.publishing.revisions import Outcome, Save, Saved

blueprint = staff_blueprint("writing", __name__, url_prefix="/ban-bien-tap/bai")

PREVIEW = "xem"
STORED = {Outcome.SAVED, Outcome.UNCHANGED}
LONGEST_NUMBER = 20
LONGEST_MARK = 8
LONGEST_DAY = 16


@blueprint.get("/moi")
@needs(Permission.WRITE)
def new() -> str:
    form = NewForm(formdata=None, language=current(), key=new_key())
    form.offer()
    return _new_page(form)


@blueprint.post("/moi")
@gives_back("title")
@needs(Permission.WRITE)
def create() -> Response:
    form = NewForm()
    form.offer()
    if not form.validate() or not KEY.fullmatch(form.key.data or "") or not may_begin():
        return make_response(_new_page(form, said=form.first_error()), 422)
    if not form.is_of_language():
        return make_response(_new_page(form, said=_("This section does not stand in the language of the article.")), 422)
    section = int(form.section.data) if form.section.data else None
    content = {"title": form.title.data, "section_id": section, "author_line": current_user.name}
    key, unit_id = bytes.fromhex(form.key.data), current_user.unit_id
    try:
        made = revisions.create(KIND, content, actor=current_user, unit_id=unit_id, language=form.language.data, key=key)
    except Refused as refused:
        return make_response(_new_page(form, said=str(refused)), 422)
    return see_other(url_for("writing.edit", piece_id=made))


@blueprint.get("/<id:piece_id>")
@needs(Permission.WRITE)
def edit(piece_id: int) -> str:
    piece = find(piece_id)
    kept = retyping.marks(query_value("giu", longest=retyping.LONGEST))
    return editor_page.page(piece, done=query_value("xong", longest=20), kept=kept)


@blueprint.post("/<id:piece_id>")
@gives_back("title", "lead", "body", "author_line", "photo_line", "source_line")
@needs(Permission.WRITE)
def save(piece_id: int) -> Response:
    """Store what was typed, and say so in place, or lead on to what was asked for beside."""
    piece, form = find(piece_id), PieceForm()
    form.offer(piece.language, content_of(head_of(piece)))
    kept = _kept()
    try:
        saved, done = _store(piece_id, form, kept)
    except Refused as refused:
        return _refuse(piece, form, str(refused))
    presence.note(piece_id, current_user.id)
    if request.htmx:  # type: ignore[attr-defined]
        state, noticed = form_value("state", longest=20), form_value("noticed", longest=16)
        return make_response(editor_page.saved_fragment(find(piece_id), saved, Shown(form.base.data, state, noticed, kept)))
    return see_other(_following(piece_id, saved, done, kept))


@blueprint.get("/<id:piece_id>/xem", endpoint="preview")
@needs(Permission.WRITE)
def show_preview(piece_id: int) -> str:
    piece = find(piece_id)
    back_url = url_for("writing.edit", piece_id=piece_id)
    return preview.page(piece, content_of(head_of(piece)), partial(attached.staff_url, piece_id), back_url=back_url)


@blueprint.post("/<id:piece_id>/mo")
@needs(Permission.WRITE)
@no_work
def be_present(piece_id: int) -> str:
    """Note that somebody has the page open, and tell who else has, and whether it was saved elsewhere since."""
    piece, base = find(piece_id), form_value("base", longest=9)
    presence.note(piece_id, current_user.id)
    return editor_page.together_fragment(piece, base)


def _kept() -> tuple[str, ...]:
    """Return the marks of the passages that stay in their old encoding, with the one that was just said."""
    said = f"{form_value('keep', longest=LONGEST_MARK)} {form_value('kept_marks', longest=retyping.LONGEST)}"
    return retyping.marks(said.strip())[: retyping.MOST_MARKS]


def _store(piece_id: int, form: PieceForm, kept: tuple[str, ...]) -> tuple[Saved, str]:
    """Store what was sent, with a number masked or a proposed day taken where that was asked for; if so, after that in Unicode.

    Return where it stands, and the word for what was done.
    """
    hidden, convert = form_value("mask", longest=LONGEST_NUMBER), form_value("convert", longest=retyping.LONGEST_ASKED)
    by_hand = "by_hand" in request.form or bool(form_value("then", longest=20) or convert)
    content = private.without(contents.cleaned(form.content()), hidden) if hidden else form.content()
    content |= {"published_on": day} if (day := form_value("day", longest=LONGEST_DAY)) else {}
    saved = revisions.save(piece_id, form.save(content, by_hand=by_hand), actor=current_user)
    old = contents.cleaned(content) if convert and saved.outcome in STORED else {}
    new = retyping.in_unicode(old, convert, kept) if old else {}
    if new == old:
        return saved, "luu"
    written = Save(new, saved.number, secrets.token_bytes(16), by_hand=True, fields=contents.TYPED)
    return revisions.save(piece_id, written, actor=current_user), "unicode"


def _following(piece_id: int, saved: Saved, done: str, kept: tuple[str, ...]) -> str:
    """Return where a save leads that was not made in place: to a step only where the text is the present one."""
    here, then = url_for("writing.edit", piece_id=piece_id), form_value("then", longest=20)
    if saved.outcome is Outcome.BESIDE:
        return url_for("writing.choose", piece_id=piece_id, number=saved.number)
    if saved.outcome in STORED and then in {PREVIEW, *SLUGS.values()}:
        return f"{here}/{then}"
    word = done if saved.outcome in STORED else "giu"
    return url_for("writing.edit", piece_id=piece_id, xong=word, giu=" ".join(kept) or None)


def _refuse(piece: Piece, form: PieceForm, said: str) -> Response:
    if request.htmx:  # type: ignore[attr-defined]
        return make_response(editor_page.refused_fragment(form, said), 422)
    return make_response(editor_page.page(piece, form=form, said=said, kept=_kept()), 422)


def may_begin() -> bool:
    """Tell whether whoever asks could go on with what they begin: an author writes for a unit."""
    return staff.may(Permission.WRITE, _Begun(current_user.unit_id))


@dataclass(frozen=True, slots=True)
class _Begun:
    """What somebody is about to begin: it belongs to their own unit."""

    unit_id: int | None


def _new_page(form: NewForm, *, said: str = "") -> str:
    return render_template("articles/editor/new.html", form=form, word=begin_form(), said=said, may_begin=may_begin())
