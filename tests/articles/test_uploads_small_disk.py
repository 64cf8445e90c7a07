"""Uploads on a disk of two megabytes, a real one: a sentence and 507, nothing half, and all goes well once there is room."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.accounts.models import User
from portal.files import accepting, uploads
from tests import cast
from tests.articles.sending import Sender, left_over, names, said
from tests.publishing.writing import a_piece

SIZE = 2_000_000
CONTENT = cast.A_PDF + bytes(400_000)
NAME = "Bản đồ.pdf"


@pytest.fixture
def database() -> str:
    """The disk is that of the files."""
    return "sqlite"


@pytest.fixture
def sender(app: Flask, small_disk: Path | None) -> Sender:
    author: User = cast.somebody("author", unit=cast.a_unit())
    return Sender(app, author, a_piece(author))


@pytest.fixture
def small_disk(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path | None]:
    """A disk of SIZE bytes on which files and uploads lie; None, and a line that says so, where none may be mounted."""
    monkeypatch.setattr(uploads, "SPARE", 0)
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode != 0:
        sys.stderr.write("NO DISK IS MOUNTED HERE (it needs root): writing is refused by a stand-in instead of a full disk.\n")
        yield None
        return
    for name in ("files", "uploads"):
        (disk / name).mkdir()
        place = Path(app.instance_path, name)
        if place.exists():
            place.rmdir()
        place.symlink_to(disk / name)
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


@contextmanager
def filled(disk: Path | None) -> Iterator[None]:
    """Leave the disk no room, for a while."""
    with pytest.MonkeyPatch.context() as patched:
        if disk is None:
            for module, name in ((uploads, "_copy"), (accepting, "NamedTemporaryFile")):
                patched.setattr(module, name, _refused)
            yield
            return
        patched.setattr(uploads, "demand_room", lambda *_: None)  # it was asked while there was room
        ballast = disk / "ballast"
        with pytest.raises(OSError, match="No space left"):
            _fill(ballast)
        os.truncate(ballast, ballast.stat().st_size - 60 * 4_096)
        yield
        ballast.unlink()


def _fill(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4_096))


def _refused(*_: Any, **__: Any) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def in_pieces(sender: Sender) -> tuple[int, str]:
    answer = sender.begin(NAME, len(CONTENT))
    key = answer.json["key"]  # type: ignore[index]
    answer = sender.piece(key, 0, CONTENT)
    return answer.status_code, said(answer)


def by_form(sender: Sender) -> tuple[int, str]:
    answer = sender.form((NAME, CONTENT))
    return answer.status_code, answer.text


@pytest.mark.parametrize("send", [in_pieces, by_form])
def test_what_finds_no_room_is_told_so_and_leaves_nothing(
    app: Flask, sender: Sender, small_disk: Path | None, send: Callable[[Sender], tuple[int, str]]
) -> None:
    with filled(small_disk):
        code, sentence = send(sender)
        assert (code, "hết chỗ" in sentence or "không còn chỗ" in sentence) == (507, True)
        assert sender.browser.get("/").status_code == 200, "everybody else reads on"
        assert (names(sender.piece_id), left_over(app)) == ([], [])
        assert list(Path(app.instance_path, "uploads").iterdir()) == []
    assert sender.form((NAME, CONTENT)).status_code == 303, "it recovers by itself"
    assert names(sender.piece_id) == [NAME]
    assert left_over(app) == []


def test_what_is_larger_than_the_room_is_refused_before_a_byte_is_sent(
    app: Flask, sender: Sender, small_disk: Path | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if small_disk is None:
        monkeypatch.setattr(uploads, "SPARE", 10**18)
    answer = sender.begin(NAME, 2 * SIZE)
    assert (answer.status_code, "hết chỗ chứa" in said(answer)) == (507, True)
    assert left_over(app) == []
