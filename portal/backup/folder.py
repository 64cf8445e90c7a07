"""Where archives lie: a folder that nobody else reads, in which one is made at a time."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import current_app

from portal.backup.locks import lock
from portal.core import clock
from portal.core.durable import UNFINISHED, private_folder
from portal.core.errors import Refused

SUFFIX = ".tar"
BY_HAND, NIGHTLY = "backup", "nightly"
"""How names of archives begin."""


class Taken(Refused):
    """Another process makes an archive in the folder."""


def own() -> Path:
    """Return the folder in which this installation keeps its archives."""
    return Path(current_app.config["BACKUP_FOLDER"] or Path(current_app.instance_path) / "backups")


@contextmanager
def claimed(folder: Path, prefix: str, at: int) -> Iterator[Path]:
    """Give the path of a new archive in a folder that is made where it is missing, and locked meanwhile.

    What was left by a process that died is erased. Raises Taken while another process makes one there.
    """
    private_folder(folder)
    try:
        descriptor = lock(folder, waits=False)
    except BlockingIOError as error:
        raise Taken(f"Another backup is being made in {folder}.") from error
    try:
        for left in folder.glob(f".*{SUFFIX}{UNFINISHED}"):
            left.unlink()
        yield _free(folder, f"{prefix}-{clock.local(at):%Y%m%d-%H%M%S}")
    finally:
        os.close(descriptor)


def archives(folder: Path, prefix: str = "") -> list[Path]:
    """Return the archives in a folder whose names begin so, oldest first."""
    return sorted(folder.glob(f"{prefix}*-[0-9]*-[0-9]*{SUFFIX}"), key=lambda path: path.name.partition("-")[2])


def keep_newest(folder: Path, number: int) -> None:
    """Erase the nightly archives but so many of the newest; those made by hand stay until somebody erases them."""
    for old in archives(folder, NIGHTLY)[:-number]:
        old.unlink()


def _free(folder: Path, name: str) -> Path:
    path, number = folder / f"{name}{SUFFIX}", 1
    while path.exists():
        number += 1
        path = folder / f"{name}-{number}{SUFFIX}"
    return path
