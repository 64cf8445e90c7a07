"""People for administrators: the list, a page for each, and what can be done to an account."""

from collections.abc import Callable

from flask import Response, abort, make_response, render_template, url_for
from flask_login import current_user
from sqlalchemy import func, select

from portal.accounts import changing, links, mail, roster
from portal.accounts.changing import Details, Misfit
from portal.accounts.models import Passkey, Unit, User
from portal.accounts.people_forms import PersonForm
from portal.accounts.permissions import NAMES, Role
from portal.accounts.roster import Filters
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.language import _
from portal.core.sessions import IDLE_MS, StaffSession
from portal.core.staff import Permission, needs, staff_blueprint
from portal.core.web import LARGEST_ID, absolute, query_value, see_other

blueprint = staff_blueprint("people", __name__, url_prefix="/ban-bien-tap/nguoi-dung")

LONGEST_SEARCH = 100
STATES = {"dang-dung": True, "da-khoa": False}


@blueprint.get("")
@needs(Permission.MANAGE_PEOPLE)
def index() -> str:
    text, state = query_value("tim", longest=LONGEST_SEARCH), query_value("trang-thai", longest=20)
    unit, role = query_value("don-vi", longest=10), query_value("vai-tro", longest=20)
    if (state and state not in STATES) or (role and role not in {one.value for one in Role}):
        abort(404)
    filters = Filters(text, _id(unit), Role(role) if role else None, STATES.get(state))
    page = roster.page(filters, after=_id(query_value("sau", longest=10)), before=_id(query_value("truoc", longest=10)))
    kept = {"tim": text, "don-vi": unit, "vai-tro": role, "trang-thai": state}
    return render_template(
        "accounts/people.html",
        page=page,
        kept={name: value for name, value in kept.items() if value},
        units=_units(),
        roles=[(one.value, NAMES[one]) for one in Role],
        role_names={one.value: NAMES[one] for one in Role},
    )


@blueprint.get("/them")
@needs(Permission.MANAGE_PEOPLE)
def new() -> str:
    form = PersonForm(formdata=None, role=Role.AUTHOR.value)
    form.offer(_units())
    return render_template("accounts/person_new.html", form=form, said="")


@blueprint.post("/them")
@needs(Permission.MANAGE_PEOPLE)
def create() -> Response:
    form = PersonForm()
    form.offer(_units())
    made = _tried(form, lambda details: changing.create(details, actor=current_user))
    if made is None:
        return make_response(render_template("accounts/person_new.html", form=form, said=form.first_error()), 422)
    return see_other(url_for("people.show", user_id=made, xong="them"))


@blueprint.get("/<id:user_id>")
@needs(Permission.MANAGE_PEOPLE)
def show(user_id: int) -> str:
    user = db.get_or_404(User, user_id)
    return _page(user, _form_of(user), done=query_value("xong", longest=20))


@blueprint.post("/<id:user_id>")
@needs(Permission.MANAGE_PEOPLE)
def change(user_id: int) -> Response:
    user, form = db.get_or_404(User, user_id), PersonForm()
    form.offer(_units(user))
    if _tried(form, lambda details: changing.change(user_id, details, actor=current_user)) is None:
        return make_response(_page(db.get_or_404(User, user_id), form, said=form.first_error()), 422)
    return see_other(url_for("people.show", user_id=user_id, xong="sua"))


@blueprint.post("/<id:user_id>/khoa")
@needs(Permission.MANAGE_PEOPLE)
def disable(user_id: int) -> Response:
    return _act(user_id, "khoa", lambda: changing.disable(user_id, actor=current_user))


@blueprint.post("/<id:user_id>/mo-khoa")
@needs(Permission.MANAGE_PEOPLE)
def enable(user_id: int) -> Response:
    return _act(user_id, "mo-khoa", lambda: changing.enable(user_id, actor=current_user))


@blueprint.post("/<id:user_id>/ket-thuc-phien")
@needs(Permission.MANAGE_PEOPLE)
def end_sessions(user_id: int) -> Response:
    return _act(user_id, "phien", lambda: changing.end_sessions(user_id, actor=current_user))


@blueprint.post("/<id:user_id>/bo-buoc-hai")
@needs(Permission.MANAGE_PEOPLE)
def reset_factors(user_id: int) -> Response:
    return _act(user_id, "buoc-hai", lambda: changing.reset_factors(user_id, actor=current_user))


@blueprint.post("/<id:user_id>/lien-ket")
@needs(Permission.MANAGE_PEOPLE)
def make_link(user_id: int) -> Response:
    """Show a reset link in the answer itself: it is kept nowhere, so no other page could show it."""
    user = db.get_or_404(User, user_id)
    try:
        key = links.make_reset(user_id, actor=current_user, way="shown")
    except Refused as refused:
        return _refuse(user_id, refused)
    url = absolute(url_for("links.reset", key=key))
    minutes = links.LASTS_MS[links.RESET] // clock.MINUTE
    return make_response(render_template("accounts/person_link.html", person=user, url=url, minutes=minutes))


@blueprint.post("/<id:user_id>/gui-lien-ket")
@needs(Permission.MANAGE_PEOPLE)
def mail_link(user_id: int) -> Response:
    if not mail.is_set_up():
        abort(404)
    return _act(user_id, "gui", lambda: mail.send_reset(user_id, actor=current_user))


def _act(user_id: int, done: str, action: Callable[[], None]) -> Response:
    """Do something to an account, and say on its page that it is done or why it is not."""
    db.get_or_404(User, user_id)
    try:
        action()
    except Refused as refused:
        return _refuse(user_id, refused)
    return see_other(url_for("people.show", user_id=user_id, xong=done))


def _refuse(user_id: int, refused: Refused) -> Response:
    user = db.get_or_404(User, user_id)
    return make_response(_page(user, _form_of(user), said=str(refused)), 422)


def _tried(form: PersonForm, action: Callable[[Details], int]) -> int | None:
    """Return what an action makes of a form, or None where the form now says what is wrong."""
    if not form.validate():
        return None
    try:
        unit = int(form.unit.data) if form.unit.data else None
        return action(changing.details(form.name.data, form.email.data, Role(form.role.data), unit))
    except Misfit as misfit:
        getattr(form, misfit.field).errors = [str(misfit)]
    return None


def _form_of(user: User) -> PersonForm:
    kept = {"name": user.name, "email": user.email, "role": user.role, "unit": str(user.unit_id or "")}
    form = PersonForm(formdata=None, data=kept)
    form.offer(_units(user))
    return form


def _page(user: User, form: PersonForm, *, said: str = "", done: str = "") -> str:
    now = clock.now_ms()
    opened = select(func.count()).where(
        StaffSession.user_id == user.id, StaffSession.expires_at > now, StaffSession.seen_at > now - IDLE_MS
    )
    return render_template(
        "accounts/person.html",
        person=user,
        form=form,
        said=said,
        done=_done(done),
        is_own=user.id == current_user.id,
        opened=db.session.scalar(opened),
        passkeys=db.session.scalar(select(func.count()).where(Passkey.user_id == user.id)),
        may_mail=mail.is_set_up(),
    )


def _done(word: str) -> str:
    words = {
        "them": _("The account is there. Now make a link with which its owner chooses a password."),
        "sua": _("Saved."),
        "khoa": _("The account is disabled, and its sessions are ended."),
        "mo-khoa": _("The account is enabled."),
        "phien": _("All sessions of this account are ended, and no device is trusted any more."),
        "buoc-hai": _("The second factor and all passkeys are removed, and the sessions are ended."),
        "gui": _("The link was sent by e-mail. It counts once, for 30 minutes."),
    }
    return words.get(word, "")


def _units(user: User | None = None) -> list[Unit]:
    """Return the units in use, and the one that somebody belongs to whether in use or not."""
    found = db.session.scalars(select(Unit).order_by(Unit.name)).all()
    return [unit for unit in found if unit.active or (user is not None and unit.id == user.unit_id)]


def _id(text: str) -> int | None:
    """Return the id that a query's value names, None for an empty one. Aborts with 404 where it is no id."""
    if text and not (text.isascii() and text.isdigit() and 0 < int(text) <= LARGEST_ID):
        abort(404)
    return int(text) if text else None
