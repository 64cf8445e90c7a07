"""Commands about accounts, for whoever has the server: the first administrator, and a way back in. They speak English."""

import click
from flask import current_app, url_for
from flask.cli import AppGroup
from sqlalchemy import select

from portal import audit
from portal.accounts import about, changing, links, passwords, signing_in
from portal.accounts.models import Unit
from portal.accounts.permissions import Role
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.language import spoken
from portal.core.web import absolute

accounts = AppGroup("accounts", help="People who work on the site.")

HOST = click.option("--host", envvar="HOST", default="127.0.0.1", hidden=True)
PORT = click.option("--port", envvar="PORT", default=8000, hidden=True)


@accounts.command()
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--unit", default="", help="Name of a unit in use.")
@click.option("--link", is_flag=True, help="Print a link at which the password is chosen, instead of asking for one.")
@HOST
@PORT
@spoken("en")
def create(*, email: str, name: str, role: str, unit: str, link: bool, host: str, port: int) -> None:
    """Add somebody."""
    try:
        new = changing.details(name, email, Role(role), _unit_id(unit))
        password = None if link else click.prompt("Password", hide_input=True, confirmation_prompt=True)
        kept = None
        if password is not None:
            passwords.check(password, about=about.known(new.name, new.email, unit))
            kept = passwords.hash_of(password)
        made = changing.create(new, actor=audit.COMMAND, password_hash=kept)
        click.echo(f"{new.name} may sign in as {new.email}.")
        if link:
            click.echo(address("links.reset", links.make_reset(made, actor=audit.COMMAND, way="command"), host, port))
    except Refused as refused:
        raise click.ClickException(str(refused)) from refused


@accounts.command("reset-link")
@click.argument("email")
@HOST
@PORT
@spoken("en")
def reset_link(email: str, host: str, port: int) -> None:
    """Print a link at which somebody chooses a new password: it counts once, for 30 minutes."""
    user = signing_in.find(email)
    if user is None:
        raise click.ClickException("Nobody has this e-mail address.")
    try:
        key = links.make_reset(user.id, actor=audit.COMMAND, way="command")
    except Refused as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(address("links.reset", key, host, port))


def address(endpoint: str, key: str, host: str, port: int) -> str:
    """Return the full address of a link: under SITE_URL where the installation says it, else where the server listens."""
    reached = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
    with current_app.test_request_context(base_url=f"http://{reached}:{port}"):
        return absolute(url_for(endpoint, key=key))


def _unit_id(name: str) -> int | None:
    if not name:
        return None
    found = db.session.scalar(select(Unit.id).where(Unit.name == name, Unit.active))
    if found is None:
        names = db.session.scalars(select(Unit.name).where(Unit.active).order_by(Unit.name))
        raise click.ClickException(f"No unit of this name is in use. There are: {', '.join(names) or 'none'}")
    return found
