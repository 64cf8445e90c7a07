"""The pages of settings: the index, one form for each, what it would look like, and its history."""

from typing import Any

from flask import Response, abort, make_response, render_template, request, url_for
from flask_login import current_user

from portal.core import formats, language
from portal.core.db import db
from portal.core.errors import EVERYTHING, Refused, gives_back
from portal.core.language import _
from portal.core.staff import Permission, needs, staff_blueprint
from portal.core.web import LARGEST_ID, form_value, query_value, see_other
from portal.settings import changing, groups, shown
from portal.settings import typed as forms
from portal.settings.changing import Faulty, Outcome
from portal.settings.groups import Setting, Values
from portal.settings.history import differences
from portal.settings.models import SettingChange
from portal.settings.typed import Typed

blueprint = staff_blueprint("settings", __name__, url_prefix="/ban-bien-tap/thiet-lap-trang")

SAVE, PREVIEW, EDIT = "save", "preview", "edit"
LONGEST_SEEN = 64
ON_A_PAGE, LONG_ONES_ON_A_PAGE = 20, 3
"""Changes on a page of the history; long texts take up to a second each to compare."""


@blueprint.get("")
@needs(Permission.MANAGE_SITE)
def index() -> str:
    session = db.session()
    lines = [(one, one.stands(one.read(session))) for one in groups.all_of_them()]
    return render_template("settings/index.html", lines=lines)


@blueprint.get("/<slug:name>")
@needs(Permission.MANAGE_SITE)
def show(name: str) -> str:
    setting = _find(name)
    now, number = changing.now(setting), query_value("khoi-phuc", longest=10)
    if number:
        _values, kept = forms.judged(setting, forms.of_values(setting, _change(setting, number).before))
        note = _("This is what stood there before. It counts once you save it.")
        return shown.page(setting, kept, seen=now.seen, said=" ".join(kept.said), note=note)
    done = _("Saved.") if query_value("xong", longest=20) == "luu" else ""
    return shown.page(setting, forms.of_values(setting, now.values), seen=now.seen, done=done)


@blueprint.post("/<slug:name>")
@gives_back(EVERYTHING)
@needs(Permission.MANAGE_SITE)
def change(name: str) -> Response:
    """Save a form, show what it would look like, or move its lines: by the button that was pressed."""
    setting = _find(name)
    typed, do, seen = forms.of_form(setting, request.form), form_value("do", longest=20), form_value("seen", longest=LONGEST_SEEN)
    if do == EDIT:
        return make_response(shown.page(setting, typed, seen=seen))
    if do not in {SAVE, PREVIEW}:
        moved = forms.moved(typed, setting.lines or abort(400), do)
        return make_response(shown.page(setting, moved, seen=seen), 422 if moved.is_wrong else 200)
    values, judged = forms.judged(setting, typed)
    if judged.is_wrong:
        return _refuse(setting, judged, seen)
    return _save(setting, judged, values, seen) if do == SAVE else _preview(setting, judged, values, seen)


@blueprint.get("/<slug:name>/lich-su")
@needs(Permission.MANAGE_SITE)
def history(name: str) -> str:
    setting, before = _find(name), query_value("truoc", longest=10)
    rows = changing.changes_of(setting)
    if before:
        rows = rows.where(SettingChange.id < _number(before))
    most = LONG_ONES_ON_A_PAGE if any(one.kind == "rich" for one in setting.fields) else ON_A_PAGE
    found = db.session.scalars(rows.limit(most + 1)).all()
    lines = [(_line(one), differences(setting, one.before, one.after)) for one in found[:most]]
    older = found[most - 1].id if len(found) > most else None
    return render_template("settings/history.html", setting=setting, lines=lines, older=older, is_first=not before)


def _save(setting: Setting, typed: Typed, values: Values, seen: str) -> Response:
    try:
        outcome = changing.save(setting, values, seen=seen, actor=current_user)
    except Faulty as faulty:
        return _refuse(setting, forms.blamed(typed, faulty.faults), seen)
    except Refused as refused:
        return _refuse(setting, forms.blamed(typed, [groups.Fault(str(refused))]), seen)
    if outcome is Outcome.MEANWHILE:
        return _say_meanwhile(setting, typed, values)
    here = url_for("settings.show", name=setting.name, xong="luu")
    return see_other(language.mount(_interface()) + here.removeprefix(request.script_root))


def _preview(setting: Setting, typed: Typed, values: Values, seen: str) -> Response:
    if setting.preview is None:
        abort(400)
    faults = list(setting.check(db.session(), values))
    if faults:
        return _refuse(setting, forms.blamed(typed, faults), seen)
    return make_response(setting.preview(values, shown.way_back(setting, typed, seen, interface=_interface())))


def _say_meanwhile(setting: Setting, typed: Typed, values: Values) -> Response:
    """Show what was typed, beside what somebody else has put there since: who saves again does so knowing it."""
    now, last = changing.now(setting), db.session.scalars(changing.changes_of(setting).limit(1)).first()
    said = _("This was changed while you had it open, so nothing of yours was saved yet. Nothing you typed is lost.")
    by = ""
    if last is not None and changing.digest(last.after) == now.seen:  # else it was changed elsewhere, or by time
        by = _("%(name)s saved it at %(moment)s.", name=_author(last), moment=formats.moment(last.at))
    parts = differences(setting, now.values, values)
    page = shown.page(setting, typed, seen=now.seen, said=f"{said} {by}".strip(), parts=parts)
    return make_response(page, 409)


def _refuse(setting: Setting, typed: Typed, seen: str) -> Response:
    said = " ".join((_("Nothing was saved. Correct what is marked."), *typed.said))
    return make_response(shown.page(setting, typed, seen=seen, said=said), 422)


def _interface() -> str:
    """Return the language in which whoever asks works: a preview in another one leads back there."""
    said = form_value("interface", longest=5)
    return said if said in language.NAMES else language.current()


def _find(name: str) -> Setting:
    return groups.find(name) or abort(404)


def _change(setting: Setting, number: str) -> SettingChange:
    rows = changing.changes_of(setting).where(SettingChange.id == _number(number))
    return db.session.scalars(rows).first() or abort(404)


def _number(said: str) -> int:
    if not said.isascii() or not said.isdigit() or not 0 < int(said) <= LARGEST_ID:
        abort(404)
    return int(said)


def _line(one: SettingChange) -> dict[str, Any]:
    return {"id": one.id, "name": _author(one), "at": formats.moment(one.at), "iso": formats.iso(one.at)}


def _author(one: SettingChange) -> str:
    return one.author.name if one.author is not None else _("somebody")
