"""A database of the release before becomes one with pieces: each article with its text as the first revision."""

import resource
import time
from typing import Any

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import select, text

from portal.articles.models import Article, Section, is_public
from portal.core import clock, jobs
from portal.core.db import db, write
from portal.core.jobs import Job
from portal.publishing import revisions, steps
from portal.publishing.models import Piece, Revision
from portal.publishing.rules import Step
from portal.publishing.states import State, state_of
from tests import cast
from tests.publishing.writing import a_piece, piece, published, save, take

BEFORE = "0009"
SITE = 1
"""The agency, whose table has fewer columns than the model too."""


@pytest.fixture
def before(app: Flask) -> Flask:
    cast.a_site()
    downgrade(revision=BEFORE)
    return app


def an_old_article(title: str, *, section: int, language: str = "vi", **values: Any) -> None:
    """Store an article as the release before did: its table has fewer columns than the model."""
    columns: dict[str, Any] = {
        "language": language,
        "translation_group": title,
        "title": title,
        "slug": "bai",
        "lead": "Sở ban hành kế hoạch.",
        "body": "<p>Nội dung kế hoạch.</p>",
        "author_line": "Nguyễn Văn A",
        "photo_line": "",
        "source_line": "",
        "published_at": clock.now_ms() - clock.DAY,
        "withdrawn_reason": "",
        "section_id": section,
        **values,
    }
    names = ", ".join(columns)
    wanted = ", ".join(f":{name}" for name in columns)
    write(lambda session: session.execute(text(f"INSERT INTO article ({names}) VALUES ({wanted})"), columns))


def an_old_section(language: str = "vi") -> int:
    row = {"site": SITE, "language": language, "slug": f"muc-{language}"}
    columns = "site_id, language, translation_group, slug, name, position"
    insert = f"INSERT INTO section ({columns}) VALUES (:site, :language, 'g', :slug, 'Mục', 1)"
    write(lambda session: session.execute(text(insert), row))
    return int(db.session.execute(text("SELECT id FROM section WHERE language = :language"), row).scalar_one())


def pieces() -> dict[str, Piece]:
    db.session.rollback()
    return {one.title: one for one in db.session.scalars(select(Piece))}


def test_each_article_is_a_piece_in_its_state(before: Flask) -> None:
    section, english, soon = an_old_section(), an_old_section("en"), clock.now_ms() + clock.DAY
    an_old_article("Đã đăng", section=section)
    an_old_article("Sẽ đăng", section=section, published_at=soon)
    an_old_article("Đã gỡ", section=section, withdrawn_at=clock.now_ms(), withdrawn_reason="Đăng nhầm.")
    an_old_article("Published", section=english, language="en")
    upgrade()
    found = {title: (state_of(one), one.language, one.head, one.public, one.shelf_id) for title, one in pieces().items()}
    assert found == {
        "Đã đăng": (State.PUBLISHED, "vi", 1, 1, section),
        "Sẽ đăng": (State.SCHEDULED, "vi", 1, 1, section),
        "Đã gỡ": (State.WITHDRAWN, "vi", 1, 1, section),
        "Published": (State.PUBLISHED, "en", 1, 1, english),
    }
    assert all(one.unit_id is None and one.author_id is None for one in pieces().values())
    for row in db.session.scalars(select(Revision)):
        assert row.digest == revisions.digest(row.content)


def test_the_text_is_the_articles_and_its_kind_takes_it_as_it_is(before: Flask) -> None:
    an_old_article("Đã đăng", section=an_old_section())
    upgrade()
    kept = db.session.scalars(select(Revision)).one().content
    article = db.session.scalars(select(Article)).one()
    assert {name: kept[name] for name in ("title", "lead", "body", "author_line")} == {
        name: getattr(article, name) for name in ("title", "lead", "body", "author_line")
    }
    assert before.extensions["piece_kinds"]["article"].cleaned(kept) == {**kept, "attachments": []}


def test_what_was_scheduled_appears_and_its_job_settles_it(before: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    soon = clock.now_ms() + clock.DAY
    an_old_article("Sẽ đăng", section=an_old_section(), published_at=soon)
    upgrade()
    job = db.session.scalars(select(Job).where(Job.kind == "piece_appears")).one()
    one = pieces()["Sẽ đăng"]
    assert db.session.scalars(select(Revision.at)).one() <= clock.now_ms(), "nothing was written in the future"
    assert (job.run_at, job.payload) == (soon, {"piece": one.id, "at": soon})
    monkeypatch.setattr(clock, "now_ms", lambda: soon)
    assert is_public(one.thing_id or 0)
    assert jobs.run_due() > 0
    assert state_of(pieces()["Sẽ đăng"]) is State.PUBLISHED
    assert db.session.scalars(select(Job).where(Job.kind == "piece_appears")).all() == []


def test_an_article_of_before_is_revised_and_taken_down(before: Flask) -> None:
    an_old_article("Đã đăng", section=an_old_section())
    upgrade()
    one, editor, publisher = pieces()["Đã đăng"], cast.somebody("editor"), cast.somebody("publisher")
    save(before, one.id, editor, title="Đã sửa")
    take(before, Step.SUBMIT, one.id, editor)
    take(before, Step.PUBLISH, one.id, publisher, note="Sửa tên.")
    assert db.session.scalars(select(Article.title)).all() == ["Đã sửa"]
    take(before, Step.TAKE_DOWN, one.id, publisher, remark="Đăng nhầm.")
    assert state_of(piece(one.id)) is State.WITHDRAWN
    assert steps.last_step(db.session(), one.id) > 0


def test_pieces_of_the_release_before_are_published_on_the_day_of_their_article(app: Flask) -> None:
    author, publisher = cast.somebody("author", unit=cast.a_unit()), cast.somebody("publisher")
    there, gone = (published(app, author, publisher, published_on=f"2022-03-1{day}T08:00") for day in (7, 8))
    take(app, Step.TAKE_DOWN, gone, publisher, remark="Đăng nhầm.")
    draft = a_piece(author)
    db.session.rollback()
    downgrade(revision="0010")
    upgrade()
    days = [piece(one).published_at for one in (there, gone, draft)]
    assert days == [clock.instant_at("2022-03-17T08:00"), clock.instant_at("2022-03-18T08:00"), 0]


@pytest.mark.slow(why="stores and migrates 2,000 articles")
def test_two_thousand_articles_take_bounded_time_and_memory(before: Flask) -> None:
    section, body = an_old_section(), "<p>" + "Nội dung kế hoạch. " * 2_000 + "</p>"
    columns = "language, translation_group, title, slug, lead, body, author_line, published_at, section_id"
    rows = [
        {"title": f"Bài {n}", "group": f"g{n}", "body": body, "at": clock.now_ms() - n * clock.HOUR, "section": section}
        for n in range(2_000)
    ]
    insert = f"INSERT INTO article ({columns}) VALUES ('vi', :group, :title, 'bai', '', :body, '', :at, :section)"
    write(lambda session: session.execute(text(insert), rows))
    began, peak = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    upgrade()
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak
    assert time.monotonic() - began < 60
    assert grown < 250_000, "kB: some parts of 500 articles, never all"
    assert db.session.query(Revision).count() == db.session.query(Section).count() * 2_000
