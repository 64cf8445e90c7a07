"""Audit (nhật ký): who did what, in declared words, each entry chained to the one before. It must not know who records.

`record(session, vocabulary.USER_DISABLED, actor=user, thing="user:12")` stands in the work that does it.
"""

from flask import Flask

from portal.audit import cli, vocabulary
from portal.audit.entries import COMMAND, NOBODY, Actor, Program, record, record_shared

__all__ = ["COMMAND", "NOBODY", "Actor", "Program", "record", "record_shared", "vocabulary"]


def init_app(app: Flask) -> None:
    app.cli.add_command(cli.audit)
