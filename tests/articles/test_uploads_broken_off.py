"""Uploads on a full disk, killed in their midst, and left lying: nothing half, nothing lost, nothing left over."""

import errno
import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from portal.accounts.models import User
from portal.articles import attaching
from portal.core import clock
from portal.core.db import db
from portal.files import accepting, storage, sweeping, uploads
from portal.files.models import File, Upload
from tests import cast
from tests.articles.sending import CONTENT, NAME, PIECE, SUM, Sender, begun, left_over, names, now, said, sums
from tests.guards.asking import everything
from tests.publishing.test_killed import ROOT, Killed, dying_at
from tests.publishing.writing import a_piece


@pytest.fixture
def author(app: Flask) -> User:
    return cast.somebody("author", unit=cast.a_unit())


@pytest.fixture
def sender(app: Flask, author: User) -> Sender:
    return Sender(app, author, a_piece(author))


class FullDisk:
    """A disk on which there is no more room from some byte on."""

    def __init__(self, patched: pytest.MonkeyPatch) -> None:
        def copy(stream: IO[bytes], file: IO[bytes], _upload: Upload) -> None:
            file.write(stream.read(100))
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        patched.setattr(uploads, "_copy", copy)


def test_a_full_disk_is_told_and_leaves_nothing_half(app: Flask, sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    key = begun(sender)
    with monkeypatch.context() as patched:
        FullDisk(patched)
        answer = sender.piece(key, 0, CONTENT)
        assert (answer.status_code, f"Không nhận được “{NAME}”: máy chủ hết chỗ chứa." in said(answer)) == (507, True)
        assert sender.browser.get("/").status_code == 200
    assert list(Path(app.instance_path, "uploads").iterdir()) == []
    assert sender.send(NAME, CONTENT).status_code == 200, "it recovers by itself"


@pytest.mark.parametrize("where", ["fsync", "link"])
def test_a_disk_that_is_full_at_the_end_leaves_the_upload_to_be_ended_later(
    app: Flask, sender: Sender, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    key = begun(sender, len(CONTENT))
    with monkeypatch.context() as patched:
        patched.setattr(os, where, full)
        answer = sender.end(key)
    assert (answer.status_code, "hết chỗ chứa" in said(answer)) == (507, True)
    assert (names(sender.piece_id), left_over(app)) == ([], [])
    assert sender.end(key).status_code == 200


def test_a_plain_form_on_a_full_disk_is_told_so(app: Flask, sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(accepting, "NamedTemporaryFile", full)
        patched.setattr("portal.core.web.SpooledTemporaryFile", full)
        answer = sender.form((NAME, CONTENT))
    assert (answer.status_code, "Máy chủ không còn chỗ" in answer.text) == (507, True)
    assert (names(sender.piece_id), left_over(app)) == ([], [])


def begun_to_replace(sender: Sender) -> tuple[str, list[str]]:
    """Attach a file, send another whole that shall take its place, and return the key of that, and the first one's sum."""
    sender.form(("Cũ.pdf", cast.A_PDF))
    (one,) = now(sender.piece_id)
    key = sender.begin(NAME, len(CONTENT), replaces=one.key, seen=str(one.file_id)).json["key"]  # type: ignore[index]
    assert sender.piece(key, 0, CONTENT).status_code == 200
    return str(key), sums(sender.piece_id)


def unsound(session: Any) -> list[Any]:
    """Return what a SQLite database finds wrong with itself; PostgreSQL looks after its own."""
    if session.get_bind().dialect.name != "sqlite":
        return []
    whole = session.execute(text("PRAGMA integrity_check")).scalars().all()
    return [one for one in whole if one != "ok"] + session.execute(text("PRAGMA foreign_key_check")).all()


@pytest.mark.each_case_on_both
@pytest.mark.slow(why="ends an upload as often as it has statements")
@pytest.mark.parametrize("is_replaced", [False, True], ids=["upload", "replace"])
def test_thrown_out_at_any_statement_an_upload_can_still_be_ended(app: Flask, sender: Sender, *, is_replaced: bool) -> None:
    key, _old = begun_to_replace(sender) if is_replaced else (begun(sender, len(CONTENT)), [])
    upload = db.session.scalars(select(Upload).where(Upload.key == key)).one()
    db.session.expunge(upload)
    before, statement, died = everything(), 0, True
    while died:
        statement, died = statement + 1, False
        with dying_at(statement):
            try:
                _end(app, sender, upload)
            except Killed:
                died = True
        is_whole = names(sender.piece_id) == [NAME]  # thrown out after the commit, when it looks what nobody needs
        assert not died or is_whole or (everything() == before and uploads.part_of(key).read_bytes() == CONTENT)
    assert statement > 8
    assert names(sender.piece_id) == [NAME]
    sweeping.sweep({})
    assert left_over(app) == []


def _end(app: Flask, sender: Sender, upload: Upload) -> None:
    """End an upload as the view does."""
    actor = db.session.get_one(User, upload.user_id)
    db.session.expunge(actor)

    def store(session: Any, stored: Any) -> int:
        how = {"actor": actor, "may_edit": False}
        if upload.replaces:
            return attaching.replace(session, sender.piece_id, upload.replaces, upload.seen, stored, upload.name, **how)
        return attaching.add(session, sender.piece_id, stored, upload.name, **how)

    accepting.finish(upload, store)


KILLED = """
import os, signal, sys
from portal import create_app
from portal.accounts.models import User
from portal.articles import attaching
from portal.core.db import db
from portal.files import accepting, storage
from portal.files.models import Upload
from sqlalchemy import select

key, moment = sys.argv[1:]

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

with create_app().app_context():
    upload = db.session.scalars(select(Upload).where(Upload.key == key)).one()
    actor, piece = db.session.get(User, upload.user_id), int(upload.place.partition(":")[2])
    db.session.expunge_all()
    dialect, commit, link = db.engine.dialect, db.engine.dialect.do_commit, os.link

    def committing(connection):
        if moment == "before commit":
            die()
        commit(connection)
        if moment == "after commit":
            die()

    def linking(*names):
        if moment == "before its name":
            die()
        link(*names)
        if moment == "after its name":
            die()

    dialect.do_commit, storage.os.link = committing, linking
    how = {"actor": actor, "may_edit": False}

    def store(session, stored):
        if upload.replaces:
            return attaching.replace(session, piece, upload.replaces, upload.seen, stored, upload.name, **how)
        return attaching.add(session, piece, stored, upload.name, **how)

    accepting.finish(upload, store)
"""


@pytest.mark.slow(why="starts processes and kills them")
@pytest.mark.parametrize("is_replaced", [False, True], ids=["upload", "replace"])
def test_a_process_that_is_killed_while_it_ends_an_upload_loses_nothing(
    app: Flask, sender: Sender, settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch, *, is_replaced: bool
) -> None:
    key, old = begun_to_replace(sender) if is_replaced else (begun(sender, len(CONTENT)), [])
    environment = {**os.environ, "INSTANCE": settings["INSTANCE"], "DATABASE_URL": settings.get("DATABASE_URL", "")}

    def end(moment: str) -> int:
        db.session.remove()
        command = [sys.executable, "-c", KILLED, key, moment]
        return subprocess.run(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL, check=False).returncode

    before = everything()
    for moment in ("before its name", "after its name", "before commit"):
        assert end(moment) == -signal.SIGKILL
        assert everything() == before, moment
        assert sums(sender.piece_id) == old, "what readers may have is whole at every moment"
        assert sender.status(key).json["received"] == len(CONTENT)  # type: ignore[index]
    assert end("after commit") == -signal.SIGKILL
    assert sums(sender.piece_id) == [SUM]
    later = clock.now_ms() + 2 * clock.DAY
    monkeypatch.setattr(clock, "now_ms", lambda: later)
    sweeping.sweep({})
    assert left_over(app) == []
    assert sums(sender.piece_id) == [SUM]
    for file in db.session.scalars(select(File)):
        assert hashlib.sha256(storage.path_of(file.stored_as).read_bytes()).digest() == file.sha256
    assert unsound(db.session) == []


def test_what_nobody_ended_within_a_day_is_taken_away_and_nothing_else(
    app: Flask, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender.send("Đã xong.pdf", CONTENT)
    key, orphan = begun(sender, PIECE), storage.keep(b"of nobody")
    sweeping.sweep({})
    assert sender.status(key).status_code == 200
    assert storage.path_of(orphan.stored_as).exists(), "its row may be written just now"
    later = clock.now_ms() + clock.DAY + clock.MINUTE
    monkeypatch.setattr(clock, "now_ms", lambda: later)
    sweeping.sweep({})
    monkeypatch.undo()
    assert sender.status(key).status_code == 404
    assert not storage.path_of(orphan.stored_as).exists()
    assert left_over(app) == []
    assert len(sums(sender.piece_id)) == 1


def test_what_still_comes_after_a_day_is_not_taken_away(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    key = begun(sender, PIECE)
    later = clock.now_ms() + clock.DAY + clock.MINUTE
    os.utime(uploads.part_of(key), (later // 1000, later // 1000))
    monkeypatch.setattr(clock, "now_ms", lambda: later)
    sweeping.sweep({})
    assert db.session.scalars(select(Upload.key)).all() == [key]
    assert uploads.part_of(key).exists()
