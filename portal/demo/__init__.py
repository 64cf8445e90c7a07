"""Demo content: the page that the portal is modelled on, told in words of our own. Never on a database with content."""

import click
from flask import Flask

from portal.demo import accounts, pieces
from portal.demo.content import fill_if_empty


def init_app(app: Flask) -> None:
    app.cli.add_command(demo)


@click.command()
def demo() -> None:
    """Fill an empty database with demo content."""
    if not fill_if_empty():
        raise click.ClickException("This database holds content already; nothing was changed.")
    click.echo("The demo content is in place.")
    show_accounts()


def show_accounts() -> None:
    """Make the accounts of the demo, where the site has nobody yet, and print their passwords: they are shown this once.

    Whoever signs in finds work on the desk: these people have written something.
    """
    made = accounts.add_if_nobody()
    if made:
        pieces.write_some()
        click.echo("These people can sign in at /ban-bien-tap/dang-nhap; their passwords are shown only now:")
    for account in made:
        click.echo(f"  {account.role.value:<13}  {account.email:<24}  {account.password}")
