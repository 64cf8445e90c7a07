"""Checkable polls, as tests of them begin."""

import re
from typing import Any

from portal.core import clock
from portal.core.db import db
from portal.polls import acts, ballots, listing
from portal.polls.ballots import Sent
from portal.polls.browser import new_token
from tests import cast
from tests.cast import PollIds
from tests.client import PortalClient
from tests.polls.voting import change, form

CODE = re.compile(r"Ballot code: ([0-9A-Z]{4}-[0-9A-Z]{4})\.")


def told(text: str) -> str | None:
    found = CODE.search(text)
    return found[1] if found else None


def voted(poll: PollIds, number: int, place: int = 0) -> None:
    for _ in range(number):
        browser = new_token()
        ballots.cast(Sent(poll.id, 1, frozenset({poll.choices[place]}), browser, browser))


def close(poll: PollIds, **values: Any) -> None:
    change(poll, closes_at=clock.now_ms() - 1, **values)


def actor() -> Any:
    return cast.somebody("editor")


def published(poll: PollIds) -> list[str]:
    db.session.rollback()
    return [str(line) for line in listing.lines_of(poll.id)]


def a_listed_poll(client: PortalClient) -> tuple[PollIds, str]:
    """Return a closed poll of 31 votes whose list is published, and the code of this browser's vote for the second choice."""
    poll = cast.a_poll(checkable=True)
    voted(poll, 30)
    code = told(client.swap("/en" + poll.url, form(poll, 1)).text)
    assert code
    close(poll)
    acts.publish_list(poll.id, actor=actor())
    return poll, code
