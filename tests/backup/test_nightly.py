"""Each night one archive, of which so many are kept; what went wrong is on record and is tried again."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete

from portal.audit.models import Entry
from portal.backup import folder, nightly, records
from portal.core import clock, jobs
from portal.core.db import db, write
from portal.core.jobs import Job
from tests.backup.places import Place


@pytest.fixture
def copied_app(copied: Path) -> Iterator[Flask]:
    """The full site's portal, which has nothing to do but its backups."""
    with Place(copied).portal(BACKUPS_KEPT=2) as app:
        kept = app.extensions["jobs"][nightly.JOB]
        app.extensions["jobs"].clear()
        app.extensions["jobs"][nightly.JOB] = kept
        write(lambda session: session.execute(delete(Job)))
        yield app


def names(instance: Path) -> list[str]:
    return sorted(path.name for path in (instance / "backups").glob("*"))


def results() -> list[tuple[str, str]]:
    db.session.rollback()
    return [(one.way, one.cause) for one in records.latest()]


def set_clock(monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    now = clock.instant_at(at)
    monkeypatch.setattr(clock, "now_ms", lambda: now)


def answering(monkeypatch: pytest.MonkeyPatch, code: int) -> list[list[str]]:
    """Have the process that saves end like this at once; return what is asked for."""
    asked: list[list[str]] = []

    def run(command: list[str], **_: Any) -> "subprocess.CompletedProcess[str]":
        asked.append(command)
        return subprocess.CompletedProcess(command, code, "", "said why")

    monkeypatch.setattr(subprocess, "run", run)
    return asked


@pytest.mark.parametrize(
    ("now", "next_one"),
    [
        ("2026-03-17T15:00", "2026-03-18T02:00"),
        ("2026-03-17T01:59", "2026-03-17T02:00"),
        ("2026-03-17T02:00", "2026-03-18T02:00"),
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_it_waits_for_its_hour(app: Flask, now: str, next_one: str) -> None:
    assert nightly.following(clock.instant_at(now)) == clock.instant_at(next_one)


@pytest.mark.slow(why="starts a process that saves the site")
def test_at_its_hour_a_process_of_its_own_saves_the_site_once(
    copied_app: Flask, copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = clock.now_ms()
    jobs.run_due()
    assert names(copied) == [], "the first night has not come"
    night = nightly.following(began)
    monkeypatch.setattr(clock, "now_ms", lambda: night)
    assert jobs.run_due() == 1
    db.session.rollback()
    job = db.session.query(Job).filter_by(key=nightly.JOB).one()
    assert (job.error, job.run_at) == (None, nightly.following(night))
    assert [path.name.partition("-")[0] for path in folder.archives(copied / "backups")] == [folder.NIGHTLY]
    assert ("nightly", "") in results()
    assert Place(copied).flask("backup", "verify", folder.archives(copied / "backups")[0]).exit_code == 0


def test_a_night_that_is_done_is_not_done_again(copied_app: Flask, copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Place(copied).flask("backup", "create", "--nightly", 2).exit_code == 0
    asked = answering(monkeypatch, 0)
    nightly.back_up({})
    assert asked == []
    later = clock.now_ms() + clock.DAY
    monkeypatch.setattr(clock, "now_ms", lambda: later)
    nightly.back_up({})
    assert [command[-4:-2] for command in asked] == [["--nightly", "2"]]


def test_the_newest_are_kept_and_what_was_made_by_hand_stays(
    copied: Path, archive: Path, monkeypatch: pytest.MonkeyPatch, copied_app: Flask
) -> None:
    into = copied / "backups"
    into.mkdir()
    for name in ("nightly-20260314-020000.tar", "nightly-20260315-020000.tar", "backup-20200101-120000.tar", "notes.txt"):
        shutil.copy(archive, into / name)
    set_clock(monkeypatch, "2026-03-16T02:00")
    assert Place(copied).flask("backup", "create", "--nightly", 2).exit_code == 0
    assert names(copied) == [
        "backup-20200101-120000.tar",
        "nightly-20260315-020000.tar",
        "nightly-20260316-020000.tar",
        "notes.txt",
    ]


def test_an_older_archive_is_not_erased_before_the_new_one_is_there(
    copied: Path, archive: Path, monkeypatch: pytest.MonkeyPatch, copied_app: Flask
) -> None:
    into = copied / "backups"
    into.mkdir()
    for day in (14, 15):
        shutil.copy(archive, into / f"nightly-202603{day}-020000.tar")
    monkeypatch.setattr("portal.backup.archive.Writer.end", lambda _: (_ for _ in ()).throw(OSError(28, "No space left")))
    assert Place(copied).flask("backup", "create", "--nightly", 1).exit_code == nightly.NO_ROOM
    assert names(copied) == ["nightly-20260314-020000.tar", "nightly-20260315-020000.tar"]


@pytest.mark.parametrize(("code", "cause"), [(nightly.NO_ROOM, "full"), (1, "other"), (-9, "ended")])
def test_what_went_wrong_is_on_record_and_comes_again(
    copied_app: Flask, monkeypatch: pytest.MonkeyPatch, code: int, cause: str
) -> None:
    night = nightly.following(clock.now_ms())
    jobs.run_due()
    monkeypatch.setattr(clock, "now_ms", lambda: night)
    asked = answering(monkeypatch, code)
    assert jobs.run_due() == 1
    assert len(asked) == 1
    assert results()[0] == ("", cause)
    job = db.session.query(Job).filter_by(key=nightly.JOB).one()
    assert job.failed_at is None
    assert night < job.run_at <= night + clock.HOUR
    assert "said why" in (job.error or "")


def test_a_night_on_which_another_process_is_still_at_work_is_no_failure_and_is_looked_at_again(
    copied_app: Flask, copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with folder.claimed(copied / "backups", folder.BY_HAND, clock.now_ms()):
        taken = Place(copied).flask("backup", "create", "--nightly", 2)
    assert taken.exit_code == nightly.TAKEN
    night = nightly.following(clock.now_ms())
    jobs.run_due()
    monkeypatch.setattr(clock, "now_ms", lambda: night)
    answering(monkeypatch, nightly.TAKEN)
    assert jobs.run_due() == 1
    assert results() == []
    assert night < db.session.query(Job).filter_by(key=nightly.JOB).one().run_at <= night + clock.HOUR


def test_none_is_made_where_none_is_wanted(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Place(copied).portal(BACKUPS_KEPT=0):
        asked = answering(monkeypatch, 0)
        nightly.back_up({})
    assert asked == []


def test_two_are_not_made_in_one_folder_at_once(copied: Path) -> None:
    with Place(copied).portal(), folder.claimed(copied / "backups", folder.BY_HAND, clock.now_ms()):
        answer = Place(copied).flask("backup", "create")
    assert answer.exit_code == nightly.TAKEN
    assert "Another backup is being made" in answer.output


def test_making_one_by_hand_is_on_record(copied: Path, tmp_path: Path) -> None:
    answer = Place(copied).flask("backup", "create", "--to", tmp_path / "stick")
    assert answer.exit_code == 0
    assert [path.suffix for path in (tmp_path / "stick").iterdir()] == [".tar"]
    with Place(copied).portal():
        last = db.session.query(Entry).order_by(Entry.id.desc()).first()
        assert last is not None
        assert (last.action, last.actor_name) == ("backup_made", "flask")
        assert results()[0] == ("command", "")
