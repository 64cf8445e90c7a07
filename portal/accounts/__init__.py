"""Accounts (tài khoản): who works on the site, how they sign in, what each may do. It must not know what anybody publishes."""

from flask import Flask
from flask_babel import lazy_gettext as _l
from flask_login import LoginManager

from portal.accounts import own, permissions, second_factor, views
from portal.accounts.models import User
from portal.core.db import db
from portal.core.staff import Permission, Place, offer


def init_app(app: Flask) -> None:
    login = LoginManager(app, add_context_processor=False)  # public pages never depend on who is signed in
    login.session_protection = None  # the session's row is the protection
    login.user_loader(_load)
    permissions.init_app(app)
    for part in (views, second_factor, own):
        app.register_blueprint(part.blueprint)
    offer(app, Place(_l("My account"), "own_account.show", Permission.OWN_ACCOUNT))


def _load(user_id: str) -> User | None:
    user = db.session.get(User, int(user_id))
    return user if user is not None and user.active else None
