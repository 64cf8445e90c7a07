"""Everybody's own account: who they are here, their password, their sessions, the devices that are not asked for a code."""

from dataclasses import dataclass

from flask import Response, abort, make_response, render_template, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal import audit
from portal.accounts import about, authenticator, changing, devices, kept_keys, own_password, own_sessions, permissions
from portal.accounts.changing import Expelled
from portal.accounts.models import TrustedDevice, User
from portal.accounts.own_forms import PasswordChangeForm
from portal.accounts.own_sessions import Asking
from portal.accounts.signing_in import NotOpened
from portal.audit import vocabulary
from portal.core import clock, formats, sessions
from portal.core.db import changed, db, write
from portal.core.errors import Refused
from portal.core.language import _
from portal.core.sessions import StaffSession
from portal.core.staff import Permission, needs, staff_blueprint
from portal.core.web import query_value, see_other

blueprint = staff_blueprint("own_account", __name__, url_prefix="/ban-bien-tap/tai-khoan")

NEW_PASSWORD = "mat-khau"  # noqa: S105 - a word of an address
DONE = {
    NEW_PASSWORD: _l("Your password was changed. Everywhere else you are signed out."),
    "phien": _l("The session is ended."),
    "phien-khac": _l("All other sessions are ended, and no device is trusted any more."),
    "thiet-bi": _l("The device will be asked for a code again."),
    "bo-buoc-hai": _l("The authenticator app was removed. Everywhere else you are signed out."),
}
"""What a page says after something was done, by the word in its address."""


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session as it is listed."""

    name: str
    device: str
    began: str
    seen: str
    is_this: bool


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """A trusted device as it is listed."""

    id: int
    name: str
    until: str


@blueprint.get("")
@needs(Permission.OWN_ACCOUNT)
def show() -> str:
    user, asking = whoever()
    done = query_value("xong", longest=20)
    return render_template(
        "accounts/own.html",
        user=user,
        role=permissions.NAMES[permissions.Role(user.role)],
        done=DONE.get(done, ""),
        has_new_password=done == NEW_PASSWORD,
        keys=len(kept_keys.of(user)),
        codes_left=authenticator.codes_left(user.id),
        may_remove=authenticator.may_remove(user),
        sessions=_session_lines(asking),
        devices=_device_lines(user.id),
    )


@blueprint.get("/mat-khau")
@needs(Permission.OWN_ACCOUNT)
def password() -> Response:
    return _password_page(PasswordChangeForm())


@blueprint.post("/mat-khau")
@needs(Permission.OWN_ACCOUNT)
def change_password() -> Response:
    user, asking = whoever()
    form = PasswordChangeForm()
    if not form.validate():
        return _password_page(form, form.first_error(), code=422)
    known = about.known(user.name, user.email, user.unit.name if user.unit else "")
    try:
        key = own_password.change(asking, user, form.present.data, form.password.data, about=known)
    except Refused as refused:
        form.password.errors = [str(refused)]
        return _password_page(form, str(refused), code=422)
    if isinstance(key, NotOpened):
        said = _("The present password is not right. If you have tried several times, wait for 5 minutes.")
        return put_off(_password_page(form, said, code=422), key)
    response = see_other(url_for("own_account.show", xong=NEW_PASSWORD))
    sessions.give_cookie(response, key)
    return response


@blueprint.post("/phien/<name>/ket-thuc")
@needs(Permission.OWN_ACCOUNT)
def end_session(name: str) -> Response:
    """End one of one's own sessions. One that is over, or is somebody else's, is none: nothing is done and nothing told."""
    user, _asking = whoever()
    key_hash = _named(name)

    def store(session: Session) -> None:
        if sessions.end_session(session, key_hash, user.id):
            own_sessions.tell_ended(session, user, 1, cause="ended")

    write(store)
    return see_other(url_for("own_account.show", xong="phien"))


@blueprint.post("/phien-khac/ket-thuc")
@needs(Permission.OWN_ACCOUNT)
def end_others() -> Response:
    user, asking = whoever()
    key_hash = asking.key_hash

    def store(session: Session) -> None:
        ended = Expelled(own_sessions.end_others(session, user.id, but=key_hash), devices.forget_all(session, user.id))
        changing.record_expelled(session, ended, user.id, user, "ended")

    write(store)
    return see_other(url_for("own_account.show", xong="phien-khac"))


@blueprint.post("/thiet-bi/<id:device_id>/quen")
@needs(Permission.OWN_ACCOUNT)
def forget_device(device_id: int) -> Response:
    """Forget one of one's own trusted devices; one that is forgotten, or is somebody else's, is none."""
    user, _asking = whoever()

    def store(session: Session) -> None:
        own = delete(TrustedDevice).where(TrustedDevice.id == device_id, TrustedDevice.user_id == user.id)
        if changed(session, own):
            _tell_forgotten(session, user, [device_id])

    write(store)
    return see_other(url_for("own_account.show", xong="thiet-bi"))


@blueprint.post("/thiet-bi/quen-tat-ca")
@needs(Permission.OWN_ACCOUNT)
def forget_devices() -> Response:
    user, _asking = whoever()
    write(lambda session: _tell_forgotten(session, user, devices.forget_all(session, user.id)))
    return see_other(url_for("own_account.show", xong="thiet-bi"))


def whoever() -> tuple[User, Asking]:
    """Return who asks on a staff page, and by which session."""
    asking = own_sessions.asking() or abort(401)
    return db.session.get_one(User, asking.user_id), asking


def put_off(response: Response, refused: NotOpened) -> Response:
    """Say with a refusal that it will be another one before some seconds have passed, where that is so."""
    if refused.retry_after_s is not None:
        response.status_code = 429
        response.headers["Retry-After"] = str(refused.retry_after_s)
    return response


def _password_page(form: PasswordChangeForm, said: str = "", *, code: int = 200) -> Response:
    page = render_template("accounts/own_password.html", form=form, said=said, user=whoever()[0])
    return make_response(page, code)


def _session_lines(this: Asking) -> list[SessionLine]:
    found = db.session.scalars(own_sessions.lasting(this.user_id).order_by(StaffSession.created_at.desc()))
    return [
        SessionLine(
            name=row.key_hash.hex(),
            device=row.device or _("Unknown browser"),
            began=formats.moment(row.created_at),
            seen=formats.moment(max(row.seen_at, row.created_at)),
            is_this=row.key_hash == this.key_hash,
        )
        for row in found
    ]


def _device_lines(user_id: int) -> list[DeviceLine]:
    trusted = select(TrustedDevice).where(TrustedDevice.user_id == user_id, TrustedDevice.expires_at > clock.now_ms())
    found = db.session.scalars(trusted.order_by(TrustedDevice.id))
    return [DeviceLine(device.id, device.name or _("Unknown browser"), formats.moment(device.expires_at)) for device in found]


def _named(name: str) -> bytes:
    """Return the hash of a session's key by its name in the list; what cannot be one is not found."""
    try:
        key_hash = bytes.fromhex(name)
    except ValueError:
        abort(404)
    return key_hash if key_hash.hex() == name and len(key_hash) == len(sessions.hash_of("")) else abort(404)


def _tell_forgotten(session: Session, user: User, ids: list[int]) -> None:
    for device in ids:
        audit.record(session, vocabulary.DEVICE_FORGOTTEN, actor=user, thing=f"user:{user.id}", device=device)
