"""Front: what gathers what features publish: home, site maps, feeds, what machines are told of a page, every page's menu."""

from flask import Flask

from portal.front import api, cards, feeds, maps, outline, previews, views
from portal.front.described import described
from portal.front.menu import menu


def init_app(app: Flask) -> None:
    for part in (views, outline, feeds, maps):
        app.register_blueprint(part.blueprint)
    cards.init_app(app)
    api.init_app(app)
    previews.init_app(app)
    app.json.ensure_ascii = False  # type: ignore[attr-defined] # JSON-LD in a page: Vietnamese as it is read
    app.jinja_env.globals["described"] = described
    app.context_processor(lambda: {"menu": menu()})
