"""Site (trang thông tin): the agency's name, address, people, menu and links, and its static pages, as rows that change
without a deploy."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from portal import files
from portal.core import gate, language
from portal.settings import groups
from portal.site import agency, dated_settings, emblem, list_settings, lists, page_settings, pages, shelf_pages, views
from portal.site.identity import current


def init_app(app: Flask) -> None:
    for part in (views, shelf_pages):
        app.register_blueprint(part.blueprint)
    gate.take_larger(app, shelf_pages.blueprint.url_prefix or "", shelf_pages.LARGEST_BODY)
    files.guard(app, "page", pages.is_public, pages.where)
    files.guard(app, "strip", lists.is_public)
    files.guard(app, "site", lambda _number: True)  # found by addresses that nobody guesses, as emblems are
    files.guard(app, "emblem", lambda _number: True, is_clear=True)
    app.context_processor(lambda: {"site": current()})
    app.extensions |= {
        "site_name": lambda: current().name,
        "figures_left_out": lambda: current().unshown,
        "upload_limits": agency.upload_limits,
    }
    _declare_settings(app)


def _declare_settings(app: Flask) -> None:
    ends = {lang: "" if lang == language.DEFAULT else f"-{lang}" for lang in language.NAMES}
    groups.declare(app, *agency.settings(), *emblem.settings())
    for part in (list_settings, dated_settings, page_settings):
        both = zip(*(part.settings(lang, end) for lang, end in ends.items()), strict=True)
        groups.declare(app, *(one for pair in both for one in pair))
    groups.declare_family(app, page_settings.FAMILY, page_settings.of_page, code=page_settings.CODE, title=_l("Text of the page"))
