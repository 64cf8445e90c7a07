"""Files (tệp): bytes stored once; attachments (tệp đính kèm) and pictures (ảnh): a name or words, and a place on something.

It must not know what things these stand on: a place is a key such as "article:12", and the feature that owns the kind of
thing says through `guard` whether the public may see it. What it reads in a PDF it tells by `text_extracted`.
"""

from flask import Flask
from flask_babel import lazy_gettext as _l

from portal.core import jobs
from portal.core.staff import Permission, Place, offer
from portal.files import cli, editor, renditions, signatures, sweeping, views
from portal.files.places import guard
from portal.files.renditions import text_extracted

__all__ = ["guard", "text_extracted"]

LARGEST_MB, QUOTA_GB = 100, 20
"""What one file may have, and all together, where the site says nothing else (extensions["upload_limits"])."""


def init_app(app: Flask) -> None:
    app.extensions["file_places"] = {}
    app.extensions.setdefault("upload_limits", lambda: (LARGEST_MB, QUOTA_GB))
    jobs.handle(app, renditions.JOB, renditions.render)
    jobs.handle(app, sweeping.JOB, sweeping.sweep, every_ms=sweeping.EVERY_MS)
    jobs.handle(app, signatures.JOB, signatures.look_again, every_ms=signatures.EVERY_MS)
    app.cli.add_command(cli.render)
    app.register_blueprint(views.blueprint)
    app.register_blueprint(editor.blueprint)
    offer(app, Place(_l("Library of files"), "library.index", Permission.WRITE, rank=-1))
