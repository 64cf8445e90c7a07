"""Commands about the whole installation: serve it."""

import os
import sys
from pathlib import Path

import click
from flask import Flask, current_app
from flask_migrate import upgrade

from portal.accounts import links
from portal.accounts.cli import address
from portal.backup import target
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.keeper import COMMITS_TO
from portal.demo import show_accounts
from portal.demo.content import fill_if_empty

ROOT = Path(__file__).resolve().parent.parent


def init_app(app: Flask) -> None:
    app.cli.add_command(serve)


@click.command()
@click.option("--host", envvar="HOST", default="127.0.0.1", show_default=True)
@click.option("--port", envvar="PORT", default=8000, show_default=True, type=click.IntRange(1, 65535))
def serve(host: str, port: int) -> None:
    """Bring the database up to date, fill an empty one with demo content, and serve the portal.

    Where nobody can sign in yet, print a link at which the first administrator is made; each start makes a new one.
    """
    try:
        target.demand_whole()
    except Refused as refused:
        raise click.ClickException(str(refused)) from refused
    upgrade()
    if fill_if_empty():
        show_accounts()
    key = links.make_set_up()
    if key is not None:
        click.echo(
            f"Nobody can sign in yet. The first administrator, within 24 hours: {address('links.set_up', key, host, port)}"
        )
    db.session.remove()
    db.engine.dispose()
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
    click.echo(f"The portal is at http://{shown}:{port}/  (Ctrl-C stops it)")
    sys.stdout.flush()
    _become_server(host, port)


def _become_server(host: str, port: int) -> None:
    """Turn this process into the server, so that signals go straight to it."""
    config = current_app.config
    environment = {k: v for k, v in os.environ.items() if k != "FLASK_RUN_FROM_CLI"}
    environment |= {"INSTANCE": current_app.instance_path, "HOST": host, "PYTHONPATH": str(ROOT)}
    if db.engine.dialect.name == "sqlite":
        environment[COMMITS_TO] = db.engine.url.database or ""
    os.chdir(ROOT)
    arguments = [
        "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(config["PROCESSES"]), "--blocking-threads", str(config["THREADS"]),
        "--respawn-failed-workers", "--respawn-interval", "0.2", "--workers-kill-timeout", "10",
        "--no-ws", "--http", "1", "--http1-header-read-timeout", "10000", "--log-config", str(ROOT / "portal/core/logging.json"),
        "wsgi:app",
    ]  # fmt: skip
    command = [sys.executable, "-P", str(ROOT / "portal/core/respawning.py"), *arguments]
    os.execve(sys.executable, command, environment)  # noqa: S606
