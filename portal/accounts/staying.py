"""The session's end as the browser knows it: how much is left, which asking does not change, and going on."""

from flask import Blueprint, Response, jsonify
from flask_login import current_user

from portal.core import sessions
from portal.core.caching import personal
from portal.core.staff import Permission, needs, staff_blueprint

blueprint = staff_blueprint("staying", __name__, url_prefix="/ban-bien-tap/tiep-tuc")
asking = Blueprint("staying_asked", __name__, url_prefix="/ban-bien-tap/con-lai")


@blueprint.post("")
@needs(Permission.OWN_ACCOUNT)
def stay() -> Response:
    """Go on working: that somebody asks is work like any other."""
    return _told()


@asking.get("")
@personal
def show() -> Response:
    """Tell a page that stands open what is left; that it asks is nobody's work."""
    return _told()


def _told() -> Response:
    """Answer the seconds left and whose session it is; 0 and null where there is none."""
    user = current_user.id if current_user.is_authenticated else None
    return jsonify(left=sessions.left_s() if user is not None else 0, user=user)
