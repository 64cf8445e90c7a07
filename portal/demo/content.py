"""Store the demo content, all in one transaction; reading, cleaning and keeping files come before it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from portal.articles.models import Article, Section
from portal.core import clock, versions
from portal.core.db import db, write
from portal.demo import articles, pages, polls, reading, site
from portal.demo.articles import Files
from portal.demo.polls import Asked
from portal.demo.reading import Sheet, Text
from portal.polls.models import Poll
from portal.site.models import Page, Site
from portal.visits.models import SITE, Baseline


@dataclass(frozen=True, slots=True)
class Content:
    """All that the demo stores."""

    agency: list[tuple[str, str]]
    sheets: list[Sheet]
    articles: list[Text]
    polls: list[Asked]
    files: Files


def fill_if_empty() -> bool:
    """Store the demo content in a database that holds nothing yet, and tell whether it did; two at once store it once."""
    empty = _is_empty(db.session())
    db.session.rollback()
    return empty and _fill(_read())


def _read() -> Content:
    written = articles.read()
    return Content(list(reading.lines("site.txt")), reading.sheets(), written, polls.read(), articles.keep_files(written))


def _fill(content: Content) -> bool:
    try:
        return write(lambda session: _lock(session) and _is_empty(session) and _store(session, content))
    finally:
        content.files.discard()


def _lock(session: Session) -> bool:
    """Have other first starts wait; SQLite has but one writer."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sql("LOCK TABLE site IN EXCLUSIVE MODE"))
    return True


def _is_empty(session: Session) -> bool:
    return not any(session.scalar(select(model.id).limit(1)) for model in (Site, Section, Article, Poll, Page))


def _store(session: Session, content: Content) -> bool:
    """Store the agency, articles, pages, polls with their ballots, attachments and the former site's figures."""
    site.store_agency(session, content.agency)
    asked = polls.store(session, content.polls)
    paths = articles.store(session, content.articles, asked, content.files)
    paths |= pages.store(session, content.sheets, clock.now_ms())
    site.store_lists(session, content.agency, paths)
    session.add(Baseline(site_id=SITE, views=1_957_856, visits=2_250, since_on=date(2022, 1, 1)))
    versions.bump(session)
    return True
