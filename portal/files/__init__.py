"""Files (tệp): bytes stored once; attachments (tệp đính kèm) and pictures (ảnh): a name or words, and a place on something.

It must not know what things these stand on: a place is a key such as "article:12", and the feature that owns the kind of
thing says through `guard` whether the public may see it. What it reads in a PDF it tells by `text_extracted`.
"""

from flask import Flask

from portal.core import jobs
from portal.files import cli, renditions, views
from portal.files.places import guard
from portal.files.renditions import text_extracted

__all__ = ["guard", "text_extracted"]


def init_app(app: Flask) -> None:
    app.extensions["file_places"] = {}
    jobs.handle(app, renditions.JOB, renditions.render)
    app.cli.add_command(cli.render)
    app.register_blueprint(views.blueprint)
