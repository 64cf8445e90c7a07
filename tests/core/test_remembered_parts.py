"""What a process remembers is right: a part is never kept under versions newer than what it was read from."""

import threading

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import caching, versions
from portal.core.db import db, write
from portal.polls import box
from portal.polls.models import Poll, Visibility
from tests import cast
from tests.client import PortalClient


def hide_results(app: Flask, poll_id: int) -> None:
    """Publish a change from another thread, as another request does."""

    def work() -> None:
        with app.app_context():

            def change(session: object) -> None:
                session.get(Poll, poll_id).visibility = Visibility.CLOSED  # type: ignore[attr-defined]
                versions.bump(session)  # type: ignore[arg-type]

            write(change)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_was_read_before_a_change_is_not_remembered_after_it(app: Flask) -> None:
    """SQLite shows a session the database as its reading found it; the part is made after the change was noticed."""
    poll = cast.a_poll()
    with app.test_request_context("/"):
        db.session.scalars(select(Poll)).all()
        db.session.expunge_all()
        hide_results(app, poll.id)
        box.find(poll.id)
    db.session.remove()  # the request ends
    with app.test_request_context("/"):
        versions.current().look(force=True)
        found = box.find(poll.id)
    assert found is not None
    assert found.visibility == Visibility.CLOSED


def test_a_hidden_result_is_gone_from_the_page_at_once(app: Flask, client: PortalClient) -> None:
    poll = cast.a_poll()
    client.swap(poll.url, {"version": 1, "choice": poll.choices[0], "request": "a" * 32})
    assert "100% · 1" in client.get(poll.url).text

    hide_results(app, poll.id)

    assert "100%" not in client.get(poll.url).text


def test_a_part_is_made_once_until_something_is_published(app: Flask) -> None:
    made: list[int] = []
    with app.test_request_context("/"):
        for _ in range(3):
            caching.remember("part", lambda: made.append(1) or "value")
        write(versions.bump)
        caching.remember("part", lambda: made.append(1) or "value")
    assert len(made) == 2


def test_none_is_not_remembered(app: Flask) -> None:
    with app.test_request_context("/"):
        assert caching.remember("part", lambda: None) is None
        assert caching.remember("part", lambda: "now there is one") == "now there is one"
