"""Bytes are stored once, durably, under random names, before any row names them."""

import hashlib
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.db import db, write
from portal.files import attachments, storage
from portal.files.models import Attachment, File
from tests import cast
from tests.client import PortalClient


def on_disk(app: Flask) -> list[Path]:
    return [path for path in Path(app.instance_path, "files").rglob("*") if path.is_file()]


def test_bytes_are_kept_as_they_are_under_a_name_that_tells_nothing(app: Flask) -> None:
    stored = storage.keep(cast.A_PDF)
    (path,) = on_disk(app)
    assert path.read_bytes() == cast.A_PDF
    assert path == storage.path_of(stored.stored_as)
    assert stored.sha256 == hashlib.sha256(cast.A_PDF).digest()
    assert stored.sha256.hex() not in str(path)
    assert (stored.size, stored.kind) == (len(cast.A_PDF), "application/pdf")


def test_files_lie_outside_every_public_folder(app: Flask) -> None:
    storage.keep(cast.A_PDF)
    (path,) = on_disk(app)
    public = Path(__file__).resolve().parent.parent.parent / "static"
    assert public not in path.resolve().parents
    assert not path.stat().st_mode & stat.S_IXUSR


def test_the_same_bytes_twice_are_one_file_and_two_attachments(app: Flask, client: PortalClient) -> None:
    article = cast.an_article()
    keys = [cast.an_attachment(article, name=name) for name in ("Một.pdf", "Hai.pdf")]
    assert len(on_disk(app)) == 1
    assert len(db.session.scalars(select(File)).all()) == 1
    assert [one.name for one in db.session.scalars(attachments.at(f"article:{article}"))] == ["Một.pdf", "Hai.pdf"]
    assert [client.get(f"/tep/{key}").data for key in keys] == [cast.A_PDF] * 2


def test_other_bytes_under_the_same_name_are_another_file(app: Flask) -> None:
    article = cast.an_article()
    for content in (cast.A_PDF, cast.A_PDF + b"\n"):
        cast.an_attachment(article, content)
    assert len(on_disk(app)) == 2


def test_an_attachment_s_key_is_random_and_long(app: Flask) -> None:
    article = cast.an_article()
    keys = {cast.an_attachment(article) for _ in range(5)}
    assert len(keys) == 5
    assert all(len(key) >= 22 for key in keys)


def test_bytes_are_synced_before_they_have_their_name(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    real_sync, real_rename = os.fsync, Path.rename

    def sync(descriptor: int) -> None:
        steps.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "bytes")
        real_sync(descriptor)

    def rename(path: Path, target: Path) -> Path:
        steps.append("name")
        return real_rename(path, target)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(Path, "rename", rename)
    storage.keep(cast.A_PDF)
    assert steps[:3] == ["bytes", "name", "folder"]


def test_bytes_that_could_not_be_written_leave_no_row(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    article = cast.an_article()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        cast.an_attachment(article)
    assert db.session.scalars(select(Attachment)).all() == []
    assert on_disk(app) == []


def test_a_row_that_could_not_be_written_names_no_bytes(app: Flask) -> None:
    stored = storage.keep(cast.A_PDF)

    def fail(session: Any) -> None:
        attachments.attach(session, stored, place="article:1", name="a.pdf")
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        write(fail)
    storage.discard(stored)
    assert on_disk(app) == []
    assert db.session.scalars(select(File)).all() == []


def test_bytes_known_already_are_gone_only_with_the_commit(app: Flask) -> None:
    cast.an_attachment(cast.an_article())
    stored, seen = storage.keep(cast.A_PDF), []

    def attach(session: Any) -> None:
        attachments.attach(session, stored, place="article:1", name="a.pdf")
        seen.append(storage.path_of(stored.stored_as).exists())
        if len(seen) == 1:
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        write(attach)
    write(attach)
    assert seen == [True, True], "a second try finds them too"
    assert len(on_disk(app)) == 1


def test_what_no_row_names_is_taken_away_and_nothing_else(app: Flask) -> None:
    cast.an_attachment(cast.an_article())
    (named,) = on_disk(app)
    used = storage.Stored(b"", 0, "", named.name)
    storage.discard_unnamed([used, storage.keep(b"one"), storage.keep(b"two")])
    assert on_disk(app) == [named]


def test_an_attachment_of_a_thing_that_nobody_guards_is_not_public(app: Flask, client: PortalClient) -> None:
    stored = storage.keep(cast.A_PDF)
    key = write(lambda session: attachments.attach(session, stored, place="draft:1", name="a.pdf").key)
    assert client.get(f"/tep/{key}").status_code == 404
    assert client.get(f"/tep/{key}/mo").status_code == 404


def test_names_are_kept_composed_and_whole(app: Flask) -> None:
    name = "Kế hoa\u0323ch\u200b 2022.pdf"
    cast.an_attachment(cast.an_article(), name=name)
    assert db.session.scalars(select(Attachment.name)).one() == "Kế hoạch 2022.pdf"
