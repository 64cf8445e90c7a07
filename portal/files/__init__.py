"""Files (tệp): bytes stored once, and attachments (tệp đính kèm): a name and a place on something.

It must not know what things attachments stand on: a place is a key such as "article:12", and the feature that owns the
kind of thing says through `guard` whether the public may see it.
"""

from flask import Flask

from portal.files import views
from portal.files.attachments import guard

__all__ = ["guard"]


def init_app(app: Flask) -> None:
    app.extensions["attachment_guards"] = {}
    app.register_blueprint(views.blueprint)
