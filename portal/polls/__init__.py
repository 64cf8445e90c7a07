"""Polls (thăm dò ý kiến): one ballot for a browser, counted exactly once. It must not know what page shows its box."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from portal.core import jobs
from portal.core.staff import Permission, Place, offer
from portal.polls import (
    archive,
    checks,
    cli,
    editor,
    embed_code,
    embeds,
    group_pages,
    list_pages,
    listing,
    oembed,
    result_pages,
    views,
)
from portal.polls.box import inert_poll_box, poll_box, poll_names


def init_app(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
    app.register_blueprint(archive.blueprint)
    app.register_blueprint(editor.blueprint)
    offer(app, Place(_l("Polls"), "poll_editor.index", Permission.MANAGE_POLLS))
    app.register_blueprint(result_pages.blueprint)
    app.register_blueprint(group_pages.blueprint)
    app.register_blueprint(checks.blueprint)
    app.register_blueprint(list_pages.blueprint)
    jobs.handle(app, listing.JOB, listing.publish_due)
    app.register_blueprint(embeds.blueprint)
    app.register_blueprint(embed_code.blueprint)
    oembed.init_app(app)
    app.cli.add_command(cli.polls)
    app.jinja_env.globals |= {"poll_box": poll_box, "inert_poll_box": inert_poll_box}
    app.extensions["poll_names"] = poll_names
