"""The benchmark's own instances: demo content and one large attachment. Run as a program, each in a process of its own.

python -m bench.instance fill: makes the database, prints the large attachment's address.
python -m bench.instance stored: prints how many views of the article are stored.
"""

import os
import sys

from flask_migrate import upgrade
from sqlalchemy import select

from bench.peers import plain_update
from portal import create_app
from portal.core.db import db, write
from portal.demo.content import fill_if_empty
from portal.files.attachments import attach
from portal.files.renditions import render_waiting
from portal.files.storage import keep
from portal.visits.models import PageViews

ARTICLE = "article:1"
LARGE = 100 * 1024 * 1024


def main(task: str) -> None:
    with create_app().app_context():
        if task == "fill":
            upgrade()
            fill_if_empty()
            render_waiting()  # no job beside what is measured
            stored = keep(b"%PDF-1.7\n" + os.urandom(LARGE))
            # Attached to another article, so that the page that is measured stays the demo's.
            key = write(lambda session: attach(session, stored, place="article:3", name="Phụ lục.pdf").key)
            print(f"/tep/{key}")
        elif task == "stored":
            print(db.session.scalar(select(PageViews.views).where(PageViews.page == ARTICLE, PageViews.period == 0)) or 0)
    if task == "updates":
        plain_update.create()
    elif task == "updated":
        print(plain_update.count())


if __name__ == "__main__":
    main(sys.argv[1])
