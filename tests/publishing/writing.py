"""Pieces for tests: written by people of the cast, as far on their way as a test needs them."""

import re
import secrets
from typing import Any

from flask import Flask, g
from werkzeug.test import TestResponse

from portal.accounts.models import User
from portal.articles.models import Article
from portal.core.db import db
from portal.core.sessions import cookie_name
from portal.publishing import revisions, steps
from portal.publishing.acts import Given
from portal.publishing.models import Piece, Revision, Taken
from portal.publishing.revisions import Save, Saved
from portal.publishing.rules import Step
from tests import cast
from tests.accounts.browser import own_token
from tests.client import PortalClient

BASE = "/ban-bien-tap/bai"
BODY = "<p>Nội dung kế hoạch.</p>"


def a_text(title: str = "Kế hoạch truyền thông năm 2022", **values: Any) -> dict[str, Any]:
    """Return a content that could be published; its section is stored unless one is given."""
    section = values.pop("section_id", None) or cast.a_section(f"Chuyên mục {secrets.token_hex(3)}")
    return {"title": title, "lead": "Sở ban hành kế hoạch.", "body": BODY, "section_id": section, **values}


def a_piece(author: User, *, unit: int | None = None, **values: Any) -> int:
    """Begin an article as its author does, and return the piece's id."""
    content = a_text(**values)
    unit_id = author.unit_id if unit is None else unit
    return revisions.create("article", content, actor=author, unit_id=unit_id, language="vi", key=secrets.token_bytes(16))


def piece(piece_id: int) -> Piece:
    """Return a piece as it is stored now."""
    db.session.rollback()
    return db.session.get_one(Piece, piece_id, populate_existing=True)


def article_of(piece_id: int) -> Article:
    """Return the article of a piece that was published, as it is stored now."""
    return db.session.get_one(Article, piece(piece_id).thing_id, populate_existing=True)


def texts(piece_id: int) -> list[str]:
    """Return the titles of all revisions in order."""
    db.session.rollback()
    found = db.session.query(Revision).filter_by(piece_id=piece_id).order_by(Revision.number)
    return [revision.content["title"] for revision in found]


def taken(piece_id: int) -> list[str]:
    """Return the steps that were taken, in order."""
    db.session.rollback()
    return [row.step for row in db.session.query(Taken).filter_by(piece_id=piece_id).order_by(Taken.id)]


def save(app: Flask, piece_id: int, author: User, *, base: int | None = None, key: bytes | None = None, **values: Any) -> Saved:
    """Save a text as its author: the present one with these fields changed, unless a base is given."""
    now = piece(piece_id)
    on = now.head if base is None else base
    content = {**db.session.scalars(revisions.at(piece_id, on)).one().content, **values}
    with app.test_request_context():
        as_one(author)
        return revisions.save(piece_id, Save(content, on, key or secrets.token_bytes(16)), actor=author)


def take(app: Flask, step: Step, piece_id: int, actor: User, **given: Any) -> None:
    """Take a step as somebody who has seen the present text."""
    seen = given.pop("seen", None) or piece(piece_id).head
    with app.test_request_context():
        as_one(actor)
        steps.take(step, piece_id, Given(seen, **given), actor=actor)


def as_one(user: User) -> None:
    """Have the request at hand be somebody's."""
    g._login_user = user


def published(app: Flask, author: User, publisher: User, **values: Any) -> int:
    """Write an article, have it approved and published, and return the piece's id."""
    piece_id = a_piece(author, **values)
    take(app, Step.SUBMIT, piece_id, author)
    take(app, Step.PUBLISH, piece_id, publisher)
    return piece_id


class Desk:
    """Somebody at work in a browser without scripts, whose forms carry their token."""

    def __init__(self, app: Flask, user: User) -> None:
        self.browser: PortalClient = app.test_client()  # type: ignore[assignment]
        self.browser.set_cookie(cookie_name(app), cast.session_of(user))
        self.token = own_token(self.browser)

    def read(self, piece_id: int, rest: str) -> TestResponse:
        """Open a page of a piece, such as "lich-su"."""
        return self.browser.get(f"{BASE}/{piece_id}/{rest}")

    def send(self, piece_id: int, rest: str, **form: str) -> TestResponse:
        """Send a form of a piece as it stands there."""
        return self.browser.submit(f"{BASE}/{piece_id}/{rest}", {"token": self.token, **form})

    def take(self, piece_id: int, slug: str, **form: str) -> TestResponse:
        """Open the page of a step and send its form."""
        hidden = dict(re.findall(r'type="hidden" name="(seen|after)" value="(\d+)"', self.read(piece_id, slug).text))
        return self.send(piece_id, slug, **{**hidden, **form})
