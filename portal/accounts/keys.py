"""Everybody's own passkeys: added, named, removed. No session ends by it; the page says so."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, abort, jsonify, make_response, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal.accounts import asked_again, challenges, devices, kept_keys, passkeys
from portal.accounts.forms import KeyNameForm
from portal.accounts.models import Passkey
from portal.accounts.own import put_off, whoever
from portal.accounts.own_forms import AgainForm
from portal.core import formats
from portal.core.errors import Refused
from portal.core.language import _
from portal.core.staff import Permission, needs, staff_blueprint
from portal.core.text import clean_line
from portal.core.web import form_value, query_value, see_other

blueprint: Blueprint = staff_blueprint("keys", __name__, url_prefix="/ban-bien-tap/khoa")

DONE = {
    "them": _l("The passkey was added. From now on you can sign in with it alone. Your sessions go on."),
    "ten": _l("The passkey has its new name."),
    "xoa": _l(
        "The passkey was removed: nobody signs in with it any more. Your sessions go on; end them in the list of sessions."
    ),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A passkey as its owner sees it. `typed` is a new name that was refused, with `said` why."""

    id: int
    name: str
    since: str
    used: str
    backed_up: bool
    typed: str = ""
    said: str = ""


@blueprint.get("")
@needs(Permission.OWN_ACCOUNT)
def show() -> Response:
    done = DONE.get(query_value("xong", longest=20), "")
    return _page(done=str(done))


@blueprint.post("/cau-hoi")
@needs(Permission.OWN_ACCOUNT)
def ask() -> Response:
    """Answer with what the browser's authenticator is to make, to who was asked again: nothing is added without this question."""
    place, (user, asking) = challenges.here() or abort(404), whoever()
    form = AgainForm().ask_for(asked_again.what(user))
    if not form.validate():
        return _unsure(form.first_error())
    refused = asked_again.confirm(user, asking, form.again.data if form.again else "")
    if refused is not None:
        return put_off(_unsure(asked_again.sentence(user)), refused)
    try:
        return jsonify(kept_keys.question(user, place))
    except Refused as refused:
        return make_response(jsonify(said=str(refused)), 422)


@blueprint.post("")
@needs(Permission.OWN_ACCOUNT)
def add() -> Response:
    place = challenges.here() or abort(404)
    answer = form_value("answer", longest=passkeys.LONGEST_ANSWER)
    name = clean_line(form_value("name", longest=kept_keys.LONGEST_NAME))
    if len(name) > kept_keys.LONGEST_NAME:  # composing makes some signs more
        abort(400)
    try:
        kept_keys.add(current_user, place, answer, name=name or devices.named(request.user_agent.string) or _("Passkey"))
    except Refused as refused:
        return make_response(jsonify(said=str(refused)), 422)
    return jsonify(next=url_for("keys.show", xong="them"))


@blueprint.post("/<id:passkey_id>/ten")
@needs(Permission.OWN_ACCOUNT)
def rename(passkey_id: int) -> Response:
    form = KeyNameForm()
    if not form.validate():
        return _page(refused=(passkey_id, form.name.data or "", form.first_error()), code=422)
    if not kept_keys.rename(current_user, passkey_id, form.name.data):
        abort(404)
    return see_other(url_for("keys.show", xong="ten"))


@blueprint.post("/<id:passkey_id>/xoa")
@needs(Permission.OWN_ACCOUNT)
def remove(passkey_id: int) -> Response:
    try:
        if not kept_keys.remove(current_user, passkey_id):
            abort(404)
    except Refused as refused:
        return _page(said=str(refused), code=422)
    return see_other(url_for("keys.show", xong="xoa"))


def _unsure(said: str) -> Response:
    """Have the script say why at the field of what is asked again."""
    return make_response(jsonify(said=said, field="again"), 422)


def _page(*, said: str = "", done: str = "", refused: tuple[int, str, str] | None = None, code: int = 200) -> Response:
    rows = kept_keys.of(current_user)
    if refused is not None and refused[0] not in {row.id for row in rows}:
        abort(404)
    here = challenges.here() is not None
    user, asking = whoever()
    asked = {
        "again": AgainForm(formdata=None).ask_for(asked_again.what(user)).again,
        "is_password": asked_again.what(user) == asked_again.PASSWORD,
        "late": asked_again.sentence(user) if asked_again.is_late(user, asking) else "",
    }
    values = {"keys": _lines(rows, refused), "is_here": here, "own_name": "" if here else challenges.own_name(), **asked}
    page = render_template("accounts/keys.html", said=said, done=done, longest=kept_keys.LONGEST_NAME, **values)
    return make_response(page, code)


def _lines(rows: Sequence[Passkey], refused: tuple[int, str, str] | None) -> list[Line]:
    lines = []
    for row in rows:
        used = formats.moment(row.used_at) if row.used_at is not None else ""
        typed, why = refused[1:] if refused is not None and refused[0] == row.id else ("", "")
        lines.append(Line(row.id, row.name, formats.day(row.created_at), used, row.backed_up, typed, why))
    return lines
