"""The second factor: set up by whoever wants one, or must have one before anything else; recovery codes; taken away.

The set-up is open to two: somebody signed in, who says the password again; and somebody who has just said it and has no
factor where the role needs one (SET_UP), to whom nothing else is. Guesses at its code are not braked: the secret stands on the
very page.
"""

from flask import Blueprint, Response, abort, make_response, render_template, url_for

from portal.accounts import asked_again, authenticator, own_sessions, totp
from portal.accounts.about import site_name
from portal.accounts.authenticator import Begun
from portal.accounts.models import User
from portal.accounts.own import blueprint as own
from portal.accounts.own import put_off, whoever
from portal.accounts.own_forms import AppCodeForm, SetUpAppForm
from portal.accounts.own_sessions import Asking
from portal.accounts.permissions import may_work
from portal.accounts.signing_in import NotOpened
from portal.core import clock, formats, sessions
from portal.core.access import same_origin
from portal.core.caching import personal
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.language import _
from portal.core.sessions import FULL, SET_UP
from portal.core.staff import Permission, demand_own_form, needs
from portal.core.web import form_value, query_value, safe_back, see_other

blueprint = Blueprint("second_factor", __name__, url_prefix="/ban-bien-tap/buoc-hai")

LONGEST_PATH = 300
LONGEST_CODES = 400


@blueprint.get("")
@personal
def begin() -> Response:
    """Show the app's secret, as a picture and in letters, and ask for its first code."""
    asking, following = own_sessions.asking(), safe_back(query_value("next", longest=LONGEST_PATH))
    user = _who_sets_up(asking)
    if asking is None or user is None:
        return _elsewhere(asking, following)
    sessions.be_active()
    return _set_up_page(asking, user, _set_up_form(asking, user), following)


@blueprint.get("/qr.svg")
@personal
def picture() -> Response:
    """Show the secret as a QR code: the one that stands on the page of this session, at an address that does not tell it."""
    asking = own_sessions.asking()
    user = _who_sets_up(asking)
    if asking is None or user is None:
        return abort(404)
    uri = totp.provisioning_uri(authenticator.pending(asking), account=user.email, site=site_name())
    return Response(totp.qr_code(uri), mimetype="image/svg+xml")


@blueprint.post("")
@personal
@same_origin
def confirm() -> Response:
    """Keep the app where its code is right, and show its recovery codes: once, in this very answer."""
    asking, following = own_sessions.asking(), safe_back(form_value("next", longest=LONGEST_PATH))
    user = _who_sets_up(asking)
    if asking is None or user is None:
        return _elsewhere(asking, following)
    demand_own_form()
    form, email = _set_up_form(asking, user), user.email
    begun = _begun(asking, user, form)
    if isinstance(begun, NotOpened):
        return put_off(_set_up_page(asking, user, form, following, code=422), begun)
    done = authenticator.set_up(asking, user, begun)
    if done is None:
        return _elsewhere(asking, following)
    own_sessions.go_on(done.key)
    response = _codes_page(email, done.codes, following, is_new=True)
    sessions.give_cookie(response, done.key)
    return response


@own.get("/ma-du-phong")
@needs(Permission.OWN_ACCOUNT)
def recovery_codes() -> Response:
    return _renewal_page(AppCodeForm())


@own.post("/ma-du-phong")
@needs(Permission.OWN_ACCOUNT)
def renew_recovery_codes() -> Response:
    user, _asking = _with_app()
    form = AppCodeForm()
    if not form.validate():
        return _renewal_page(form, form.first_error(), code=422)
    code = asked_again.for_code(user, form.code.data)
    if isinstance(code, NotOpened):
        return put_off(_renewal_page(form, _not_right(), code=422), code)
    codes = authenticator.renew_codes(user.id, code)
    return _renewal_page(form, _not_right(), code=422) if codes is None else _codes_page(user.email, codes, None)


@own.post("/ma-du-phong/tep")
@needs(Permission.OWN_ACCOUNT)
def download_recovery_codes() -> Response:
    """Give the codes that stand on their owner's page back as a file; they are kept nowhere from which it could be made."""
    user, _asking = _with_app()
    codes = authenticator.still_good(user.id, form_value("codes", longest=LONGEST_CODES).split())
    if not codes:
        raise Refused(_("These recovery codes count no more. Make new ones."))
    heading = _("Recovery codes of %(email)s, %(site)s", email=user.email, site=site_name())
    made = _("Downloaded at %(moment)s. Each code counts once.", moment=formats.moment(clock.now_ms()))
    text = "\r\n".join([heading, made, "", *codes, ""])
    response = Response(text, mimetype="text/plain")
    response.headers["Content-Disposition"] = 'attachment; filename="ma-du-phong.txt"'
    return response


@own.get("/bo-buoc-hai")
@needs(Permission.OWN_ACCOUNT)
def removal() -> Response:
    return _removal_page(AppCodeForm())


@own.post("/bo-buoc-hai")
@needs(Permission.OWN_ACCOUNT)
def remove() -> Response:
    user, asking = _with_app()
    if not authenticator.may_remove(user):
        raise Refused(_needed())
    form = AppCodeForm()
    if not form.validate():
        return _removal_page(form, form.first_error(), code=422)
    code = asked_again.for_code(user, form.code.data)
    if isinstance(code, NotOpened):
        return put_off(_removal_page(form, _not_right(), code=422), code)
    key = authenticator.remove(asking, code)
    if key is None:
        return _removal_page(form, _not_right(), code=422)
    response = see_other(url_for("own_account.show", xong="bo-buoc-hai"))
    sessions.give_cookie(response, key)
    return response


def _who_sets_up(asking: Asking | None) -> User | None:
    """Return who may set up an app by a session; nobody where it waits for a code, or there is an app already."""
    user = db.session.scalar(authenticator.open_to(asking)) if asking is not None and asking.stage in {FULL, SET_UP} else None
    return user if user is not None and may_work(user) else None


def _set_up_form(asking: Asking, user: User) -> SetUpAppForm:
    """Return the form; whoever has said the password on the page before is not asked again."""
    form = SetUpAppForm()
    form.ask_for(asked_again.what(user) if asking.stage == FULL else asked_again.NOTHING)
    return form


def _begun(asking: Asking, user: User, form: SetUpAppForm) -> Begun | NotOpened:
    """Return the app that the form confirms. Where it does not, it says so at its field."""
    if not form.validate():
        return NotOpened()
    begun = authenticator.confirmed(asking, form.code.data)
    if begun is None:
        form.code.errors = [
            _("This code is not right. Check that the phone shows the right time, and type the code that it shows now.")
        ]
        return NotOpened()
    refused = asked_again.confirm(user, asking, form.again.data if form.again else "") if asking.stage == FULL else None
    if refused is not None and form.again:
        form.again.errors = [asked_again.sentence(user)]
    return refused or begun


def _elsewhere(asking: Asking | None, following: str | None) -> Response:
    """Lead whoever has nothing to set up to the account, and all others to signing in."""
    if asking is not None and asking.stage == FULL:
        return see_other(following or url_for("own_account.show"))
    return see_other(url_for("accounts.sign_in", next=following))


def _with_app() -> tuple[User, Asking]:
    """Return who asks on a staff page, who must have an app: without one these pages are not there."""
    user, asking = whoever()
    return (user, asking) if user.totp_secret else abort(404)


def _set_up_page(asking: Asking, user: User, form: SetUpAppForm, following: str | None, *, code: int = 200) -> Response:
    must = asking.stage == SET_UP
    values = {
        "form": form,
        "following": following or "",
        "secret": totp.readable(authenticator.pending(asking)),
        "must": must,
        "email": user.email,
        "late": asked_again.sentence(user) if not must and asked_again.is_late(user, asking) else "",
    }
    return make_response(render_template("accounts/second_factor.html", **values), code)


def _codes_page(email: str, codes: list[str], following: str | None, *, is_new: bool = False) -> Response:
    onwards = following or url_for("own_account.show")
    values = {"email": email, "codes": codes, "onwards": onwards, "is_new": is_new}
    return make_response(render_template("accounts/second_factor_codes.html", **values))


def _renewal_page(form: AppCodeForm, said: str = "", *, code: int = 200) -> Response:
    left = authenticator.codes_left(_with_app()[0].id)
    return make_response(render_template("accounts/second_factor_renewal.html", form=form, said=said, left=left), code)


def _removal_page(form: AppCodeForm, said: str = "", *, code: int = 200) -> Response:
    needed = "" if authenticator.may_remove(_with_app()[0]) else _needed()
    return make_response(render_template("accounts/second_factor_removal.html", form=form, said=said, needed=needed), code)


def _needed() -> str:
    return _("Your role needs a second factor. Add a passkey first; then you can remove the app.")


def _not_right() -> str:
    return _("This code is not right, or was used already. Wait for the next one.")
