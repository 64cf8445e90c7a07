"""The id of a request may be the browser's cookie, so it is nowhere to be read."""

import pytest
from sqlalchemy import select

from portal.core.db import db
from portal.polls.models import Ballot
from tests import cast
from tests.client import PortalClient

TOKEN = "00112233445566778899aabbccddeeff"


def test_no_ballot_holds_the_cookie_of_its_browser(client: PortalClient) -> None:
    poll = cast.a_poll()

    client.swap(poll.url, {"version": 1, "choice": poll.choices[0], "request": TOKEN})

    ballot = db.session.scalars(select(Ballot)).one()
    assert client.get_cookie("browser").value == TOKEN  # type: ignore[union-attr]
    assert bytes.fromhex(TOKEN) not in {ballot.request_id, ballot.voter_key}


def test_one_request_id_is_stored_as_another_in_each_poll(client: PortalClient) -> None:
    for poll in (cast.a_poll(), cast.a_poll()):
        client.swap(poll.url, {"version": 1, "choice": poll.choices[0], "request": TOKEN})

    first, second = db.session.scalars(select(Ballot)).all()
    assert first.request_id != second.request_id
    assert first.voter_key != second.voter_key


@pytest.mark.parametrize("path", ["?k={0}&k={0}", "?k={0}&k=x"])
def test_a_request_id_said_twice_is_refused_and_nothing_is_stored(client: PortalClient, path: str) -> None:
    poll = cast.a_poll()

    answer = client.submit(poll.url + path.format(TOKEN), {"version": 1, "choice": poll.choices[0]})

    assert answer.status_code == 400
    assert db.session.scalar(select(Ballot)) is None


def test_a_way_back_said_twice_is_refused(client: PortalClient) -> None:
    assert client.get(cast.a_poll().url + "/ket-qua?back=/a&back=//b").status_code == 400
