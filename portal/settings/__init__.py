"""Settings (thiết lập): what administrators change without a deploy, with preview, history and log.

It knows no setting: features above declare theirs (`groups.declare`), as forms over rows of their own.
"""

from flask import Flask
from flask_babel import lazy_gettext as _l

from portal.core import gate
from portal.core.staff import Permission, Place, offer
from portal.settings import editor

LARGEST_BODY = 4 * 1024 * 1024
"""What a form may send: the longest text of a static page, escaped as a form escapes it."""


def init_app(app: Flask) -> None:
    app.register_blueprint(editor.blueprint)
    gate.take_larger(app, editor.blueprint.url_prefix or "", LARGEST_BODY)
    offer(app, Place(_l("Settings"), "settings.index", Permission.MANAGE_SITE))
