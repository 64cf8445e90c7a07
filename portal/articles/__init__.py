"""Articles (bài viết) in sections (chuyên mục). An article's row is the published copy; drafts will live in revisions."""

from flask import Flask

from portal import files
from portal.articles import views
from portal.articles.addresses import lead_from_nothing, lead_from_old
from portal.articles.lines import where
from portal.articles.models import is_public


def init_app(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
    app.before_request(lead_from_old)
    app.after_request(lead_from_nothing)
    files.guard(app, "article", is_public, where)
