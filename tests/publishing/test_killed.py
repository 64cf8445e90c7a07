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
from sqlalchemy import event

from portal.accounts.models import User
from portal.articles.models import Article
from portal.core import clock
from portal.core.db import db
from portal.publishing import steps
from portal.publishing.rules import Step
from tests.guards.asking import everything
from tests.publishing.writing import a_piece, piece, published, save, take

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


STEPS: dict[str, tuple[Any, Step, dict[str, Any]]] = {
    "publish first": (in_review, Step.PUBLISH, {}),
    "publish a change": (revised, Step.PUBLISH, {"note": "Sửa tên."}),
    "schedule": (in_review, Step.SCHEDULE, {"at": clock.now_ms() + clock.DAY}),
    "publish urgently": (in_review, Step.PUBLISH_URGENTLY, {"remark": "Bão."}),
    "take down": (published, Step.TAKE_DOWN, {"remark": "Đăng nhầm."}),
    "recall": (in_review, Step.RECALL, {}),
}


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


@pytest.mark.slow(why="does the job as often as it has statements")
def test_thrown_out_at_any_statement_the_clock_leaves_nothing(
    app: Flask, author: User, publisher: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    piece_id, at = revised(app, author, publisher), clock.now_ms() + clock.HOUR
    take(app, Step.SCHEDULE, piece_id, publisher, at=at, note="Sửa tên.")
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
    assert db.session.get_one(Article, piece(piece_id).thing_id, populate_existing=True).title == "Mới"


KILLED = """
import os, signal, sys
from sqlalchemy import event
from portal import create_app
from portal.accounts.models import User
from portal.core.db import db
from portal.publishing import steps
from portal.publishing.acts import Given
from portal.publishing.rules import Step

piece, user, statement = map(int, sys.argv[1:])
begun = []

def count(*_):
    begun.append(1)
    if len(begun) == statement:
        os.kill(os.getpid(), signal.SIGKILL)

with create_app().app_context():
    actor = db.session.get(User, user)
    db.session.expunge(actor)
    event.listen(db.engine, "before_cursor_execute", count)
    steps.take(Step.PUBLISH, piece, Given(seen=1), actor=actor)
"""


@pytest.mark.slow(why="starts processes and kills them")
def test_a_process_that_is_killed_while_it_publishes_leaves_nothing_and_the_next_one_publishes(
    app: Flask, settings: dict[str, Any], author: User, publisher: User
) -> None:
    piece_id = in_review(app, author, publisher)
    before = everything()
    db.session.remove()
    environment = {**os.environ, "INSTANCE": settings["INSTANCE"], "DATABASE_URL": settings.get("DATABASE_URL", "")}

    def run(statement: int) -> int:
        command = [sys.executable, "-c", KILLED, str(piece_id), str(publisher.id), str(statement)]
        return subprocess.run(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL, check=False).returncode

    for statement in (5, 9):
        assert run(statement) == -signal.SIGKILL
        assert everything() == before
        db.session.remove()
    assert run(0) == 0
    assert (piece(piece_id).state, piece(piece_id).standing) == ("settled", "published")
    assert db.session.get(Article, piece(piece_id).thing_id) is not None
