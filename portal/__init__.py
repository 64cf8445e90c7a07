"""Cổng: the website of a government department. `create_app` puts the parts together; nothing in the tree imports it."""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import Migrate

from portal import (
    accounts,
    articles,
    audit,
    backup,
    cli,
    core,
    demo,
    desk,
    files,
    front,
    polls,
    publishing,
    settings,
    site,
    visits,
)
from portal.core import headers, page_cache
from portal.core.db import db
from portal.core.gate import Gate
from portal.core.sessions import cookie_name
from portal.core.web import Application

ROOT = Path(__file__).resolve().parent.parent
SHORTEST_KEY = 32
FEATURES = (audit, visits, accounts, files, publishing, settings, site, articles, polls, front, desk, backup, demo, cli)


def create_app(settings: Mapping[str, Any] | None = None) -> Flask:
    """Return the portal. `settings` win over instance/config.py, which wins over portal/config.py.

    The environment names the instance folder (INSTANCE), the database (DATABASE_URL) and the address to listen on (HOST).
    """
    settings = settings or {}
    instance = Path(settings.get("INSTANCE") or os.environ.get("INSTANCE") or ROOT / "instance").absolute()
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    app = Application(
        __name__,
        instance_path=str(instance),
        instance_relative_config=True,
        static_folder=None,
        template_folder=str(ROOT / "templates"),
    )
    app.config.from_object("portal.config")
    app.config.from_pyfile("config.py", silent=True)
    app.config["DATABASE_URL"] = os.environ.get("DATABASE_URL") or app.config["DATABASE_URL"]
    app.config.from_mapping(settings)
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = app.config["MAX_BODY_BYTES"]
    app.config["SECRET_KEY"] = app.config["SECRET_KEY"] or _secret_key(instance / "secret_key")

    url = app.config["DATABASE_URL"] or f"sqlite:///{instance / 'portal.db'}"
    core.init_app(app, database_url=url, static=ROOT / "static")
    Migrate(app, db, directory=str(ROOT / "portal" / "migrations"), render_as_batch=True)
    for feature in FEATURES:
        feature.init_app(app)
    _put_before_flask(app)
    return app


def _put_before_flask(app: Flask) -> None:
    gate = partial(
        Gate,
        hosts=(*app.config["HOSTS"], os.environ.get("HOST", "")),
        proxies=app.config["TRUSTED_PROXIES"],
        max_body=app.config["MAX_BODY_BYTES"],
        larger=app.extensions["larger_bodies"],
    )
    wsgi = headers.before(app.wsgi_app, secure=app.config["SECURE"])
    wsgi = app.extensions["assets"].before(wsgi)
    page_cache.init_app(app, wsgi, gate, staff_cookie=cookie_name(app))


def _secret_key(path: Path) -> str:
    """Return the installation's own key; the first start makes it, also when two processes start at once."""
    if not path.exists():
        mine = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):  # another process was first
            os.link(mine, path)
        mine.unlink()
    key = path.read_text("ascii")
    if len(key) < SHORTEST_KEY:
        raise RuntimeError(f"{path.name} in the instance folder holds no key; restore it, or delete it to have a new one made.")
    return key
