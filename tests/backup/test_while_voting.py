"""Saved while people vote: the archive is of one instant, in which every ballot stands in its tallies."""

import secrets
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.audit import chain
from portal.backup import creating, restoring
from portal.backup.progress import Step, silent
from portal.core.db import db
from portal.polls.cli import differences
from portal.polls.models import Ballot, Choice
from tests import cast
from tests.backup.places import Place
from tests.cast import PollIds
from tests.client import PortalClient
from tests.polls.voting import form, number_of_ballots

VOTERS = 4
PATIENCE_S = 30


class Crowd:
    """Voters who vote again and again, each time from another browser, until it is over."""

    def __init__(self, app: Flask, polls: list[PollIds]) -> None:
        self._app, self._polls = app, polls
        self._over = threading.Event()
        self._counted = threading.Condition()
        self.acknowledged = 0

    def vote(self, number: int) -> None:
        while not self._over.is_set():
            poll = self._polls[number % len(self._polls)]
            browser: PortalClient = self._app.test_client()  # type: ignore[assignment]
            browser.set_cookie("browser", secrets.token_hex(16))
            assert browser.swap(poll.url, form(poll, secrets.randbelow(3))).status_code == 200
            with self._counted:
                self.acknowledged += 1
                self._counted.notify_all()

    def wait_for(self, more: int) -> None:
        """Return when so many more votes were acknowledged."""
        with self._counted:
            until = self.acknowledged + more
            assert self._counted.wait_for(lambda: self.acknowledged >= until, PATIENCE_S)

    def end(self) -> None:
        self._over.set()


@pytest.mark.slow(why="people vote while the site is saved, and it is restored")
def test_a_site_is_saved_while_people_vote(app: Flask, settings: dict[str, Any], elsewhere: Place, tmp_path: Path) -> None:
    polls = [cast.a_poll(), cast.a_poll()]
    crowd = Crowd(app, polls)

    @contextmanager
    def slowly(what: str, _length: int) -> Iterator[Step]:
        yield lambda _further: crowd.wait_for(3) if what == "Tables" else None

    with ThreadPoolExecutor(VOTERS) as threads:
        voting = [threads.submit(crowd.vote, number) for number in range(VOTERS)]
        try:
            crowd.wait_for(10)
            before = crowd.acknowledged
            made = creating.create(tmp_path / "backups", "backup", progress=slowly)
            crowd.wait_for(1)
        finally:
            crowd.end()
        for one in voting:
            one.result()

    assert crowd.acknowledged == number_of_ballots() > before + 15, "people went on voting"
    (elsewhere.instance / "secret_key").write_bytes((Path(settings["INSTANCE"]) / "secret_key").read_bytes())
    with elsewhere.portal():
        restoring.restore(made.path, progress=silent)
        assert differences() == []
        ballots = number_of_ballots()
        assert before <= ballots < crowd.acknowledged, "of one instant, while they voted"
        assert db.session.scalar(select(func.sum(Choice.votes))) == ballots
        assert db.session.scalar(select(func.count(func.distinct(Ballot.voter_key)))) == ballots
        assert chain.verify() is None
