"""The pages behind links that count once. Looking at one changes nothing; its key stands in no other address and in no log."""

from flask import Blueprint, Response, make_response, render_template, url_for

from portal.accounts import about, changing, first_administrator, kept_keys, links, passwords
from portal.accounts.changing import Details, Misfit
from portal.accounts.models import OneTimeLink, User
from portal.accounts.people_forms import NewPasswordForm, SetUpForm
from portal.accounts.permissions import Role
from portal.core import sessions
from portal.core.access import same_origin
from portal.core.caching import personal
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.staff import demand_own_form
from portal.core.web import query_value, see_other

blueprint = Blueprint("links", __name__, url_prefix="/ban-bien-tap")

REFERRER = "strict-origin"
"""No address of these pages is ever told to anybody. With "no-referrer" browsers would say `Origin: null` of our own forms, and
where they say no Sec-Fetch-Site (Safari 15; all of them without HTTPS) the forms could not be known to be ours."""

KEYS = "khoa"
"""Said in the address after a reset where there are passkeys: they still open the account."""


@blueprint.after_request
def _tell_nobody(response: Response) -> Response:
    response.headers["Referrer-Policy"] = REFERRER
    return response


@blueprint.get("/dat-mat-khau/<key>")
@personal
def reset(key: str) -> Response:
    return _reset_page(NewPasswordForm(formdata=None)) if _owner(key) else _gone(key, links.RESET)


@blueprint.post("/dat-mat-khau/<key>")
@personal
@same_origin
def set_password(key: str) -> Response:
    demand_own_form()
    owner, form = _owner(key), NewPasswordForm()
    if owner is None:
        return _gone(key, links.RESET)
    known = about.known(owner.name, owner.email, owner.unit.name if owner.unit else "")
    kept = _password_of(form, known) if form.validate() else None
    if kept is None:
        return _reset_page(form, 422)
    done = url_for("links.done", con=KEYS if kept_keys.of(owner) else None)
    return see_other(done) if changing.set_password(key, kept) else _gone(key, links.RESET)


@blueprint.get("/da-dat-mat-khau")
@personal
def done() -> str:
    return render_template("accounts/reset_done.html", has_keys=query_value("con", longest=20) == KEYS)


@blueprint.get("/thiet-lap/<key>")
@personal
def set_up(key: str) -> Response:
    return _set_up_page(SetUpForm(formdata=None)) if _counts(links.find(key, links.SET_UP)) else _gone(key, links.SET_UP)


@blueprint.post("/thiet-lap/<key>")
@personal
@same_origin
def make_first(key: str) -> Response:
    demand_own_form()
    form = SetUpForm()
    if not _counts(links.find(key, links.SET_UP)):
        return _gone(key, links.SET_UP)
    new = _details_of(form)
    kept = _password_of(form, about.known(new.name, new.email)) if new is not None else None
    if new is None or kept is None:
        return _set_up_page(form, 422)
    return see_other(url_for("links.done")) if first_administrator.make(key, new, kept) else _gone(key, links.SET_UP)


def _counts(link: OneTimeLink | None) -> bool:
    return link is not None and not links.is_over(link)


def _owner(key: str) -> User | None:
    """Return whom a reset link is for, or None where it counts no longer."""
    link = links.find(key, links.RESET)
    user = db.session.get(User, link.user_id) if link is not None and _counts(link) else None
    return user if user is not None and user.active else None


def _details_of(form: SetUpForm) -> Details | None:
    """Return who is to be the first administrator, or None where the form now says what is wrong."""
    if not form.validate():
        return None
    try:
        return changing.details(form.name.data, form.email.data, Role.ADMINISTRATOR)
    except Misfit as misfit:
        getattr(form, misfit.field).errors = [str(misfit)]
        return None


def _password_of(form: NewPasswordForm | SetUpForm, known: list[str]) -> str | None:
    """Return the hash of the password that was chosen, or None where the form now says what is wrong with it."""
    try:
        passwords.check(form.password.data, about=known)
    except Refused as refused:
        form.password.errors = [str(refused)]
        return None
    with passwords.place():
        return passwords.hash_of(form.password.data)


def _reset_page(form: NewPasswordForm, code: int = 200) -> Response:
    sessions.begin_form()
    return sessions.start_form(make_response(render_template("accounts/reset.html", form=form), code))


def _set_up_page(form: SetUpForm, code: int = 200) -> Response:
    sessions.begin_form()
    return sessions.start_form(make_response(render_template("accounts/set_up.html", form=form), code))


def _gone(key: str, purpose: str) -> Response:
    """Say that a link counts no longer, and what to do: 410 where it is over, 404 where it was used, voided or never made."""
    code = 410 if links.find(key, purpose) is not None else 404
    return make_response(render_template("accounts/reset_gone.html", is_set_up=purpose == links.SET_UP), code)
