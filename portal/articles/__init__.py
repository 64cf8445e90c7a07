"""Articles (bài viết) in sections (chuyên mục). An article's row is the published copy; drafts live in revisions."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from portal import files
from portal.articles import (
    attached,
    editor,
    editor_acts,
    editor_attachments,
    editor_choosing,
    editor_library,
    editor_pictures,
    editor_uploads,
    editor_word,
    pictures,
    polled,
    published,
    section_settings,
    views,
)
from portal.articles.addresses import lead_from_nothing, lead_from_old
from portal.articles.lines import where
from portal.articles.models import is_public
from portal.core import gate, language
from portal.core.staff import Permission, Place, offer
from portal.publishing import kinds
from portal.settings import groups

__all__ = ["editor_acts", "editor_choosing", "editor_library", "editor_pictures", "editor_uploads", "editor_word"]

LARGEST_BODY = 32 * 1024 * 1024
"""What a form of the page for writing may send: a picture, with room to say that it is too large."""


LARGEST_FORM = 256 * 1024 * 1024
"""What a form with attachments may send: two of the largest, with room to say that one is too large. Scripts send pieces."""


def init_app(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
    app.register_blueprint(editor.blueprint)
    app.register_blueprint(editor_attachments.blueprint)
    app.before_request(lead_from_old)
    app.after_request(lead_from_nothing)
    files.guard(app, "article", is_public, where)
    files.guard(app, pictures.NOUN, pictures.is_public)
    files.guard(app, published.DRAFT, lambda _: False, attached.where_written)
    gate.take_larger(app, editor_attachments.blueprint.url_prefix or "", LARGEST_FORM)
    gate.take_larger(app, editor.blueprint.url_prefix or "", LARGEST_BODY)
    offer(app, Place(_l("Write"), "writing.new", Permission.WRITE, rank=-1))
    app.extensions.setdefault("poll_showing", []).append(polled.showing)
    kinds.declare(app, published.KIND, published.ArticleKind())
    for lang in language.NAMES:
        groups.declare(app, *section_settings.settings(lang, "" if lang == language.DEFAULT else f"-{lang}"))
