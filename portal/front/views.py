"""Home, and the answer to who watches."""

from flask import Blueprint, Response, make_response, render_template
from sqlalchemy import select

from portal.core.access import public
from portal.core.caching import cache_for
from portal.core.db import db
from portal.front.home import gathered
from portal.visits import pagekeys, seen

blueprint = Blueprint("front", __name__)


@blueprint.get("/")
@cache_for(60)
def home() -> str:
    return render_template("front/home.html", home=gathered(), figures=seen("home").figures, page_key=pagekeys.sign("home"))


@blueprint.get("/healthz")
@public
def health() -> Response:
    """Say that this process answers and reads its database; for the machine that watches it."""
    db.session.execute(select(1))
    response = make_response("ok\n")
    response.content_type = "text/plain; charset=utf-8"
    response.headers["Cache-Control"] = "no-store"
    return response
