"""Killed in the middle: of a step everything is stored, or nothing is."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from portal.accounts.models import User
from portal.audit import vocabulary
from portal.audit.models import Entry
from portal.core import clock
from portal.core.db import db
from portal.publishing import steps
from portal.publishing.rules import RULES, Step
from tests.guards.asking import everything
from tests.publishing.writing import a_piece, article_of, piece, published, save, take, taken

ROOT = Path(__file__).resolve().parent.parent.parent


class Killed(Exception):
    """What a test throws in the middle of a write."""


@contextmanager
def dying_at(statement: int) -> Iterator[list[str]]:
    """Throw at the statement of this number from here on (from 1), and yield the statements that began."""
    begun: list[str] = []

    def count(_connection: Any, _cursor: Any, text: str, *_: Any) -> None:
        if text.lstrip().upper().startswith(("BEGIN", "SAVEPOINT")):
            return
        begun.append(text)
        if len(begun) == statement:
            raise Killed

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        yield begun
    finally:
        event.remove(db.engine, "before_cursor_execute", count)


def in_review(app: Flask, author: User, publisher: User) -> int:
    piece_id = a_piece(author)
    take(app, Step.SUBMIT, piece_id, author)
    return piece_id


def revised(app: Flask, author: User, publisher: User) -> int:
    piece_id = published(app, author, publisher, title="Cũ")
    save(app, piece_id, author, title="Mới")
    take(app, Step.SUBMIT, piece_id, author)
    return piece_id


def scheduled(app: Flask, author: User, publisher: User) -> int:
    piece_id = in_review(app, author, publisher)
    take(app, Step.SCHEDULE, piece_id, publisher, at=clock.now_ms() + clock.DAY)
    return piece_id


def published_urgently(app: Flask, author: User, publisher: User) -> int:
    piece_id = a_piece(author)
    take(app, Step.PUBLISH_URGENTLY, piece_id, author, remark="Bão.")
    return piece_id


def taken_down(app: Flask, author: User, publisher: User) -> int:
    piece_id = published(app, author, publisher)
    take(app, Step.TAKE_DOWN, piece_id, publisher, remark="Đăng nhầm.")
    return piece_id


def changed(app: Flask, author: User, publisher: User) -> int:
    piece_id = published(app, author, publisher, title="Cũ")
    save(app, piece_id, author, title="Mới")
    return piece_id


STEPS: dict[str, tuple[Any, Step, dict[str, Any]]] = {
    "publish first": (in_review, Step.PUBLISH, {}),
    "publish a change": (revised, Step.PUBLISH, {"note": "Sửa tên."}),
    "schedule": (in_review, Step.SCHEDULE, {"at": clock.now_ms() + clock.DAY}),
    "publish urgently": (in_review, Step.PUBLISH_URGENTLY, {"remark": "Bão."}),
    "take down": (published, Step.TAKE_DOWN, {"remark": "Đăng nhầm."}),
    "recall": (in_review, Step.RECALL, {}),
    "submit": (lambda app, author, publisher: a_piece(author), Step.SUBMIT, {}),
    "return": (in_review, Step.RETURN, {"remark": "Thiếu nguồn."}),
    "approve": (in_review, Step.APPROVE, {}),
    "confirm": (published_urgently, Step.CONFIRM, {}),
    "put back": (taken_down, Step.PUT_BACK, {}),
    "discard": (changed, Step.DISCARD, {}),
    "recall what is scheduled": (scheduled, Step.RECALL, {}),
}


@pytest.mark.each_case_on_both
@pytest.mark.slow(why="takes a step as often as it has statements, and reads all tables each time")
@pytest.mark.parametrize("name", STEPS)
def test_thrown_out_at_any_statement_a_step_leaves_nothing(app: Flask, author: User, publisher: User, name: str) -> None:
    make, step, given = STEPS[name]
    piece_id = make(app, author, publisher)
    seen, before, statement = piece(piece_id).head, everything(), 0
    while True:
        statement += 1
        db.session.rollback()
        with dying_at(statement) as begun:
            try:
                take(app, step, piece_id, publisher, seen=seen, **given)
            except Killed:
                died = True
            else:
                died = False
        if not died:
            break
        assert everything() == before, f"statement {statement}: {begun[-1]}"
    assert statement > 6
    assert everything() != before


def test_every_step_of_the_table_is_thrown_out() -> None:
    assert {step for _, step, _ in STEPS.values()} == set(RULES)


@pytest.mark.each_case_on_both
@pytest.mark.slow(why="does the job as often as it has statements")
@pytest.mark.parametrize(("make", "given"), [(in_review, {}), (revised, {"note": "Sửa tên."})], ids=["first", "change"])
def test_thrown_out_at_any_statement_the_clock_leaves_nothing(
    app: Flask, author: User, publisher: User, monkeypatch: pytest.MonkeyPatch, make: Any, given: dict[str, str]
) -> None:
    piece_id, at = make(app, author, publisher), clock.now_ms() + clock.HOUR
    take(app, Step.SCHEDULE, piece_id, publisher, at=at, **given)
    title = piece(piece_id).title
    monkeypatch.setattr(clock, "now_ms", lambda: at)
    before, statement, died = everything(), 0, True
    while died:
        statement, died = statement + 1, False
        with dying_at(statement):
            try:
                steps.appear(piece_id, at)
            except Killed:
                died = True
        assert not died or everything() == before
    assert statement > 4
    assert (piece(piece_id).state, piece(piece_id).standing) == ("settled", "published")
    assert article_of(piece_id).title == title


KILLED = """
import os, signal, sys
from sqlalchemy import event
from portal import create_app
from portal.accounts.models import User
from portal.core.db import db
from portal.publishing import steps
from portal.publishing.acts import Given
from portal.publishing.rules import RULES, Step

piece, user, statement, at_commit = *map(int, sys.argv[1:4]), sys.argv[4]
begun = []

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def count(*_):
    begun.append(1)
    if len(begun) == statement:
        die()

with create_app().app_context():
    actor = db.session.get(User, user)
    db.session.expunge(actor)
    dialect, commit = db.engine.dialect, db.engine.dialect.do_commit

    def committing(connection):
        if at_commit == "before":
            die()
        commit(connection)
        if at_commit == "after":
            die()

    event.listen(db.engine, "before_cursor_execute", count)
    dialect.do_commit = committing
    steps.take(Step.PUBLISH, piece, Given(seen=1), actor=actor)
"""


class Publishing:
    """Processes that publish a piece, one after the other, and are killed at a moment, if one is said."""

    def __init__(self, settings: dict[str, Any], piece_id: int, user: User) -> None:
        self.piece_id, self.user_id = piece_id, user.id
        self.environment = {**os.environ, "INSTANCE": settings["INSTANCE"], "DATABASE_URL": settings.get("DATABASE_URL", "")}

    def run(self, *, statement: int = 0, commit: str = "") -> int:
        """Publish; return how the process ended."""
        db.session.remove()
        command = [sys.executable, "-c", KILLED, str(self.piece_id), str(self.user_id), str(statement), commit]
        return subprocess.run(command, cwd=ROOT, env=self.environment, stderr=subprocess.DEVNULL, check=False).returncode


@pytest.mark.slow(why="starts processes and kills them")
def test_a_process_that_is_killed_while_it_publishes_leaves_nothing_and_the_next_one_publishes(
    app: Flask, settings: dict[str, Any], author: User, publisher: User
) -> None:
    piece_id = in_review(app, author, publisher)
    before, publishing = everything(), Publishing(settings, piece_id, publisher)
    killed: list[dict[str, Any]] = [{"statement": 5}, {"statement": 9}, {"commit": "before"}]
    for moment in killed:
        assert publishing.run(**moment) == -signal.SIGKILL
        assert everything() == before, moment
    assert publishing.run() == 0
    demand_published_once(piece_id)


@pytest.mark.slow(why="starts processes and kills them")
def test_a_process_that_is_killed_once_it_has_published_leaves_the_whole_step_and_the_next_one_does_not_repeat_it(
    app: Flask, settings: dict[str, Any], author: User, publisher: User
) -> None:
    piece_id = in_review(app, author, publisher)
    publishing = Publishing(settings, piece_id, publisher)
    assert publishing.run(commit="after") == -signal.SIGKILL
    demand_published_once(piece_id)
    after = everything()
    assert publishing.run() == 1
    assert everything() == after


def demand_published_once(piece_id: int) -> None:
    """Fail unless both are there, what the public sees and what the desk knows of it, with the lines that tell of it."""
    now = piece(piece_id)
    assert (now.state, now.standing, now.public) == ("settled", "published", now.head)
    assert article_of(piece_id).title == now.title
    assert taken(piece_id) == ["submit", "publish"]
    told = db.session.scalars(select(Entry.action).where(Entry.thing == now.place).order_by(Entry.id)).all()
    assert told == [vocabulary.PIECE_BEGUN.name, vocabulary.PIECE_STEPS["submit"].name, vocabulary.PIECE_STEPS["publish"].name]
