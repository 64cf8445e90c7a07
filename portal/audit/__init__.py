"""Audit (nhật ký): who did what, in declared words, each entry chained to the one before. It must not know who records.

`record(session, vocabulary.USER_DISABLED, actor=user, thing="user:12")` stands in the work that does it.
"""

from flask import Flask
from flask_babel import lazy_gettext as _l

from portal.audit import checks, cli, refusals, views, vocabulary
from portal.audit.entries import COMMAND, NOBODY, Actor, Program, record, record_shared
from portal.core import jobs
from portal.core.staff import Permission, Place, offer

__all__ = ["COMMAND", "NOBODY", "Actor", "Program", "record", "record_shared", "vocabulary"]


def init_app(app: Flask) -> None:
    app.cli.add_command(cli.audit)
    app.register_blueprint(views.blueprint)
    app.extensions["refused"] = refusals.note
    jobs.handle(app, checks.JOB, checks.check, every_ms=checks.EVERY_MS)
    offer(app, Place(_l("Audit log"), "audit.index", Permission.READ_AUDIT, rank=1))
