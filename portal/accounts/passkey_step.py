"""Signing in with a passkey over the web: a question, and its answer. The script asks; one sentence says whatever was wrong."""

from flask import Blueprint, Response, abort, jsonify, request

from portal.accounts import challenges, devices, passkeys
from portal.accounts.by_passkey import by_passkey
from portal.accounts.later import ceremonies
from portal.accounts.signing_in import NotOpened
from portal.accounts.views import LONGEST_PATH, home
from portal.core import sessions
from portal.core.access import same_origin
from portal.core.caching import personal
from portal.core.language import _
from portal.core.staff import demand_own_form
from portal.core.web import form_value, safe_back

blueprint = Blueprint("passkey_step", __name__, url_prefix="/ban-bien-tap/dang-nhap/khoa")


@blueprint.post("/cau-hoi")
@personal
@same_origin
def ask() -> Response:
    demand_own_form()
    place = challenges.here() or abort(404)
    return jsonify(ceremonies.request_options(place, challenges.ask(challenges.SIGNING_IN)))


@blueprint.post("")
@personal
@same_origin
def answer() -> Response:
    """Answer with where to go on, and the session's cookie."""
    demand_own_form()
    place = challenges.here() or abort(404)
    following = safe_back(form_value("next", longest=LONGEST_PATH))
    said = form_value("answer", longest=passkeys.LONGEST_ANSWER)
    opened = by_passkey(said, place, device=devices.named(request.user_agent.string))
    if isinstance(opened, NotOpened):
        return _refused(opened)
    response = jsonify(next=following or home(opened.user_id))
    sessions.give_cookie(response, opened.key)
    return response


def _refused(refused: NotOpened) -> Response:
    response = jsonify(said=_("Could not sign in with a passkey. Try again, or sign in with your password."))
    response.status_code = 422 if refused.retry_after_s is None else 429
    if refused.retry_after_s is not None:
        response.headers["Retry-After"] = str(refused.retry_after_s)
    return response
