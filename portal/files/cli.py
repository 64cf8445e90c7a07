"""Commands about files."""

import click

from portal.core.db import write
from portal.files import renditions


@click.command()
@click.option("--again", is_flag=True, help="Also try once more what could not be made.")
def render(again: bool) -> None:
    """Make the pictures and page previews that wait, now, instead of leaving them to the server's jobs."""
    write(renditions.ask_for_all)
    if again:
        write(renditions.ask_again)
    click.echo(f"{renditions.render_waiting()} files done.")
