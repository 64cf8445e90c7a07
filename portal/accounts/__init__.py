"""Accounts (tài khoản): who works on the site, how they sign in, what each may do. It must not know what anybody publishes."""

from flask import Flask, Response
from flask_babel import lazy_gettext as _l
from flask_login import LoginManager

from portal.accounts import (
    cli,
    keys,
    link_pages,
    own,
    passkey_step,
    passwords,
    people,
    permissions,
    second_factor,
    staying,
    sweeping,
    units,
    views,
)
from portal.accounts.models import User
from portal.core import clock, errors, jobs
from portal.core.db import db
from portal.core.staff import Permission, Place, offer


class Sessions(LoginManager):  # type: ignore[misc] # Flask-Login has no types
    """Knows people by their sessions' rows alone: behind the library's own cookie stands none, so nothing could end it."""

    def _load_user_from_remember_cookie(self, _cookie: str) -> None:
        return None


def init_app(app: Flask) -> None:
    login = Sessions(app, add_context_processor=False)  # public pages never depend on who is signed in
    login.session_protection = None  # the session's row is the protection
    login.user_loader(_load)
    permissions.init_app(app)
    for part in (views, second_factor, own, link_pages, people, units, keys, passkey_step, staying):
        app.register_blueprint(part.blueprint)
    app.register_blueprint(staying.asking)
    jobs.handle(app, sweeping.JOB, sweeping.sweep, every_ms=clock.HOUR)
    offer(app, Place(_l("My account"), "own_account.show", Permission.OWN_ACCOUNT))
    offer(app, Place(_l("People"), "people.index", Permission.MANAGE_PEOPLE))
    offer(app, Place(_l("Units"), "units.index", Permission.MANAGE_PEOPLE))
    app.cli.add_command(cli.accounts)
    app.register_error_handler(passwords.Busy, _busy)


def _load(user_id: str) -> User | None:
    user = db.session.get(User, int(user_id))
    return user if user is not None and permissions.may_work(user) else None


def _busy(_error: passwords.Busy) -> Response:
    return errors.answer(503)
