"""Visits: views (lượt xem) and visits (lượt truy cập), counted honestly and without knowing anybody.

A page is a key such as "article:12"; what kind of thing it is, this feature must not know. Definitions: DESIGN section 4
and the page behind "Cách tính số liệu".
"""

from flask import Flask

from portal.core import clock, jobs
from portal.visits import pagekeys, retention, views
from portal.visits.figures import seen

__all__ = ["pagekeys", "seen"]


def init_app(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
    jobs.handle(app, "visits.forget", retention.forget, every_ms=clock.HOUR)
