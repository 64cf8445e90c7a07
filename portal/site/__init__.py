"""Site (trang thông tin): the agency's name, address, people, menu and links, and its static pages, as rows that change
without a deploy."""

from flask import Flask

from portal.site import views
from portal.site.identity import current


def init_app(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
    app.context_processor(lambda: {"site": current()})
