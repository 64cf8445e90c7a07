"""A served portal as its tests see it: the address for readers, and the database for what editors will do one day."""

import time
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select

from portal.articles.models import Article, Section
from portal.core import clock, versions
from portal.core.db import db
from portal.core.text import slug
from portal.files.models import Attachment
from portal.visits.models import PageViews
from tests import cast
from tests.polls import voting
from tests.serving.server import Server

LONG_AGO = 1_262_304_000_000
"""An instant in 2010: older than the demo, so that a test's article pushes nothing off the lists."""


@dataclass(frozen=True, slots=True)
class Site:
    """A server with an application on the same database in the test's process; calls stand inside its context."""

    server: Server
    app: Flask

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    def wait_until_it_looks(self) -> None:
        """Return when no process of the server trusts what it knew before: pages that were changed are shown as they are now."""
        time.sleep(versions.TRUST_S)


@dataclass(frozen=True, slots=True)
class Polled:
    """An article with a poll of its own."""

    path: str
    article: str
    """Its key for page views, such as "article:12"."""
    poll: cast.PollIds

    @property
    def box(self) -> str:
        """Return the selector of the poll's box."""
        return f"#poll-{self.poll.id}"

    def votes(self) -> list[int]:
        """Return the tallies, in the order of the choices; fail where they are not what the ballots say."""
        return voting.tallies(self.poll)

    def close(self) -> None:
        """End the poll a minute ago."""
        voting.change(self.poll, closes_at=clock.now_ms() - clock.MINUTE)

    def rename(self, place: int, label: str) -> None:
        """Give a choice another label, which makes a new version of the poll."""
        voting.word_anew(self.poll, labels={place: label})


def an_article_with_a_poll(**poll: object) -> Polled:
    """Store an article with an open poll in a section of the demo."""
    ids = cast.a_poll(**poll)  # type: ignore[arg-type]
    title = f"Lấy ý kiến số {ids.id}"
    section = db.session.scalars(select(Section.id).where(Section.slug == "thong-bao")).one()
    article = cast.an_article(title, section=section, poll_id=ids.id, published_at=LONG_AGO)
    return Polled(f"/bai-viet/{slug(title)}-{article}", f"article:{article}", ids)


def the_plan(language: str = "vi") -> str:
    """Return the path of the demo's plan: the page that this portal is modelled on."""
    found = db.session.scalars(select(Article).where(Article.poll_id.is_not(None), Article.language == language))
    article = min(found, key=lambda one: one.id)
    return f"{'/en' if language == 'en' else ''}/bai-viet/{article.slug}-{article.id}"


def views(page: str) -> int:
    """Return how often a page such as "article:12" was counted."""
    db.session.rollback()
    return db.session.scalar(select(PageViews.views).where(PageViews.page == page, PageViews.period == 0)) or 0


def every_page(language: str = "vi") -> dict[str, str]:
    """Return the public pages of a language by what they are."""
    prefix = "/en" if language == "en" else ""
    section = db.session.scalars(select(Section.slug).where(Section.language == language).order_by(Section.position)).first()
    return {
        "home": f"{prefix}/",
        "section": f"{prefix}/chuyen-muc/{section}",
        "article": the_plan(language),
        "archive": f"{prefix}/luu-tru/2026",
        "polls": f"{prefix}/tham-do",
        "poll": f"{prefix}/tham-do/1",
        "closed poll": f"{prefix}/tham-do/2",
        "result": f"{prefix}/tham-do/1/ket-qua",
        "file": f"{prefix}/tep/{db.session.scalars(select(Attachment.key).order_by(Attachment.id)).first()}/xem",
        "page": f"{prefix}/trang/{'contact' if language == 'en' else 'ngan-sach'}",
        "site map": f"{prefix}/so-do-trang",
        "about": f"{prefix}/so-lieu/cach-tinh",
        "elsewhere": "/en/trang/ngan-sach",
        "not found": f"{prefix}/khong-co-trang-nay",
    }
