"""The benchmark's own instances: demo content and one large attachment. Run as a program, each in a process of its own.

python -m bench.instance fill: makes the database, prints the large attachment's address.
python -m bench.instance stored: prints how many views of the article are stored.
python -m bench.instance add 1000: adds so many articles, spread over the sections and ten years.
"""

import os
import sys

from flask_migrate import upgrade
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bench.peers import plain_update
from portal import create_app
from portal.articles.models import Article, Section
from portal.core import clock, versions
from portal.core.db import db, write
from portal.demo.content import fill_if_empty
from portal.files.attachments import attach
from portal.files.renditions import render_waiting
from portal.files.storage import keep
from portal.visits.models import PageViews

ARTICLE = "article:1"
LARGE = 100 * 1024 * 1024

YEARS = 10


def main(task: str, number: int = 0) -> None:
    with create_app().app_context():
        if task == "fill":
            upgrade()
            fill_if_empty()
            stored = keep(b"%PDF-1.7\n" + os.urandom(LARGE))
            # Attached to another article, so that the page that is measured stays the demo's.
            key = write(lambda session: attach(session, stored, place="article:3", name="Phụ lục.pdf").key)
            render_waiting()  # no job beside what is measured
            print(f"/tep/{key}")
        elif task == "add":
            write(lambda session: _add(session, number))
        elif task == "stored":
            print(db.session.scalar(select(PageViews.views).where(PageViews.page == ARTICLE, PageViews.period == 0)) or 0)
    if task == "updates":
        plain_update.create()
    elif task == "updated":
        print(plain_update.count())


def _add(session: Session, number: int) -> None:
    sections = session.scalars(select(Section.id).where(Section.language == "vi")).all()
    now = clock.now_ms()
    step = YEARS * 365 * clock.DAY // number
    rows = [
        {
            "section_id": sections[place % len(sections)],
            "language": "vi",
            "translation_group": f"added-{place}",
            "title": f"Tin số {place} về khoa học và công nghệ của tỉnh",
            "slug": f"tin-so-{place}",
            "lead": "Sở thông báo kết quả công việc trong tháng.",
            "body": "<p>Nội dung của tin.</p>" * 20,
            "published_at": now - place * step,
        }
        for place in range(1, number + 1)
    ]
    session.execute(insert(Article), rows)
    versions.bump(session)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
