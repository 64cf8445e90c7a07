"""Commands about polls."""

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import func, select

from portal.core.db import db
from portal.polls import listing
from portal.polls.demo_host import PORT, host, page
from portal.polls.models import Ballot, BallotChoice, Choice, Poll
from portal.polls.places import allowed
from portal.polls.snippets import Look, snippet

polls = AppGroup("polls", help="Polls and their ballots.")


@polls.command()
def recount() -> None:
    """Count all ballots anew and compare with the tallies and the published lists; exits 1 where they differ."""
    wrong = [*differences(), *listing.differences()]
    for line in wrong:
        click.echo(line, err=True)
    if wrong:
        raise SystemExit(1)
    number = db.session.scalar(select(func.count()).select_from(Ballot))
    lists = db.session.scalar(select(func.count()).where(Poll.listed_root.is_not(None)))
    click.echo(f"{number} ballots, all tallies equal. {lists} published lists are what their ballots say.")


@polls.command("demo-host")
@click.argument("poll_id", type=int)
@click.option("--port", default=PORT, help="Where the foreign site listens.", show_default=True)
@click.option("--portal", default="http://127.0.0.1:8000", help="Where the portal is served.", show_default=True)
def demo_host(poll_id: int, port: int, portal: str) -> None:
    """Serve a foreign site whose page embeds a poll, at another name of this machine."""
    poll = db.session.get(Poll, poll_id)
    if poll is None or not poll.is_public:
        raise click.ClickException(f"There is no public poll {poll_id}.")
    origin = f"http://localhost:{port}"
    with current_app.test_request_context(base_url=portal):
        content = snippet(poll, Look(lang=poll.language), scripted=True)
    if origin not in allowed(poll):
        click.echo(f"{origin} is not among the sites that may embed this poll, so the browser will show nothing. Add it to them.")
    click.echo(f"A foreign site embeds poll {poll_id} at {origin}/ (stop it with Ctrl+C)")
    with host("localhost", port, lambda path: page("Another site", content) if path == "/" else None) as server:
        server.serve_forever()


def differences() -> list[str]:
    """Return a line for each tally that is not what its ballots say."""
    counted = Ballot.status == "counted"
    voters = select(Ballot.poll_id, func.count()).where(counted).group_by(Ballot.poll_id)
    votes = select(BallotChoice.choice_id, func.count()).join(Ballot, Ballot.id == BallotChoice.ballot_id)
    votes = votes.where(counted).group_by(BallotChoice.choice_id)
    aside = select(Ballot.poll_id, func.count()).where(~counted).group_by(Ballot.poll_id)
    by_poll = dict(db.session.execute(voters).all())
    aside_by_poll = dict(db.session.execute(aside).all())
    by_choice = dict(db.session.execute(votes).all())
    wrong = []
    for poll in db.session.scalars(select(Poll)):
        if poll.voters != by_poll.get(poll.id, 0):
            wrong.append(f"poll {poll.id}: tally {poll.voters}, ballots {by_poll.get(poll.id, 0)}")
        if poll.uncounted != aside_by_poll.get(poll.id, 0):
            wrong.append(f"poll {poll.id}: tally of uncounted {poll.uncounted}, ballots {aside_by_poll.get(poll.id, 0)}")
    for choice in db.session.scalars(select(Choice)):
        if choice.votes != by_choice.get(choice.id, 0):
            wrong.append(f"choice {choice.id}: tally {choice.votes}, ballots {by_choice.get(choice.id, 0)}")
    return wrong
