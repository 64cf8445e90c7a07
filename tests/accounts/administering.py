"""An administrator at work: signed in, sending the forms of people and units with the token that stands in the page."""

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.accounts.models import User
from portal.audit.models import Entry
from portal.core.db import db
from portal.core.sessions import cookie_name
from tests import cast
from tests.accounts.browser import own_token
from tests.client import PortalClient

PEOPLE = "/ban-bien-tap/nguoi-dung"
UNITS = "/ban-bien-tap/don-vi"


def administrator(app: Flask, client: PortalClient, **values: object) -> User:
    """Sign somebody in who manages people, and return them."""
    user = cast.somebody("administrator", **values)  # type: ignore[arg-type]
    client.set_cookie(cookie_name(app), cast.session_of(user))
    return user


def send(client: PortalClient, path: str, **form: object) -> TestResponse:
    """Send a form with the token of whoever is signed in."""
    return client.submit(path, {"token": own_token(client), **form})


def details(user: User, **changed: object) -> dict[str, object]:
    """Return the form of somebody's page as it stands there, but for what is changed."""
    kept = {"name": user.name, "email": user.email, "role": user.role, "unit": user.unit_id or ""}
    return {**kept, **changed}


def stored(user: User) -> User:
    """Return somebody as the database has them now."""
    db.session.rollback()
    return db.session.get_one(User, user.id)


def actions() -> list[str]:
    """Return the names of all audited actions, in order."""
    return list(db.session.scalars(select(Entry.action).order_by(Entry.id)))
