"""A ballot is cast once."""

import secrets

from tests import cast
from tests.client import PortalClient

from portal.core.db import db
from portal.polls.models import Choice, Poll


def test_a_ballot_is_stored_with_its_tallies(client: PortalClient) -> None:
    poll = cast.a_poll()

    answer = client.swap(poll.url, {"version": 1, "choice": poll.choices[1], "request": secrets.token_hex(16)})

    assert answer.status_code == 200
    assert [db.session.get(Choice, one).votes for one in poll.choices] == [0, 1, 0]
    assert db.session.get(Poll, poll.id).voters == 1
