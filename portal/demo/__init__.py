"""Demo content: the page that the portal is modelled on, told in words of our own. Never on a database with content."""

import click
from flask import Flask
from sqlalchemy import func, select

from portal.articles.models import Article
from portal.core.db import db
from portal.demo.content import fill
from portal.site.models import Site


def init_app(app: Flask) -> None:
    app.cli.add_command(demo)


@click.command()
def demo() -> None:
    """Fill an empty database with demo content."""
    for model in (Article, Site):
        if db.session.scalar(select(func.count()).select_from(model)):
            raise click.ClickException("This database holds content already; nothing was changed.")
    fill()
    click.echo("The demo content is in place.")
