"""The desk (bàn biên tập): where staff see what waits for them and find every piece. It must not know how anything is written."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from portal.core.staff import Permission, Place, offer
from portal.desk import bulk, deadlines, views


def init_app(app: Flask) -> None:
    for part in (views, bulk, deadlines):
        app.register_blueprint(part.blueprint)
    offer(app, Place(_l("Desk"), "desk.show", Permission.WRITE, rank=-2))
    offer(app, Place(_l("Review deadlines"), "deadlines.show", Permission.MANAGE_SITE))
