"""Publishing (xuất bản): the way of a piece from its first draft to what the public sees, and back.

It knows pieces, revisions and steps; what a piece is of (an article, later a document), its kind says (`kinds`).
"""

from flask import Flask

from portal.core import jobs
from portal.publishing import acts, approval, editor, history_pages, link_pages, steps, thinning

__all__ = ["history_pages"]
"""Its views stand on the editor's blueprint."""


def init_app(app: Flask) -> None:
    for blueprint in (editor.blueprint, link_pages.blueprint, approval.blueprint):
        app.register_blueprint(blueprint)
    jobs.handle(app, acts.JOB, steps.of_job)
    jobs.handle(app, thinning.JOB, thinning.thin, every_ms=thinning.EVERY_MS)
