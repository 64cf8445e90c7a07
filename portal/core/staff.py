"""Staff pages: closed unless opened, each with the permission that it takes, and forms that only our own pages can send.

Who has which permission is a table, in `accounts.permissions`; whoever stands below or beside it asks through here. Refusals are
kept by `audit.refusals`. Both are reached through the application: `extensions["may"]` and `extensions["refused"]`.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import wraps
from typing import Any, Protocol, TypeVar

from flask import Blueprint, Flask, Response, abort, current_app, redirect, request, url_for
from flask_login import current_user
from sqlalchemy.orm import Session

from portal.core import sessions
from portal.core.access import STAFF, is_same_origin

View = TypeVar("View", bound=Callable[..., Any])

SAFE = {"GET", "HEAD", "OPTIONS"}
CONTROL = "no-store"


class Permission(Enum):
    """What somebody may be allowed to do."""

    OWN_ACCOUNT = "own_account"
    """See and change one's own account, devices and sessions."""
    WRITE = "write"
    """Write drafts."""
    EDIT = "edit"
    """Edit what others wrote, and return it to them."""
    PUBLISH = "publish"
    """Approve, schedule and take down."""
    MANAGE_POLLS = "manage_polls"
    """Make polls, watch them, set ballots aside and publish the result."""
    MANAGE_PEOPLE = "manage_people"
    MANAGE_SITE = "manage_site"
    READ_AUDIT = "read_audit"


class Thing(Protocol):
    """What a permission may depend on: something that belongs to a unit, or to none."""

    @property
    def unit_id(self) -> int | None: ...


def staff_blueprint(name: str, import_name: str, **options: Any) -> Blueprint:
    """Return a blueprint all of whose views need somebody signed in, and a declared permission.

    Visitors are led to the sign-in page. What changes anything must come from one of our pages, with its token. Nothing is kept
    by browsers or proxies.
    """
    blueprint = Blueprint(name, import_name, **options)
    blueprint.before_request(_demand_staff)
    blueprint.after_request(_keep_nowhere)
    blueprint.audience = STAFF  # type: ignore[attr-defined]
    return blueprint


def needs(permission: Permission) -> Callable[[View], View]:
    """Declare what a staff view takes. Who lacks it gets 404, as if nothing were there."""

    def declare(view: View) -> View:
        @wraps(view)
        def demanding(*args: Any, **kwargs: Any) -> Any:
            demand(permission)
            return view(*args, **kwargs)

        demanding.needs = permission  # type: ignore[attr-defined]
        return demanding  # type: ignore[return-value]

    return declare


def no_work(view: View) -> View:
    """Declare a view that an open page asks by itself: a session goes on for an hour after somebody's work, not after this."""
    view.is_no_work = True  # type: ignore[attr-defined]
    return view


def demand(permission: Permission, thing: Thing | None = None) -> None:
    """Abort with 404, on record of who is signed in, unless whoever asks may do this: to the thing, or (without one) at all."""
    if not may(permission, thing):
        if current_user.is_authenticated:
            current_app.extensions["refused"](current_user)
        abort(404)


def may(permission: Permission, thing: Thing | None = None) -> bool:
    """Tell whether whoever asks may do this: to the thing, or (without one) at all."""
    allowed: bool = current_app.extensions["may"](current_user, permission, thing)
    return allowed


def number_who_may(session: Session, permission: Permission) -> int:
    """Return how many people, of those who may sign in, may do something at all; asked within a write."""
    number: int = current_app.extensions["number_who_may"](session, permission)
    return number


def _demand_staff() -> Response | None:
    if not current_user.is_authenticated:
        return _lead_to_sign_in()
    if request.method not in SAFE:
        demand_own_form()
    if not getattr(current_app.view_functions[request.endpoint or ""], "is_no_work", False):
        sessions.be_active()
    return None


def _lead_to_sign_in() -> Response:
    """Lead a visitor to the sign-in page, and from there back; a form or a script is answered 401, as it cannot be led."""
    if request.method not in {"GET", "HEAD"} or request.htmx:  # type: ignore[attr-defined]
        abort(401)
    return redirect(url_for("accounts.sign_in", next=request.script_root + request.path), 303)  # type: ignore[return-value]


def _keep_nowhere(response: Response) -> Response:
    response.headers["Cache-Control"] = CONTROL
    return response


def demand_own_form() -> None:
    """Abort with 403 unless a form was sent by one of our own pages, with the token that this browser was given."""
    if not is_same_origin():
        abort(403)
    said = request.form.getlist("token") or [request.headers.get("X-Form-Token", "")]
    if len(said) != 1 or not hmac.compare_digest(said[0].encode(), sessions.form_token().encode()):
        abort(403)


@dataclass(frozen=True, slots=True)
class Place:
    """A line of the staff's navigation, shown to whoever has the permission."""

    label: Any
    endpoint: str
    permission: Permission
    rank: int = 0
    """Lines of a higher rank stand after all of a lower one."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is printed."""

    label: str
    url: str
    is_here: bool


def offer(app: Flask, *places: Place) -> None:
    """Add lines to the staff's navigation: by rank, and then in the order in which the features start."""
    known: list[Place] = app.extensions.setdefault("staff_places", [])
    known.extend(places)
    known.sort(key=lambda place: place.rank)


def lines() -> list[Line]:
    """Return the navigation of whoever asks; nothing for a visitor."""
    places: list[Place] = current_app.extensions.get("staff_places", [])
    here = (request.endpoint or "").partition(".")[0]
    return [
        Line(str(place.label), url_for(place.endpoint), place.endpoint.partition(".")[0] == here)
        for place in places
        if may(place.permission)
    ]


def first_place(somebody: Any) -> str:
    """Return the address of the first line that somebody finds in the navigation, who may be about to sign in."""
    places: list[Place] = current_app.extensions["staff_places"]
    allowed = (place for place in places if current_app.extensions["may"](somebody, place.permission, None))
    return url_for(next(allowed).endpoint)


def init_app(app: Flask) -> None:
    app.jinja_env.globals |= {"staff_lines": lines, "may": may, "Permission": Permission, "somebody": current_user}
