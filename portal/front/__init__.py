"""Front: the pages that gather what features publish: home, site maps, robots, and every page's menu."""

from flask import Flask

from portal.front import outline, views
from portal.front.menu import menu


def init_app(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
    app.register_blueprint(outline.blueprint)
    app.context_processor(lambda: {"menu": menu()})
