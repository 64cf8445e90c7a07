"""Articles (bài viết) in sections (chuyên mục). An article's row is the published copy; drafts will live in revisions."""

from flask import Flask

from portal import files
from portal.articles import views
from portal.articles.models import is_public
from portal.articles.sections import menu


def init_app(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
    files.guard(app, "article", is_public)
    app.context_processor(lambda: {"menu": menu()})
