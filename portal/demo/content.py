"""Store the demo content, all in one transaction."""

import secrets
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from portal.articles.models import Article, Section
from portal.core import clock, versions
from portal.core.db import write
from portal.core.html import clean
from portal.core.text import nfc, slug
from portal.demo import texts
from portal.files.attachments import attach
from portal.files.storage import keep
from portal.polls.models import Ballot, BallotChoice, Choice, Poll, PollVersion
from portal.site.models import Site
from portal.visits.models import SITE, Baseline

PDF = Path(__file__).with_name("plan.pdf")


def fill() -> None:
    """Store the agency, sections, articles, a poll with its two votes, an attachment and the former site's figures."""
    stored = keep(PDF.read_bytes())

    def everything(session: Session) -> None:
        session.add(Site(id=SITE, **texts.AGENCY))
        session.flush()
        poll = _poll(session)
        sections = _sections(session)
        plan = _articles(session, sections, poll)
        attach(session, stored, place=plan.place, name=texts.ATTACHMENT)
        session.add(Baseline(site_id=SITE, views=1_957_856, visits=2_250, since_on=date(2022, 1, 1)))
        versions.bump(session)

    write(everything)


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
    for text in texts.ARTICLES:
        article = Article(
            section_id=sections[f"{text.language}:{text.section}"].id,
            language=text.language,
            translation_group=text.group,
            title=nfc(text.title),
            slug=slug(text.title),
            lead=nfc(text.lead),
            body=clean(text.body),
            author_line=nfc(text.author_line),
            published_at=clock.instant_at(text.published),
            poll_id=poll.id if text.group == texts.PLAN else None,
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
