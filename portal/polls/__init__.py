"""Polls (thăm dò ý kiến): one ballot for a browser, counted exactly once. It must not know what page shows its box."""

from flask import Flask

from portal.polls import archive, cli, views
from portal.polls.box import poll_box


def init_app(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
    app.register_blueprint(archive.blueprint)
    app.cli.add_command(cli.polls)
    app.jinja_env.globals["poll_box"] = poll_box
