"""Backup (bản lưu): the whole site as one archive, made while it works, put back on another machine or database.

It must not know what rows mean: `tables` alone says which are carried. What became of backups is told by the log.
"""

from flask import Flask, abort
from flask_babel import lazy_gettext as _l

from portal.backup import cli, nightly, records, target, views
from portal.core import jobs
from portal.core.notices import announce
from portal.core.staff import Permission, Place, offer


def init_app(app: Flask) -> None:
    app.cli.add_command(cli.backup)
    app.register_blueprint(views.blueprint)
    jobs.handle(app, nightly.JOB, nightly.back_up, at=nightly.following)
    offer(app, Place(_l("Backups"), "backups.show", Permission.MANAGE_SITE, rank=1))
    announce(app, Permission.MANAGE_SITE, records.state)
    with app.app_context():
        if target.is_half_made():  # a server that was started by hand: nobody sees half a site
            app.before_request(lambda: abort(503))
