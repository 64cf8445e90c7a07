"""Accounts (tài khoản): who is signed in. It must not know what anybody publishes."""

from flask import Flask
from flask_login import LoginManager

from portal.accounts.models import User
from portal.core.db import db


def init_app(app: Flask) -> None:
    login = LoginManager(app, add_context_processor=False)  # public pages never depend on who is signed in
    login.session_protection = None  # the session's row is the protection
    login.user_loader(_load)


def _load(user_id: str) -> User | None:
    user = db.session.get(User, int(user_id))
    return user if user is not None and user.active else None
