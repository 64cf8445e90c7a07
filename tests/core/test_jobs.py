"""Jobs are done once where nobody dies, again where somebody did, and are kept where they cannot be done."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal import create_app
from portal.core import clock, jobs
from portal.core.db import db, write
from portal.core.jobs import LEASE_MS, MOST_ATTEMPTS, Job
from tests.clocks import Clock


class Died(BaseException):
    """What happens to a process half-way: nothing catches it."""


@pytest.fixture
def app(app: Flask) -> Flask:
    """A portal without the recurring jobs of its features, and with a kind of job that notes what it did."""
    app.extensions["jobs"].clear()
    return app


@pytest.fixture
def done(app: Flask) -> list[Any]:
    """The payloads that were done, in order."""
    payloads: list[Any] = []
    jobs.handle(app, "note", lambda payload: payloads.append(payload["n"]))
    return payloads


def add(number: int, *, kind: str = "note", run_at: int | None = None) -> None:
    write(lambda session: jobs.add(session, kind, {"n": number}, run_at=run_at))


def waiting() -> list[Job]:
    db.session.rollback()
    return list(db.session.scalars(select(Job).order_by(Job.id)))


def test_a_job_is_done_once_and_gone(done: list[Any]) -> None:
    add(1)
    assert jobs.run_due() == 1
    assert jobs.run_due() == 0
    assert done == [1]
    assert waiting() == []


def test_a_job_of_a_transaction_that_fails_never_was(done: list[Any]) -> None:
    def store(session: Any) -> None:
        jobs.add(session, "note", {"n": 1})
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        write(store)
    assert jobs.run_due() == 0
    assert done == []


def test_a_job_waits_for_its_time(done: list[Any], standing: Clock) -> None:
    add(1, run_at=clock.now_ms() + 10_000)
    assert jobs.run_due() == 0
    standing.turn(10)
    assert jobs.run_due() == 1
    assert done == [1]


def test_what_is_due_first_is_done_first(done: list[Any], standing: Clock) -> None:
    now = clock.now_ms()
    for number, ago in ((1, 1), (2, 3), (3, 2)):
        add(number, run_at=now - ago)
    jobs.run_due()
    assert done == [2, 3, 1]


def test_a_job_whose_process_died_is_taken_over_when_its_lease_ends(app: Flask, done: list[Any], standing: Clock) -> None:
    deaths = [Died()]

    def die_once(payload: dict[str, Any]) -> None:
        if deaths:
            raise deaths.pop()
        done.append(payload["n"])

    jobs.handle(app, "die", die_once)
    add(1, kind="die")
    with pytest.raises(Died):
        jobs.run_due()
    assert jobs.run_due() == 0, "the dead one holds its lease"
    standing.turn(LEASE_MS / 1000)
    assert jobs.run_due() == 1
    assert done == [1]
    assert waiting() == []


def test_who_comes_back_after_his_lease_does_not_end_another_s_work(app: Flask, done: list[Any], standing: Clock) -> None:
    """The first is slow beyond its lease; the second has taken the job and is still at it when the first finishes."""
    seen: list[int] = []

    def slow(payload: dict[str, Any]) -> None:
        seen.append(1)
        if len(seen) == 1:
            standing.turn(LEASE_MS / 1000 + 1)
            with pytest.raises(Died):
                jobs.run_due()
        else:
            raise Died

    jobs.handle(app, "slow", slow)
    add(1, kind="slow")
    jobs.run_due()
    assert len(waiting()) == 1


def test_a_job_that_fails_is_tried_again_later_and_later(app: Flask, standing: Clock) -> None:
    times: list[int] = []

    def fail(_: dict[str, Any]) -> None:
        times.append(clock.now_ms())
        raise ValueError("broken file")

    jobs.handle(app, "fail", fail)
    add(1, kind="fail")
    for _ in range(40):
        jobs.run_due()
        standing.turn(30)
    gaps = [round((later - earlier) / clock.MINUTE) for earlier, later in pairwise(times)]
    assert gaps == [1, 2, 4, 8]
    (job,) = waiting()
    assert job.attempts == MOST_ATTEMPTS == len(times)
    assert job.failed_at is not None
    assert job.error == "ValueError: broken file"


def test_one_job_that_fails_does_not_keep_the_others(app: Flask, done: list[Any]) -> None:
    add(1, kind="of no kind")
    add(2)
    assert jobs.run_due() == 2
    assert done == [2]
    assert [job.error for job in waiting()] == ["LookupError: no handler for jobs of kind of no kind"]


def test_a_recurring_job_comes_again_without_being_added(app: Flask, standing: Clock) -> None:
    times: list[int] = []
    jobs.handle(app, "hourly", lambda _: times.append(clock.now_ms()), every_ms=clock.HOUR)
    for _ in range(13):
        jobs.run_due()
        standing.turn(10 * 60)
    assert [later - earlier for earlier, later in pairwise(times)] == [clock.HOUR, clock.HOUR]
    assert len(waiting()) == 1


def test_a_recurring_job_that_fails_is_never_given_up(app: Flask, standing: Clock) -> None:
    def fail(_: dict[str, Any]) -> None:
        raise ValueError("no")

    jobs.handle(app, "hourly", fail, every_ms=clock.HOUR)
    for _ in range(MOST_ATTEMPTS + 3):
        jobs.run_due()
        standing.turn(2 * 60 * 60)
    (job,) = waiting()
    assert job.failed_at is None
    assert job.attempts > MOST_ATTEMPTS


def test_a_job_with_a_name_is_there_once_and_tried_until_it_is_done(app: Flask, standing: Clock) -> None:
    tried: list[int] = []

    def fail_at_first(payload: dict[str, Any]) -> None:
        tried.append(payload["n"])
        if len(tried) <= MOST_ATTEMPTS + 1:
            raise ValueError("not yet")

    jobs.handle(app, "once", fail_at_first)
    for number in (1, 2):
        write(lambda session, n=number: jobs.add_once(session, "once", "once:1", {"n": n}, run_at=clock.now_ms()))  # type: ignore[misc]
    for _ in range(MOST_ATTEMPTS + 4):
        jobs.run_due()
        standing.turn(2 * 60 * 60)
    assert tried == [1] * (MOST_ATTEMPTS + 2)
    assert waiting() == []


@pytest.mark.slow(why="two processes' portals do jobs at once")
def test_two_processes_do_each_job_once(app: Flask, settings: dict[str, Any]) -> None:
    other, counted = create_app(settings), Counter[int]()
    other.extensions["jobs"].clear()

    def note(payload: dict[str, Any]) -> None:
        counted[payload.get("n", 0)] += 1

    for one in (app, other):
        jobs.handle(one, "note", note)
        jobs.handle(one, "hourly", note, every_ms=clock.HOUR)
    for number in range(1, 21):
        add(number)

    def work(one: Flask) -> int:
        with one.app_context():
            taken = jobs.run_due()
            db.session.remove()
            return taken

    with ThreadPoolExecutor(2) as threads:
        assert sum(threads.map(work, [app, other])) == 21
    assert counted == Counter(range(21))
    with other.app_context():
        db.engine.dispose()


def test_the_thread_that_does_jobs_ends_when_it_is_told(app: Flask, done: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "POLL_S", 0.01)
    was_done = threading.Event()
    jobs.handle(app, "tell", lambda _: was_done.set())
    add(1, kind="tell")
    before = set(threading.enumerate())
    stop = jobs.start(app)
    (thread,) = set(threading.enumerate()) - before
    assert was_done.wait(10)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


def test_an_idle_portal_takes_no_write_lock(app: Flask, done: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Callable[..., Any]) -> None:
        raise AssertionError("nothing is due, and yet it writes")

    monkeypatch.setattr(jobs, "write", refuse)
    assert jobs.run_due() == 0


def test_a_job_that_kills_every_process_is_given_up(app: Flask, standing: Clock) -> None:
    def kill(_: dict[str, Any]) -> None:
        raise Died

    jobs.handle(app, "poison", kill)
    add(1, kind="poison")
    for _ in range(MOST_ATTEMPTS):
        with pytest.raises(Died):
            jobs.run_due()
        standing.turn(LEASE_MS / 1000 + 1)

    assert jobs.run_due() == 0
    assert db.session.scalars(select(Job)).one().failed_at is not None


def test_a_job_by_the_clock_waits_for_its_first_hour_and_then_for_the_next(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    now, done = clock.now_ms(), []
    jobs.handle(app, "nightly", lambda _: done.append(clock.now_ms()), at=lambda instant: (instant // clock.DAY + 1) * clock.DAY)
    first = (now // clock.DAY + 1) * clock.DAY
    for instant in (now, first - 1, first, first + clock.HOUR, first + clock.DAY + 7):
        monkeypatch.setattr(clock, "now_ms", lambda instant=instant: instant)
        jobs.run_due()
    assert done == [first, first + clock.DAY + 7]
    assert [job.run_at for job in waiting()] == [first + 2 * clock.DAY]
