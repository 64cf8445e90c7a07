"""Store the demo content, all in one transaction."""

import secrets
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from portal.articles.models import Article, Section
from portal.core import clock, versions
from portal.core.db import write
from portal.core.html import clean
from portal.core.text import nfc, slug
from portal.demo import texts
from portal.files.attachments import attach
from portal.files.storage import Stored, discard, keep
from portal.polls.models import Ballot, BallotChoice, Choice, Poll, PollVersion
from portal.site.models import Site
from portal.visits.models import SITE, Baseline

PDF = Path(__file__).with_name("plan.pdf")


def fill_if_empty() -> bool:
    """Store the demo content in a database that holds nothing yet, and tell whether it did; two at once store it once."""
    stored = keep(PDF.read_bytes())
    filled = write(lambda session: _is_empty(session) and _fill(session, stored))
    if not filled:
        discard(stored)
    return filled


def _is_empty(session: Session) -> bool:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sql("LOCK TABLE site IN EXCLUSIVE MODE"))  # SQLite has but one writer
    return not any(session.scalar(select(model.id).limit(1)) for model in (Site, Section, Article, Poll))


def _fill(session: Session, stored: Stored) -> bool:
    """Store the agency, sections, articles, a poll with its two votes, an attachment and the former site's figures."""
    session.add(Site(id=SITE, **texts.AGENCY))
    session.flush()
    poll = _poll(session)
    sections = _sections(session)
    plan = _articles(session, sections, poll)
    attach(session, stored, place=plan.place, name=texts.ATTACHMENT)
    session.add(Baseline(site_id=SITE, views=1_957_856, visits=2_250, since_on=date(2022, 1, 1)))
    versions.bump(session)
    return True


def _sections(session: Session) -> dict[str, Section]:
    sections = {}
    for position, (group, names) in enumerate(texts.SECTIONS.items(), start=1):
        for language, name in names.items():
            section = Section(
                site_id=SITE,
                language=language,
                translation_group=group,
                slug=slug(name),
                name=nfc(name),
                position=position,
            )
            sections[f"{language}:{group}"] = section
            session.add(section)
    session.flush()
    return sections


def _articles(session: Session, sections: dict[str, Section], poll: Poll) -> Article:
    """Store the articles and return the plan, which carries the attachment; it and its translation carry the poll."""
    stored = []
    for entry in texts.ARTICLES:
        article = Article(
            section_id=sections[f"{entry.language}:{entry.section}"].id,
            language=entry.language,
            translation_group=entry.group,
            title=nfc(entry.title),
            slug=slug(entry.title),
            lead=nfc(entry.lead),
            body=clean(entry.body),
            author_line=nfc(entry.author_line),
            published_at=clock.instant_at(entry.published),
            poll_id=poll.id if entry.group == texts.PLAN else None,
        )
        session.add(article)
        session.flush()
        stored.append(article)
    return next(a for a in stored if a.translation_group == texts.PLAN and a.language == "vi")


def _poll(session: Session) -> Poll:
    now = clock.now_ms()
    poll = Poll(question=nfc(texts.QUESTION), secret=secrets.token_bytes(32), created_at=now)
    session.add(poll)
    session.flush()
    choices = [Choice(poll_id=poll.id, position=place, label=nfc(label)) for place, (label, _) in enumerate(texts.CHOICES, 1)]
    session.add_all(choices)
    session.flush()
    wording = {"question": poll.question, "choices": {str(choice.id): choice.label for choice in choices}}
    session.add(PollVersion(poll_id=poll.id, version=1, wording=wording, at=now))
    for choice, (_, votes) in zip(choices, texts.CHOICES, strict=True):
        for _ in range(votes):
            _ballot(session, poll, choice, now)
    return poll


def _ballot(session: Session, poll: Poll, choice: Choice, now: int) -> None:
    ballot = Ballot(
        poll_id=poll.id,
        version=1,
        voter_key=secrets.token_bytes(32),
        request_id=secrets.token_bytes(16),
        cast_at=now,
    )
    session.add(ballot)
    session.flush()
    session.add(BallotChoice(ballot_id=ballot.id, choice_id=choice.id))
    choice.votes += 1
    poll.voters += 1
