"""A process that renders a file may end badly: only for what the file did is the file marked."""

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import clock, jobs
from portal.core.db import db
from portal.core.jobs import Job
from portal.files import renditions
from tests import cast
from tests.files import samples
from tests.files.test_rendering import named, number_of, on_disk, states


@pytest.fixture(autouse=True)
def _only_renderings(app: Flask) -> None:
    """Leave the recurring jobs of other features out."""
    kept = app.extensions["jobs"][renditions.JOB]
    app.extensions["jobs"].clear()
    app.extensions["jobs"][renditions.JOB] = kept


@pytest.mark.slow(why="starts a process for each try")
@pytest.mark.parametrize(
    "what", ["disk_is_full", "quota_is_used_up", "disk_is_broken", "is_stopped", "is_killed", "is_our_fault"]
)
def test_what_is_no_fault_of_the_file_is_tried_again(app: Flask, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    real = renditions.DRAWING
    monkeypatch.setattr(renditions, "DRAWING", f"tests.files.mishaps:{what}")
    cast.a_picture(cast.an_article(), samples.a_photo(400))
    assert jobs.run_due() == 1
    assert states() == [("waiting", "")]
    assert number_of(Job) == 1, "it is tried again later"
    assert renditions.render_waiting() == 0, "nor does it stop the command"
    monkeypatch.setattr(renditions, "DRAWING", real)
    assert renditions.render_waiting() == 1
    assert states() == [("ready", "")]
    assert on_disk(app) == named()


@pytest.mark.slow(why="starts a process")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("what", ["takes_memory", "takes_time", "writes_too_much", "crashes", "finds_no_memory"])
def test_what_is_the_file_s_fault_is_not(app: Flask, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    monkeypatch.setattr(renditions, "DRAWING", f"tests.files.mishaps:{what}")
    monkeypatch.setattr(renditions, "DRAWING_S", 1.5)
    cast.a_picture(cast.an_article(), samples.a_photo(400))
    jobs.run_due()
    assert states() == [("failed", "limit")]
    assert number_of(Job) == 0


@pytest.mark.slow(why="starts a process for each try, five times")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nothing_is_tried_for_ever(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renditions, "DRAWING", "tests.files.mishaps:disk_is_full")
    cast.a_picture(cast.an_article(), samples.a_photo(400))
    now = clock.now_ms()
    for hour in range(jobs.MOST_ATTEMPTS + 2):
        monkeypatch.setattr(clock, "now_ms", lambda hour=hour: now + hour * clock.HOUR)
        jobs.run_due()
    job = db.session.scalars(select(Job)).one()
    assert (job.attempts, job.failed_at is None) == (jobs.MOST_ATTEMPTS, False)
    assert "No space left" in (job.error or "")
