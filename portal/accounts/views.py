"""Signing in and out over the web. A session's key is another at each step, and one text answers whatever was wrong."""

from flask import Blueprint, Response, abort, current_app, make_response, render_template, request, url_for
from flask_login import current_user
from sqlalchemy.orm import Session

from portal import audit
from portal.accounts import challenges, devices, own_sessions, signing_in
from portal.accounts.by_passkey import has_passkey
from portal.accounts.forms import CodeForm, SignInForm
from portal.accounts.models import User
from portal.accounts.permissions import NEVER_TRUSTED, is_one_of
from portal.accounts.signing_in import NotOpened, Opened
from portal.audit import vocabulary
from portal.core import sessions
from portal.core.access import same_origin
from portal.core.caching import personal
from portal.core.db import db, write
from portal.core.language import _
from portal.core.sessions import CODE, FULL, SET_UP, cookie_name
from portal.core.staff import demand_own_form, first_place
from portal.core.web import form_value, query_value, safe_back, see_other

blueprint = Blueprint("accounts", __name__, url_prefix="/ban-bien-tap")

LONGEST_PATH = 300


@blueprint.get("/dang-nhap")
@personal
def sign_in() -> Response:
    """Show the first step. Who has signed in already goes on."""
    following = safe_back(query_value("next", longest=LONGEST_PATH))
    if current_user.is_authenticated:
        return see_other(following or home(current_user.id))
    return _first(SignInForm(), following)


@blueprint.post("/dang-nhap")
@personal
@same_origin
def try_password() -> Response:
    demand_own_form()
    form, following = SignInForm(), safe_back(form_value("next", longest=LONGEST_PATH))
    if not form.validate():
        return _first(form, following, code=422)
    device = devices.named(request.user_agent.string)
    trusted = request.cookies.get(cookie_name(current_app, devices.COOKIE), "")
    opened = signing_in.by_password(form.email.data, form.password.data, device=device, trusted=trusted)
    if isinstance(opened, NotOpened):
        return _first(form, following, refused=opened)
    return _go_on(opened, following)


@blueprint.get("/ma-xac-thuc")
@personal
def second_step() -> Response:
    row = sessions.current()
    if row is None or row.stage != CODE:
        return see_other(url_for("accounts.sign_in"))
    return _second(CodeForm(), safe_back(query_value("next", longest=LONGEST_PATH)))


@blueprint.post("/ma-xac-thuc")
@personal
@same_origin
def try_code() -> Response:
    demand_own_form()
    form, following = CodeForm(), safe_back(form_value("next", longest=LONGEST_PATH))
    row = sessions.current()
    if row is None or row.stage != CODE:
        return see_other(url_for("accounts.sign_in", next=following))
    if not form.validate():
        return _second(form, following, code=422)
    opened = signing_in.by_code(row, form.code.data)
    if isinstance(opened, NotOpened):
        return _second(form, following, refused=opened)
    response = _go_on(opened, following)
    return _trust(response, opened) if form.trust.data else response


@blueprint.post("/dang-xuat")
@personal
@same_origin
def sign_out() -> Response:
    """End this browser's session, whatever its stage; doing it twice is no mistake."""
    row = sessions.current()
    if row is not None:
        demand_own_form()
        user = db.session.get_one(User, row.user_id)

        def store(session: Session) -> None:
            if sessions.end_session(session, row.key_hash, user.id) and row.stage == FULL:
                audit.record(session, vocabulary.SIGN_OUT, actor=user, thing=f"user:{user.id}")

        write(store)
    response = see_other(url_for("accounts.sign_in"))
    sessions.take_cookie(response)
    return response


def home(user_id: int) -> str:
    """Return where somebody's work begins."""
    return first_place(db.session.get_one(User, user_id))


def _go_on(opened: Opened, following: str | None) -> Response:
    """Give the browser its key, and lead it to the next step or to where it wanted to go."""
    steps = {
        FULL: following or home(opened.user_id),
        CODE: url_for("accounts.second_step", next=following),
        SET_UP: url_for("second_factor.begin", next=following),
    }
    response = see_other(steps[opened.stage])
    sessions.give_cookie(response, opened.key)
    return response


def _trust(response: Response, opened: Opened) -> Response:
    """Trust this browser, unless its new session was ended meanwhile: what ends sessions forgets devices, and this one too."""
    user = db.session.get_one(User, opened.user_id)
    if is_one_of(user, NEVER_TRUSTED):
        return response

    def store(session: Session) -> str | None:
        if not own_sessions.hold(session, sessions.hash_of(opened.key)):
            return None
        key, device = devices.trust(session, user, devices.named(request.user_agent.string))
        audit.record(session, vocabulary.DEVICE_TRUSTED, actor=user, thing=f"user:{user.id}", device=device.id)
        return key

    key = write(store)
    if key is not None:
        sessions.give_cookie(response, key, devices.COOKIE, days=devices.DAYS)
    return response


def _first(form: SignInForm, following: str | None, *, refused: NotOpened | None = None, code: int = 200) -> Response:
    sessions.begin_form()
    said = _refusal() if refused else form.first_error()
    values = {"following": following or "", "said": said, "passkeys_here": challenges.here() is not None}
    page = render_template("accounts/sign_in.html", form=form, **values)
    return _refused(sessions.start_form(make_response(page, code)), refused)


def _second(form: CodeForm, following: str | None, *, refused: NotOpened | None = None, code: int = 200) -> Response:
    row = sessions.current()
    user = db.session.get(User, row.user_id) if row is not None else abort(404)
    may_trust = user is not None and not is_one_of(user, NEVER_TRUSTED)
    said = _("This code is not right, or was used already. Wait for the next one.") if refused else form.first_error()
    ways = {
        "has_app": user is not None and user.totp_secret is not None,
        "has_passkey": user is not None and has_passkey(user),
        "passkeys_here": challenges.here() is not None,
        "own_name": challenges.own_name(),
    }
    values = {"following": following or "", "said": said, "may_trust": may_trust, **ways}
    page = render_template("accounts/second_step.html", form=form, **values)
    return _refused(make_response(page, code), refused)


def _refused(response: Response, refused: NotOpened | None) -> Response:
    if refused is not None:
        response.status_code = 422 if refused.retry_after_s is None else 429
        if refused.retry_after_s is not None:
            response.headers["Retry-After"] = str(refused.retry_after_s)
    return response


def _refusal() -> str:
    return _("Could not sign in. Check the e-mail address and the password; if you have tried several times, wait for 5 minutes.")
