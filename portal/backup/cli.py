"""Commands that save the whole site, look through an archive, and put one back. They speak English."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError

from portal import audit
from portal.backup import creating, folder, records, restoring, target
from portal.backup.archive import Archive
from portal.backup.checking import examine
from portal.backup.folder import Taken
from portal.backup.manifest import Manifest
from portal.backup.nightly import JOBS, NO_ROOM, TAKEN
from portal.backup.progress import Progress, Step, silent
from portal.core import formats
from portal.core.errors import Refused, Unavailable
from portal.core.language import spoken
from portal.core.limits import NICENESS

backup = AppGroup("backup", help="The whole site as one file: its database and its files.")

ARCHIVE = click.argument("archive", type=click.Path(exists=True, dir_okay=False, path_type=Path))


class NoRoom(click.ClickException):
    """The disk is full."""

    exit_code = NO_ROOM


class BeingMade(click.ClickException):
    """Another process makes an archive."""

    exit_code = TAKEN


@backup.command()
@click.option("--to", type=click.Path(file_okay=False, path_type=Path), help="The folder; else BACKUP_FOLDER.")
@click.option("--nightly", type=click.IntRange(1), hidden=True, help="Be the night's backup; of these so many are kept.")
@spoken("en")
def create(to: Path | None, nightly: int | None) -> None:
    """Save the site in one archive while it goes on working."""
    into = to or folder.own()
    with _plainly():
        target.demand_whole()
        if nightly is not None:
            os.nice(NICENESS)
        made = creating.create(into, folder.NIGHTLY if nightly else folder.BY_HAND, progress=_progress())
        click.echo(f"{made.path}: {_told(made.manifest)}, {formats.size(made.size)}.")
        _warn(made.manifest)
        records.note(made, "nightly" if nightly else "command", JOBS if nightly else audit.COMMAND)
        if nightly is not None:
            folder.keep_newest(into, nightly)


@backup.command()
@ARCHIVE
@spoken("en")
def verify(archive: Path) -> None:
    """Compare every byte, number and sum of an archive; exits 1 where anything is wrong."""
    with _plainly(), Archive(archive) as opened:
        about, manifest = examine(opened, progress=_progress())
    click.echo(f"Whole and unchanged: {_told(manifest)}, of {formats.moment(about.made_at)}, migration {about.revision}.")
    _warn(manifest)


@backup.command()
@ARCHIVE
@click.option("--new-key", is_flag=True, help="The old secret_key is lost: give up authenticator apps and recovery codes.")
@spoken("en")
def restore(archive: Path, new_key: bool) -> None:
    """Put an archive into this instance, which must be empty and not be served; compare every table and file after it."""
    with _plainly():
        done = restoring.restore(archive.absolute(), new_key=new_key, progress=_progress())
    click.echo(f"Restored and compared: {_told(done.manifest)}, as of {formats.moment(done.about.made_at)}.")
    _warn(done.manifest)
    if done.new_key:
        click.echo("Authenticator apps and recovery codes are given up: people set up their second factor anew.", err=True)
    if done.broken:
        click.echo(f"The log was broken before it was backed up, at {done.broken}.", err=True)


@contextmanager
def _plainly() -> Iterator[None]:
    """Say in one sentence what went wrong, and what to do where that leaves the site half-made."""
    try:
        yield
    except Taken as taken:
        raise BeingMade(str(taken)) from taken
    except Refused as refused:
        raise click.ClickException(str(refused)) from refused
    except (OperationalError, Unavailable) as error:
        cause = getattr(error, "cause", error)
        said = str(getattr(cause, "orig", cause)).splitlines()[0]
        raise click.ClickException(f"The database refused: {said}. {_left()}") from error
    except OSError as error:
        kind = NoRoom if error.errno in {errno.ENOSPC, errno.EDQUOT} else click.ClickException
        raise kind(f"The disk refused: {error}. {_left()}") from error


def _left() -> str:
    if target.is_half_made():
        return "The site is half-made: once that is mended, give the same command again; it starts anew."
    return "Nothing half is left."


def _progress() -> Progress:
    return _bar if sys.stderr.isatty() else silent


@contextmanager
def _bar(what: str, length: int) -> Iterator[Step]:
    with click.progressbar(length=max(length, 1), label=f"{what:<15}", file=sys.stderr) as bar:
        yield bar.update
        bar.update(bar.length - bar.pos if bar.length else 0)


def _told(manifest: Manifest) -> str:
    return f"{len(manifest.tables)} tables with {manifest.rows} rows, {len(manifest.files)} files"


def _warn(manifest: Manifest) -> None:
    """Say which files of the site were not as they should be when it was backed up."""
    for what, names in (("missing", manifest.missing), ("damaged", manifest.damaged)):
        for name in names:
            click.echo(f"Was {what} on the disk when the site was backed up: {name}", err=True)
