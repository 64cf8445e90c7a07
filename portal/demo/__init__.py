"""Demo content: the page that the portal is modelled on, told in words of our own. Never on a database with content."""

import click
from flask import Flask

from portal.demo.content import fill_if_empty


def init_app(app: Flask) -> None:
    app.cli.add_command(demo)


@click.command()
def demo() -> None:
    """Fill an empty database with demo content."""
    if not fill_if_empty():
        raise click.ClickException("This database holds content already; nothing was changed.")
    click.echo("The demo content is in place.")
