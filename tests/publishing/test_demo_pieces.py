"""The demo's articles are pieces like all others, and its people have written some that are on their way."""

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.articles.models import Article
from portal.core.db import db
from portal.demo import accounts, pieces
from portal.demo.content import fill_if_empty
from portal.publishing import revisions
from portal.publishing.models import Piece, Revision
from portal.publishing.rules import Step
from portal.publishing.states import State, state_of
from tests import cast
from tests.publishing.writing import save, take


@pytest.fixture
def database() -> str:
    return "sqlite"


@pytest.mark.slow(why="stores the demo content")
def test_each_article_has_its_piece_and_the_people_have_written_more(app: Flask) -> None:
    fill_if_empty()
    articles = db.session.scalar(select(func.count()).select_from(Article))
    found = db.session.scalars(select(Piece)).all()
    assert len(found) == articles
    assert {state_of(one) for one in found} == {State.PUBLISHED}
    days = dict(db.session.execute(select(Article.id, Article.published_at)).all())  # type: ignore[arg-type]
    assert {one.thing_id: one.published_at for one in found} == days
    for row in db.session.scalars(select(Revision)):
        assert row.digest == revisions.digest(row.content)
    accounts.add_if_nobody()
    pieces.write_some()
    db.session.rollback()
    written = db.session.scalars(select(Piece).where(Piece.author_id.is_not(None)))
    assert Counter(map(state_of, written)) == {
        State.DRAFT: 1,
        State.IN_REVIEW: 2,
        State.RETURNED: 1,
        State.APPROVED: 1,
        State.SCHEDULED: 1,
    }


@pytest.mark.slow(why="stores the demo content")
def test_an_article_of_the_demo_is_revised_as_any_other(app: Flask) -> None:
    fill_if_empty()
    editor, publisher = cast.somebody("editor"), cast.somebody("publisher")
    piece = db.session.scalars(select(Piece).order_by(Piece.id)).first()
    assert piece is not None
    save(app, piece.id, editor, lead="Đã sửa.")
    take(app, Step.SUBMIT, piece.id, editor)
    take(app, Step.PUBLISH, piece.id, publisher, note="")
    assert db.session.get_one(Article, piece.thing_id, populate_existing=True).lead == "Đã sửa."
