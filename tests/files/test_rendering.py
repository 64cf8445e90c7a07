"""A file is rendered once, by a job that its transaction adds; what goes wrong is remembered and not tried for ever."""

import errno
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from portal import create_app
from portal.core import clock, jobs
from portal.core.db import db, write
from portal.core.jobs import LEASE_MS, Job
from portal.core.limits import LimitReached
from portal.files import renditions, text_extracted
from portal.files.models import File, PageText, Rendering, Rendition
from tests import cast
from tests.files import samples

CALLED = "call"


class Died(BaseException):
    """What happens to a process half-way: nothing catches it."""


@pytest.fixture(autouse=True)
def _only_renderings(app: Flask) -> None:
    """Leave the recurring jobs of other features out."""
    kept = app.extensions["jobs"][renditions.JOB]
    app.extensions["jobs"].clear()
    app.extensions["jobs"][renditions.JOB] = kept


def states() -> list[tuple[str, str]]:
    db.session.rollback()
    return [(one.state, one.reason) for one in db.session.scalars(select(Rendering).order_by(Rendering.file_id))]


def number_of(model: Any) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def on_disk(app: Flask) -> set[str]:
    return {path.name for path in Path(app.instance_path, "files").rglob("*") if path.is_file()}


def named() -> set[str]:
    return set(db.session.scalars(select(File.stored_as)))


@pytest.mark.usefixtures("here")
def test_a_picture_is_rendered_by_the_job_that_came_with_it(app: Flask) -> None:
    cast.a_picture(cast.an_article(), samples.a_photo())
    assert states() == [("waiting", "")]
    assert jobs.run_due() == 1
    assert states() == [("ready", "")]
    widths = db.session.scalars(select(Rendition.width).order_by(Rendition.width)).all()
    assert widths == [320, 640, 960, 1200]
    assert on_disk(app) == named()


@pytest.mark.usefixtures("here")
def test_a_pdf_is_read_page_by_page(app: Flask) -> None:
    cast.an_attachment(cast.an_article(), samples.a_pdf(["Mot", "", "Ba"], extra=samples.SIGNED))
    jobs.run_due()
    (rendering,) = db.session.scalars(select(Rendering))
    assert (rendering.state, rendering.pages, rendering.has_text, rendering.is_signed) == ("ready", 3, True, True)
    assert [one.text for one in db.session.scalars(select(PageText).order_by(PageText.page))] == ["Mot", "", "Ba"]


@pytest.mark.usefixtures("here")
def test_a_file_at_many_places_is_rendered_once(app: Flask) -> None:
    for _ in range(3):
        cast.a_picture(cast.an_article(), samples.a_photo())
    assert number_of(Job) == 1
    jobs.run_due()
    cast.a_picture(cast.an_article(), samples.a_photo())
    assert number_of(Job) == 0
    assert number_of(Rendition) == 4


@pytest.mark.usefixtures("here")
def test_pages_that_look_the_same_are_stored_once(app: Flask) -> None:
    cast.an_attachment(cast.an_article(), samples.a_pdf(["", "", ""]))
    jobs.run_due()
    assert (number_of(Rendition), number_of(File)) == (3, 2)
    assert on_disk(app) == named()


def test_what_is_neither_picture_nor_pdf_needs_no_job(app: Flask) -> None:
    cast.an_attachment(cast.an_article(), b"PK\x05\x06" + bytes(18), "Biểu mẫu.zip")
    assert (number_of(Job), number_of(Rendering)) == (0, 0)


@pytest.mark.usefixtures("here")
def test_a_file_whose_process_died_half_way_is_rendered_by_the_next(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    cast.a_picture(cast.an_article(), samples.a_photo())
    real, deaths = renditions.write, [Died()]

    def die_once(work: Callable[..., Any]) -> Any:
        if deaths:
            raise deaths.pop()
        return real(work)

    monkeypatch.setattr(renditions, "write", die_once)
    with pytest.raises(Died):
        jobs.run_due()
    assert states() == [("waiting", "")]
    assert jobs.run_due() == 0, "the dead one holds its lease"
    later = clock.now_ms() + LEASE_MS
    monkeypatch.setattr(clock, "now_ms", lambda: later)
    assert jobs.run_due() == 1
    assert states() == [("ready", "")]
    assert number_of(Rendition) == 4


@pytest.mark.slow(why="two processes' portals render the same picture at once")
@pytest.mark.usefixtures("here")
def test_two_at_once_make_one_set(app: Flask, settings: dict[str, Any]) -> None:
    cast.a_picture(cast.an_article(), samples.a_photo())
    file_id = db.session.scalars(select(Rendering.file_id)).one()
    other = create_app(settings)

    def work(one: Flask) -> None:
        with one.app_context():
            renditions.render({"file": file_id})
            db.session.remove()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(work, [app, other]))
    assert (states(), number_of(Rendition)) == ([("ready", "")], 4)
    assert on_disk(app) == named(), "the second one's bytes are gone"
    with other.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("error", [LimitReached("too long"), ValueError("limit"), ValueError("broken")])
def test_what_cannot_be_rendered_is_marked_and_left_alone(app: Flask, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    asked: list[str] = []

    def fail(target: str, *_: Any, **__: Any) -> Any:
        asked.append(target)
        raise error

    monkeypatch.setattr(renditions, CALLED, fail)
    cast.a_picture(cast.an_article(), samples.a_photo())
    assert jobs.run_due() == 1
    assert states() == [("failed", "broken" if str(error) == "broken" else "limit")]
    assert number_of(Job) == 0
    assert renditions.render_waiting() == 0
    assert len(asked) == 1


def test_a_complaint_in_other_words_reaches_nobody(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def complain(*_: Any, **__: Any) -> Any:
        raise ValueError("/srv/portal/files/ab: not enough image data")

    monkeypatch.setattr(renditions, CALLED, complain)
    cast.a_picture(cast.an_article(), samples.a_photo())
    jobs.run_due()
    assert states() == [("failed", "broken")]


@pytest.mark.usefixtures("here")
def test_a_disk_that_fills_half_way_keeps_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    cast.a_picture(cast.an_article(), samples.a_photo())
    real, calls = os.fsync, []

    def sync(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 7:  # the third picture's bytes; each is synced with its two folders
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", sync)
    jobs.run_due()
    assert len(calls) == 7
    assert states() == [("waiting", "")]
    assert on_disk(app) == named()


@pytest.mark.usefixtures("here")
def test_a_pdf_that_is_not_begun_in_time_is_too_complex(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renditions, "LEAFING_S", -1.0)
    cast.an_attachment(cast.an_article(), samples.a_pdf(["Mot"]))
    jobs.run_due()
    assert states() == [("failed", "limit")]


@pytest.mark.usefixtures("here")
def test_what_an_older_release_attached_is_rendered_by_the_command(app: Flask) -> None:
    cast.an_attachment(cast.an_article(), samples.a_pdf(["Mot"]))
    cast.a_picture(cast.an_article(), samples.a_photo(400))
    for model in (Rendering, Job):
        write(lambda session, model=model: session.execute(delete(model)))  # type: ignore[misc]
    assert app.test_cli_runner().invoke(args=["render"]).output == "2 files done.\n"
    assert states() == [("ready", ""), ("ready", "")]


@pytest.mark.usefixtures("here")
def test_what_failed_can_be_tried_once_more(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    cast.an_attachment(cast.an_article(), b"%PDF-1.7\nrubbish")
    cast.a_picture(cast.an_article(), samples.a_photo())
    assert app.test_cli_runner().invoke(args=["render"]).output == "2 files done.\n"
    assert states() == [("failed", "broken"), ("ready", "")]
    assert app.test_cli_runner().invoke(args=["render", "--again"]).output == "1 files done.\n"


@pytest.mark.usefixtures("here")
def test_the_text_is_told_in_the_transaction_that_stores_it(app: Flask) -> None:
    told: list[tuple[int, list[str], int]] = []

    def hear(_: object, *, session: Any, file_id: int, texts: list[str]) -> None:
        told.append((file_id, texts, session.scalar(select(func.count()).select_from(Rendition))))

    cast.an_attachment(cast.an_article(), samples.a_pdf(["Mot", "Hai"]))
    cast.a_picture(cast.an_article(), samples.a_photo())
    with text_extracted.connected_to(hear):
        jobs.run_due()
    assert [(texts, renditions_seen) for _, texts, renditions_seen in told] == [(["Mot", "Hai"], 2)]


@pytest.mark.usefixtures("here")
def test_who_hears_of_the_text_and_fails_leaves_nothing_half_done(app: Flask) -> None:
    def fail(_: object, **__: Any) -> None:
        raise LookupError("no such document")

    cast.an_attachment(cast.an_article(), samples.a_pdf(["Mot"]))
    with text_extracted.connected_to(fail):
        jobs.run_due()
    assert states() == [("waiting", "")]
    assert (number_of(Rendition), number_of(PageText)) == (0, 0)
    assert on_disk(app) == named()


def test_a_text_with_halves_of_characters_and_controls_can_be_stored(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    made = {"pages": 1, "is_signed": False, "texts": ["K\ud800e\u0302\u0301\x00 ho\ufffeạch\r\nhai\u202e\r"], "sheets": []}
    monkeypatch.setattr(renditions, CALLED, lambda *_, **__: made)
    cast.an_attachment(cast.an_article(), samples.a_pdf())
    jobs.run_due()
    assert db.session.scalars(select(PageText.text)).all() == ["Kế ho-ạch\nhai"]


@pytest.mark.slow(why="starts a process for each file")
def test_the_work_is_done_in_a_process_with_limits(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    cast.a_picture(cast.an_article(), samples.a_photo())
    cast.an_attachment(cast.an_article(), samples.a_pdf(["Mot"]))
    cast.an_attachment(cast.an_article(), samples.a_pdf([]))
    jobs.run_due()
    assert states() == [("ready", ""), ("ready", ""), ("failed", "empty")]
    monkeypatch.setattr(renditions, "LEAFING_ENDS_S", 0.01)
    monkeypatch.setattr(renditions, "MEGABYTES", 16)
    cast.an_attachment(cast.an_article(), samples.a_pdf(["Hai"]))
    cast.a_picture(cast.an_article(), samples.a_photo(500))
    jobs.run_due()
    assert states()[-1] == ("failed", "limit")
    assert ("waiting", "") not in states()
    write(renditions.ask_again)
