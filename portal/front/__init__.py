"""Front: the pages that gather what features publish: home, site map, robots."""

from flask import Flask

from portal.front import views


def init_app(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
