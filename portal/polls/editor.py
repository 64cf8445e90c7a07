"""The staff's pages of polls: the list, the form of one, and what can be done with it as a whole."""

from collections.abc import Callable

from flask import Response, abort, make_response, render_template, request, url_for
from flask_login import current_user

from portal.core import clock, language
from portal.core.db import db
from portal.core.errors import EVERYTHING, Refused, gives_back
from portal.core.language import _
from portal.core.staff import Permission, needs, staff_blueprint
from portal.core.web import form_value, query_number, query_value, see_other
from portal.polls import acts, forms, managing, roster
from portal.polls.managing import Meanwhile
from portal.polls.models import Poll
from portal.settings import shown
from portal.settings import typed as sheets
from portal.settings.changing import Faulty
from portal.settings.groups import Fault, Values
from portal.settings.typed import Typed

blueprint = staff_blueprint("poll_editor", __name__, url_prefix="/ban-bien-tap/tham-do")

SAVE = "save"
DONE = {
    "luu": lambda: _("Saved."),
    "dang": lambda: _("Published."),
    "go": lambda: _("Taken down. Nobody sees it now; its votes are kept."),
    "dong": lambda: _("Closed."),
    "luu-tru": lambda: _("Archived. Nothing leads from a browser to its vote any more."),
    "xoa": lambda: _("Deleted."),
    "sao": lambda: _("This is the copy. It is a draft."),
}


@blueprint.get("")
@needs(Permission.MANAGE_POLLS)
def index() -> str:
    number = query_number("trang")
    lines, has_more = roster.page(number)
    if number > 1 and not lines:
        abort(404)
    older = url_for("poll_editor.index", trang=number + 1) if has_more else None
    return render_template("polls/roster.html", lines=lines, number=number, older=older, done=_done())


@blueprint.get("/moi")
@needs(Permission.MANAGE_POLLS)
def new() -> Response:
    return _page(None, sheets.of_values(forms.SHEET, forms.blank(language.current())))


@blueprint.post("/moi")
@gives_back(EVERYTHING)
@needs(Permission.MANAGE_POLLS)
def create() -> Response:
    return _sent(None, lambda values: managing.create(values, actor=current_user))


@blueprint.get("/<id:poll_id>")
@needs(Permission.MANAGE_POLLS)
def edit(poll_id: int) -> Response:
    poll = db.get_or_404(Poll, poll_id)
    return _page(poll, sheets.of_values(forms.SHEET, forms.values_of(poll)), done=_done())


@blueprint.post("/<id:poll_id>")
@gives_back(EVERYTHING)
@needs(Permission.MANAGE_POLLS)
def change(poll_id: int) -> Response:
    """Save the form, or move its choices: by the button that was pressed."""
    poll, seen = db.get_or_404(Poll, poll_id), _seen()

    def save(values: Values) -> int:
        managing.save(poll_id, values, seen=seen, actor=current_user)
        return poll_id

    return _sent(poll, save)


@blueprint.post("/<id:poll_id>/sao-chep")
@needs(Permission.MANAGE_POLLS)
def copy(poll_id: int) -> Response:
    db.get_or_404(Poll, poll_id)
    return see_other(url_for("poll_editor.edit", poll_id=acts.copy(poll_id, actor=current_user), xong="sao"))


@blueprint.post("/<id:poll_id>/dang")
@needs(Permission.MANAGE_POLLS)
def publish(poll_id: int) -> Response:
    return _do(poll_id, "dang", acts.publish)


@blueprint.post("/<id:poll_id>/go")
@needs(Permission.MANAGE_POLLS)
def withdraw(poll_id: int) -> Response:
    return _do(poll_id, "go", acts.withdraw)


@blueprint.post("/<id:poll_id>/dong")
@needs(Permission.MANAGE_POLLS)
def close(poll_id: int) -> Response:
    return _do(poll_id, "dong", acts.close)


@blueprint.get("/<id:poll_id>/luu-tru")
@needs(Permission.MANAGE_POLLS)
def ask_archive(poll_id: int) -> str:
    """Say what archiving means, and ask once more: there is no way back."""
    return _ask(poll_id, "luu-tru")


@blueprint.post("/<id:poll_id>/luu-tru")
@needs(Permission.MANAGE_POLLS)
def archive(poll_id: int) -> Response:
    return _do(poll_id, "luu-tru", acts.archive)


@blueprint.get("/<id:poll_id>/xoa")
@needs(Permission.MANAGE_POLLS)
def ask_delete(poll_id: int) -> str:
    """Say what deleting means, and ask once more: there is no way back."""
    return _ask(poll_id, "xoa")


@blueprint.post("/<id:poll_id>/xoa")
@needs(Permission.MANAGE_POLLS)
def delete(poll_id: int) -> Response:
    return _do(poll_id, "xoa", acts.remove)


def _ask(poll_id: int, step: str) -> str:
    return render_template("polls/confirm.html", poll=db.get_or_404(Poll, poll_id), step=step)


def _do(poll_id: int, step: str, act: Callable[..., None]) -> Response:
    """Do something with a poll as a whole, and say that it was done, or why not."""
    poll = db.get_or_404(Poll, poll_id)
    try:
        act(poll_id, actor=current_user)
    except Refused as refused:
        return _page(poll, sheets.of_values(forms.SHEET, forms.values_of(poll)), said=str(refused), code=422)
    if act is acts.remove:
        return see_other(url_for("poll_editor.index", xong=step))
    return see_other(url_for("poll_editor.edit", poll_id=poll_id, xong=step))


def _sent(poll: Poll | None, store: Callable[[Values], int]) -> Response:
    """Answer a form that was sent."""
    typed, do = sheets.of_form(forms.SHEET, request.form), form_value("do", longest=20)
    if do != SAVE:
        moved = sheets.moved(typed, forms.LINES, do)
        return _page(poll, moved, seen=_seen(), code=422 if moved.is_wrong else 200)
    values, judged = sheets.judged(forms.SHEET, typed)
    if judged.is_wrong:
        return _say_wrong(poll, judged)
    try:
        poll_id = store(values)
    except Faulty as faulty:
        return _say_wrong(poll, sheets.blamed(judged, faulty.faults))
    except Meanwhile as meanwhile:
        said = _("Nothing was saved yet, and nothing you typed is lost. Look at what stands now, then save again or leave it.")
        now = db.session.get_one(Poll, poll.id if poll else 0, populate_existing=True)
        return _page(now, judged, said=f"{meanwhile} {said}", is_meanwhile=True, code=409)
    except Refused as refused:
        return _say_wrong(poll, sheets.blamed(judged, [Fault(str(refused))]))
    return see_other(url_for("poll_editor.edit", poll_id=poll_id, xong="luu"))


def _say_wrong(poll: Poll | None, typed: Typed) -> Response:
    said = " ".join((_("Nothing was saved. Correct what is marked."), *typed.said))
    return _page(poll, typed, seen=_seen(), said=said, code=422)


def _page(
    poll: Poll | None,
    typed: Typed,
    *,
    seen: int | None = None,
    said: str = "",
    done: str = "",
    is_meanwhile: bool = False,
    code: int = 200,
) -> Response:
    now = clock.now_ms()
    page = render_template(
        "polls/edit.html",
        poll=poll,
        form=shown.printed(forms.SHEET, typed),
        lines=forms.LINES,
        seen=seen if seen is not None else poll.edits if poll else 0,
        state=roster.state_of(poll, now) if poll else "",
        is_closed=poll is not None and poll.has_closed(now),
        may_close=poll is not None and poll.is_open(now),
        shown_in=acts.shown_in(poll.id) if poll else [],
        said=said,
        done=done,
        is_meanwhile=is_meanwhile,
    )
    return make_response(page, code)


def _seen() -> int:
    said = form_value("seen", longest=9)
    return int(said) if said.isascii() and said.isdigit() else abort(400)


def _done() -> str:
    said = DONE.get(query_value("xong", longest=20))
    return said() if said else ""
