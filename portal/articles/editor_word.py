"""Beginning an article with a document of Word: the form, which also stands on the desk and on the page for a new article."""

from flask import Response, make_response, render_template, request, url_for
from flask_login import current_user

from portal.articles import word
from portal.articles.editor import blueprint, may_begin
from portal.articles.editor_forms import KEY, BeginForm, begin_form
from portal.articles.word import Wanted
from portal.core.errors import Refused
from portal.core.language import _
from portal.core.staff import Permission, needs
from portal.core.web import see_other


@blueprint.get("/tu-word", endpoint="word")
@needs(Permission.WRITE)
def show() -> str:
    return _page(begin_form())


@blueprint.post("/tu-word", endpoint="bring_in")
@needs(Permission.WRITE)
def bring_in() -> Response:
    form = BeginForm()
    form.offer()
    if not form.validate() or not KEY.fullmatch(form.key.data or "") or not may_begin():
        return make_response(_page(form, said=form.first_error()), 422)
    if not form.is_of_language():
        return make_response(_page(form, said=_("This section does not stand in the language of the article.")), 422)
    section_id = int(form.section.data) if form.section.data else None
    wanted = Wanted(form.language.data, section_id, current_user.unit_id, bytes.fromhex(form.key.data))
    try:
        made = word.bring_in(request.files.get("document"), wanted, actor=current_user)
    except Refused as refused:
        return make_response(_page(form, said=str(refused)), 422)
    return see_other(url_for("writing.edit", piece_id=made, xong="word"))


def _page(form: BeginForm, *, said: str = "") -> str:
    return render_template("articles/editor/word.html", word=form, said=said, may_begin=may_begin())
