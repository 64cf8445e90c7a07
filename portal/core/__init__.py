"""What every feature stands on: database, jobs, pages and their cache, languages, errors. It knows no feature."""

from pathlib import Path

from flask import Flask
from htmx_flask import Htmx

from portal.core import (
    assets,
    caching,
    commits,
    db,
    errors,
    formats,
    gate,
    jobs,
    language,
    logs,
    notices,
    sessions,
    staff,
    versions,
    web,
)


def init_app(app: Flask, *, database_url: str, static: Path) -> None:
    db.init_app(app, database_url)
    commits.init_app(app)
    Htmx(app)
    logs.init_app(app)
    gate.init_app(app)
    language.init_app(app)
    errors.init_app(app)
    sessions.init_app(app)
    staff.init_app(app)
    notices.init_app(app)
    jobs.init_app(app)
    versions.init_app(app)
    caching.init_app(app)
    web.init_app(app)
    formats.init_app(app)
    assets.init_app(app, static)
