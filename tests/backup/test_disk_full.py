"""A disk that is full while a site is saved or restored: a sentence, nothing half, and all goes well once there is room."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portal.backup import nightly
from portal.backup.archive import Writer
from portal.core import durable
from tests.backup.places import Place


def full_after(octets: int) -> Callable[..., Any]:
    """Return what takes the place of a writer's `_write`: it writes so many bytes and is refused the next."""
    written: list[int] = []
    real = Writer._write

    def write(self: Writer, piece: bytes) -> None:
        written.append(len(piece))
        if sum(written) > octets:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(self, piece)

    return write


@pytest.mark.parametrize("octets", [0, 5_000, 200_000])
def test_no_archive_is_made_where_there_is_no_room(copied: Path, monkeypatch: pytest.MonkeyPatch, octets: int) -> None:
    place = Place(copied)
    with monkeypatch.context() as patched:
        patched.setattr(Writer, "_write", full_after(octets))
        answer = place.flask("backup", "create")
    assert answer.exit_code == nightly.NO_ROOM
    assert "No space left on device" in answer.output
    assert list((copied / "backups").iterdir()) == []
    assert place.flask("backup", "create").exit_code == 0


def test_a_disk_that_is_full_at_the_sync_leaves_nothing(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", refuse)
        assert Place(copied).flask("backup", "create").exit_code == nightly.NO_ROOM
    assert list((copied / "backups").iterdir()) == []


def test_a_site_that_found_no_room_half_way_says_so_and_is_restored_once_there_is(
    archive: Path, elsewhere: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    files: list[Path] = []
    real = durable.new_file

    def full(path: Path) -> Any:
        files.append(path)
        if len(files) == 12:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(path)

    with monkeypatch.context() as patched:
        patched.setattr(durable, "new_file", full)
        answer = elsewhere.flask("backup", "restore", archive)
    assert answer.exit_code == nightly.NO_ROOM
    assert "No space left" in answer.output
    assert "The site is half-made: once that is mended, give the same command again" in answer.output
    assert "half-made" in elsewhere.flask("serve").output
    assert elsewhere.flask("backup", "restore", archive).exit_code == 0
