"""Site (trang thông tin): the agency's name, address, people, menu and links, and its static pages, as rows that change
without a deploy."""

from flask import Flask

from portal import files
from portal.site import lists, pages, views
from portal.site.identity import current


def init_app(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
    files.guard(app, "page", pages.is_public, pages.where)
    files.guard(app, "strip", lists.is_public)
    app.context_processor(lambda: {"site": current()})
    app.extensions["site_name"] = lambda: current().name
