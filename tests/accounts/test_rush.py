"""A rush of sign-ins: some wait for their password's hash, all others are told at once to come again, and readers read."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts import passwords
from portal.accounts.models import Attempt
from portal.config import THREADS
from portal.core.db import db
from tests import cast
from tests.accounts.browser import sign_in
from tests.accounts.own import PASSWORD_PAGE, at_work
from tests.client import PortalClient


@pytest.fixture
def full() -> ExitStack:
    """All places taken until it is closed."""
    taken = ExitStack()
    for _ in range(passwords.MOST_AT_ONCE):
        taken.enter_context(passwords.place())
    return taken


def test_a_thread_is_always_left_to_readers() -> None:
    assert passwords.MOST_AT_ONCE < THREADS


def test_who_finds_no_place_is_told_at_once_and_nothing_is_counted(client: PortalClient, full: ExitStack) -> None:
    user = cast.somebody("author", password=cast.PASSWORD)
    with full:
        answers = [sign_in(client, email) for email in (user.email, "khong-ai@example.vn")]
        assert [(answer.status_code, int(answer.headers["Retry-After"]) > 0) for answer in answers] == 2 * [(503, True)]
        assert all("thử lại" in answer.text for answer in answers)
        assert db.session.scalars(select(Attempt)).all() == []
        assert client.get("/").status_code == 200
    assert sign_in(client, user.email).status_code == 303


def test_changing_a_password_finds_a_place_too_or_changes_nothing(app: Flask, full: ExitStack) -> None:
    cast.a_site()
    author = at_work(app, cast.somebody("author", password=cast.PASSWORD))
    new = "chùa Ông dưới núi Thiên Ấn"
    with full:
        assert author.sends(PASSWORD_PAGE, PASSWORD_PAGE, present=cast.PASSWORD, password=new, again=new)[0] == 503
    assert author.asks() == 200


def test_of_twenty_at_once_no_more_than_the_places_wait(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    user, let_go, waiting = cast.somebody("author", password=cast.PASSWORD), Event(), list[int]()
    verify = passwords.verify

    def held(kept: str | None, password: str) -> bool:
        waiting.append(1)
        let_go.wait(20)
        return verify(kept, password)

    def attempt(_number: int) -> int:
        with app.app_context():
            browser: PortalClient = app.test_client()  # type: ignore[assignment]
            status = sign_in(browser, user.email).status_code
        if status == 503:
            refused.append(1)
            if len(refused) == 20 - passwords.MOST_AT_ONCE:
                let_go.set()
        return status

    refused = list[int]()
    monkeypatch.setattr(passwords, "HASHER", cast.QUICK)
    monkeypatch.setattr(passwords, "verify", held)
    with ThreadPoolExecutor(20) as pool:
        statuses = sorted(pool.map(attempt, range(20)))
    assert statuses == passwords.MOST_AT_ONCE * [303] + (20 - passwords.MOST_AT_ONCE) * [503]
    assert len(waiting) == passwords.MOST_AT_ONCE
