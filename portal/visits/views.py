"""The one path by which a load is counted, and the page that explains the figures.

Addresses avoid the words that ad blockers match.
"""

import base64
import binascii

from flask import Blueprint, Response, abort, make_response, render_template, request, session
from flask_login import current_user

from portal.core.access import same_origin
from portal.core.caching import cache_for, personal
from portal.core.logs import quiet
from portal.core.web import form_value, fragment
from portal.visits import counter, pagekeys, robots
from portal.visits.figures import just_seen, seen
from portal.visits.sums import Sums

blueprint = Blueprint("visits", __name__)

LOAD_ID_BYTES = 16
DOT = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


@blueprint.post("/so-lieu")
@personal
@same_origin
@quiet
def see() -> str:
    """Count a load and return the figures as they are now."""
    page = pagekeys.verify(form_value("page", longest=pagekeys.LONGEST)) or abort(400)
    sums = _count(page, _load_id())
    told = just_seen(sums) if sums else seen(page)
    return fragment("visits/_figures.html", figures=told.figures) + fragment("visits/_seen.html", seen=told.views)


@blueprint.get("/so-lieu/<page>.gif")
@personal
@quiet
def picture(page: str) -> Response:
    """Count a load by a browser without scripts, which asks for this picture."""
    name = pagekeys.verify(page) or abort(404)
    if request.method == "GET" and request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin":
        _count(name, None)
    response = make_response(DOT)
    response.content_type = "image/gif"
    return response


@blueprint.get("/so-lieu/cach-tinh")
@cache_for(3600)
def about() -> str:
    return render_template("visits/about.html", figures=seen("about").figures)


def _count(page: str, load_id: bytes | None) -> Sums | None:
    """Count a load and return the sums with it; None where nobody reads it, or staff does."""
    agent = request.headers.get("User-Agent", "")[: robots.LONGEST_AGENT]
    if robots.is_robot(agent) or robots.is_ahead_of_reader(request.headers) or _is_staff():
        return None
    return counter.see(counter.Load(page, load_id, request.remote_addr or "", agent))


def _is_staff() -> bool:
    """Tell whether a signed-in editor asks. A visitor's session is empty, and nobody needs to be looked up."""
    return bool(session) and current_user.is_authenticated


def _load_id() -> bytes:
    """Return the load id that the page's script made: 16 bytes as 32 hexadecimal figures."""
    try:
        load = binascii.unhexlify(form_value("load", longest=2 * LOAD_ID_BYTES))
    except binascii.Error:
        abort(400)
    return load if len(load) == LOAD_ID_BYTES else abort(400)
