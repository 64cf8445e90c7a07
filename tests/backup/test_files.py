"""Files come and go while they are saved: each row of the archive has its file, and what was missing before is said."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from portal.backup import creating, folder, holding
from portal.backup.creating import Made
from portal.backup.progress import silent
from portal.core.db import db, write
from portal.core.errors import Refused
from portal.files.models import File
from portal.files.storage import keep, path_of, record
from tests.backup.places import Place


def create(into: Path) -> Made:
    return creating.create(into / "backups", folder.BY_HAND, progress=silent)


def a_file(content: bytes) -> str:
    stored = keep(content)
    return write(lambda session: record(session, stored).stored_as)


def drop(name: str) -> None:
    """Delete a file as whatever tidies up does: the row, then the bytes."""
    write(lambda session: session.execute(delete(File).where(File.stored_as == name)))
    path_of(name).unlink()


def before_each_hold(monkeypatch: pytest.MonkeyPatch, *acts: Callable[[], object]) -> None:
    """Have something done by others after the rows are read and before their files are held; the first time the first act."""
    real, left = holding._held, list(acts)

    def held(connection: object, place: Path) -> object:
        db.session.scalar(select(1))
        db.session.rollback()
        connection.execute(select(File.id)).all()  # type: ignore[attr-defined] # the instant of the snapshot
        if left:
            left.pop(0)()
        return real(connection, place)  # type: ignore[arg-type]

    monkeypatch.setattr(holding, "_held", held)


def test_a_file_that_goes_in_the_moment_between_has_no_row_in_the_archive(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Place(copied).portal():
        name = a_file(b"goes")
        before_each_hold(monkeypatch, lambda: drop(name))
        made = create(copied)
    assert name not in made.manifest.files
    assert made.manifest.missing == []
    assert Place(copied).flask("backup", "verify", made.path).exit_code == 0


def test_a_file_that_goes_while_the_archive_is_written_is_in_it(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Place(copied).portal():
        name = a_file(b"goes later")
        real = creating._number_of_rows

        def later(*values: object) -> int:
            drop(name)
            return real(*values)  # type: ignore[arg-type]

        monkeypatch.setattr(creating, "_number_of_rows", later)
        made = create(copied)
    assert name in made.manifest.files
    assert Place(copied).flask("backup", "verify", made.path).exit_code == 0


def test_a_file_that_comes_meanwhile_waits_for_the_next_archive(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Place(copied).portal():
        come: list[str] = []
        before_each_hold(monkeypatch, lambda: come.append(a_file(b"comes")))
        first, second = create(copied), create(copied)
    assert come[0] not in first.manifest.files
    assert come[0] in second.manifest.files


def test_where_files_go_all_the_time_nothing_is_made_and_that_is_said(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Place(copied).portal():
        names = [a_file(f"goes {number}".encode()) for number in range(holding.ATTEMPTS)]
        before_each_hold(monkeypatch, *(lambda name=name: drop(name) for name in names))  # type: ignore[misc]
        with pytest.raises(Refused, match="being deleted"):
            create(copied)
    assert list((copied / "backups").iterdir()) == []


def test_what_was_missing_or_damaged_before_is_said_and_the_rest_is_saved(copied: Path, elsewhere: Place) -> None:
    with Place(copied).portal():
        lost, damaged = a_file(b"lost"), a_file(b"damaged")
        path_of(lost).unlink()
        path_of(damaged).write_bytes(b"eaten by a broken disk")
    answer = Place(copied).flask("backup", "create")
    assert answer.exit_code == 0
    path = next((copied / "backups").iterdir())
    for place, words in ((Place(copied), ("verify", path)), (elsewhere, ("restore", path))):
        told = place.flask("backup", *words)
        assert told.exit_code == 0, told.output
        assert f"Was missing on the disk when the site was backed up: {lost}" in told.output
        assert f"Was damaged on the disk when the site was backed up: {damaged}" in told.output


def test_nothing_is_held_after_it(copied: Path) -> None:
    with Place(copied).portal():
        create(copied)
    assert list((copied / "files" / holding.FOLDER).iterdir()) == []


def test_an_archive_is_its_owners_alone(copied: Path) -> None:
    old = os.umask(0)
    try:
        with Place(copied).portal():
            made = create(copied)
    finally:
        os.umask(old)
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert made.path.parent.stat().st_mode & 0o777 == 0o700
