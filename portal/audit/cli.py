"""Commands about the audit."""

from collections.abc import Iterator

import click
from flask.cli import AppGroup
from sqlalchemy import select

from portal.audit.chain import examine
from portal.audit.listing import BATCH
from portal.audit.models import Entry
from portal.audit.sheet import sheet
from portal.core.db import db

audit = AppGroup("audit", help="Who did what.")


@audit.command()
def verify() -> None:
    """Check that no entry is missing, changed or out of order; exits 1 where one is."""
    number, broken = examine()
    if broken:
        click.echo(f"The chain breaks at {broken}.", err=True)
        raise SystemExit(1)
    click.echo(f"{number} entries, unbroken.")


@audit.command()
def export() -> None:
    """Print all entries as CSV, oldest first. Kept elsewhere, it shows what becomes of the chain later."""
    for text in sheet(_all()):
        click.echo(text.encode(), nl=False)


def _all() -> Iterator[Entry]:
    every, last = select(Entry).order_by(Entry.id).limit(BATCH), 0
    while batch := list(db.session.scalars(every.where(Entry.id > last))):
        yield from batch
        last = batch[-1].id
