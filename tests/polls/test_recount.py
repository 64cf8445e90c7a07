"""`flask polls recount`: the ballots are the truth, and a tally that says otherwise is found."""

import pytest
from flask import Flask
from sqlalchemy import update

from portal.core.db import write
from portal.polls.models import Ballot, Choice, Poll
from tests import cast
from tests.client import PortalClient
from tests.polls.voting import form


def test_right_tallies_are_said_to_be_right(app: Flask, client: PortalClient) -> None:
    poll = cast.a_poll(max_choices=3)
    client.swap(poll.url, form(poll, 0, 2))

    counted = app.test_cli_runner().invoke(args=["polls", "recount"])

    assert counted.exit_code == 0
    assert "1 ballots, all tallies equal." in counted.output


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("wrong", ["votes", "voters", "uncounted", "set aside"])
def test_a_wrong_tally_is_found(app: Flask, client: PortalClient, wrong: str) -> None:
    poll = cast.a_poll()
    client.swap(poll.url, form(poll, 0))
    changes = {
        "votes": update(Choice).where(Choice.id == poll.choices[1]).values(votes=1),
        "voters": update(Poll).where(Poll.id == poll.id).values(voters=2),
        "uncounted": update(Poll).where(Poll.id == poll.id).values(uncounted=1),
        "set aside": update(Ballot).values(status="set_aside"),
    }
    write(lambda session: session.execute(changes[wrong]))

    counted = app.test_cli_runner().invoke(args=["polls", "recount"])

    assert counted.exit_code == 1
    assert ("choice" if wrong == "votes" else f"poll {poll.id}") in counted.output
