"""Setting up the second factor: for whoever must have one before anything else, and for everybody who wants one."""

from flask import Blueprint, Response, render_template, url_for

from portal.core import sessions
from portal.core.caching import personal
from portal.core.sessions import SET_UP
from portal.core.web import see_other

blueprint = Blueprint("second_factor", __name__, url_prefix="/ban-bien-tap/buoc-hai")


@blueprint.get("")
@personal
def begin() -> Response | str:
    row = sessions.current()
    if row is None or row.stage != SET_UP:
        return see_other(url_for("accounts.sign_in"))
    return render_template("accounts/own.html")
