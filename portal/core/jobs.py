"""Jobs: work that follows a request or comes by the clock, in one table, done by one thread in each process.

A job is added in the transaction of what it belongs to. Whoever takes it holds a lease; a process that dies leaves it to
the next one when the lease ends, so a job may run twice and must bear it. Recurring jobs are one row each.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from flask import Flask, current_app
from sqlalchemy import JSON, Index, String, Text, delete, select, update
from sqlalchemy.exc import OperationalError, TimeoutError
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core import clock
from portal.core.db import Instant, Model, db, insert, write
from portal.core.errors import Unavailable

logger = logging.getLogger(__name__)

LEASE_MS = 5 * clock.MINUTE
MOST_ATTEMPTS = 5
POLL_S = 1.0

Payload: TypeAlias = dict[str, Any]
Handler: TypeAlias = Callable[[Payload], None]


class Job(Model):
    """One piece of work that waits, is being done, or has failed for good (`failed_at`)."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_due", "failed_at", "run_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str | None] = mapped_column(String(80), unique=True)
    """Names a recurring job, or one that is worth having only once; neither is given up."""
    payload: Mapped[Payload] = mapped_column(JSON)
    run_at: Mapped[Instant]
    """Also the end of the lease, while somebody holds it."""
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(Text)
    failed_at: Mapped[Instant | None]


@dataclass(frozen=True, slots=True)
class Kind:
    handler: Handler
    every_ms: int | None
    at: Callable[[int], int] | None

    @property
    def recurs(self) -> bool:
        return self.every_ms is not None or self.at is not None

    def first(self, now: int) -> int:
        """Return when a recurring job is done first."""
        return now if self.at is None else self.at(now)

    def next(self, now: int) -> int:
        """Return when a recurring job that is done now is done again."""
        return now + (self.every_ms or 0) if self.at is None else self.at(now)


def handle(
    app: Flask, kind: str, handler: Handler, *, every_ms: int | None = None, at: Callable[[int], int] | None = None
) -> None:
    """Say what does jobs of a kind.

    `every_ms` makes it a recurring one that needs no adding. So does `at`, which returns after an instant the next one at which
    it is due: such a job waits for its first hour.
    """
    app.extensions["jobs"][kind] = Kind(handler, every_ms, at)


def add(session: Session, kind: str, payload: Payload, *, run_at: int | None = None) -> None:
    """Add a job in the caller's transaction, to be done from `run_at` (an instant; now by default) on."""
    session.add(Job(kind=kind, payload=payload, run_at=clock.now_ms() if run_at is None else run_at))


def add_once(session: Session, kind: str, key: str, payload: Payload, *, run_at: int) -> None:
    """Add a job that is tried until it is done, unless it is there already: `key` names it."""
    values = {"kind": kind, "key": key, "payload": payload, "run_at": run_at}
    session.execute(insert(session, Job).values(**values).on_conflict_do_nothing(index_elements=["key"]))


def run_due() -> int:
    """Do all jobs that are due and return how many were taken."""
    _add_recurring()
    taken = 0
    while _is_due() and (job := write(_take)) is not None:
        taken += 1
        _do(job)
    return taken


def _is_due() -> bool:
    """Look before writing: an idle portal takes no write lock."""
    due = select(Job.id).where(Job.failed_at.is_(None), Job.run_at <= clock.now_ms()).limit(1)
    found = db.session.scalar(due) is not None
    db.session.rollback()
    return found


def _add_recurring() -> None:
    kinds: dict[str, Kind] = current_app.extensions["jobs"]
    known = set(db.session.scalars(select(Job.key).where(Job.key.is_not(None))))
    missing = {name: kind.first(clock.now_ms()) for name, kind in kinds.items() if kind.recurs and name not in known}
    for name, at in missing.items():
        write(lambda session, name=name, at=at: add_once(session, name, name, {}, run_at=at))  # type: ignore[misc]


def _take(session: Session) -> Job | None:
    """Take the job that is due first: its run_at moves to the end of the lease."""
    now = clock.now_ms()
    due = select(Job).where(Job.failed_at.is_(None), Job.run_at <= now).order_by(Job.run_at).limit(1)
    job = session.scalar(due.with_for_update(skip_locked=True))
    if job is None:
        return None
    if job.attempts >= MOST_ATTEMPTS and job.key is None:  # it took its process with it each time
        job.failed_at, job.error = now, job.error or "every process that took it died"
        return None
    job.run_at, job.attempts = now + LEASE_MS, job.attempts + 1
    return job


def _do(job: Job) -> None:
    kind: Kind | None = current_app.extensions["jobs"].get(job.kind)
    try:
        if kind is None:
            raise LookupError(f"no handler for jobs of kind {job.kind}")
        kind.handler(job.payload)
    except Exception as caught:  # one bad job must not stop the others; it is kept with its error
        logger.exception("job failed", extra={"fields": {"job": job.id, "kind": job.kind, "attempt": job.attempts}})
        error = f"{type(caught).__name__}: {caught}"[:2_000]
        write(lambda session: _fail(session, job, error))
    else:
        write(lambda session: _finish(session, job, kind))


def _finish(session: Session, job: Job, kind: Kind) -> None:
    mine = (Job.id == job.id, Job.run_at == job.run_at)  # not, if the lease ended and another took it
    if not kind.recurs:
        session.execute(delete(Job).where(*mine))
    else:
        again = {"run_at": kind.next(clock.now_ms()), "attempts": 0, "error": None}
        session.execute(update(Job).where(*mine).values(**again))


def _fail(session: Session, job: Job, error: str) -> None:
    now = clock.now_ms()
    values: dict[str, Any] = {"error": error}
    if job.attempts >= MOST_ATTEMPTS and job.key is None:
        values["failed_at"] = now
    else:
        values["run_at"] = now + clock.MINUTE * 2 ** min(job.attempts - 1, 6)
    session.execute(update(Job).where(Job.id == job.id, Job.run_at == job.run_at).values(**values))


def start(app: Flask) -> threading.Event:
    """Start the thread that does jobs in this process; setting the returned event ends it."""
    stop = threading.Event()
    threading.Thread(target=_serve, args=(app, stop), name="jobs", daemon=True).start()
    return stop


def _serve(app: Flask, stop: threading.Event) -> None:
    while not stop.wait(POLL_S):
        with app.app_context():
            try:
                run_due()
            except (Unavailable, OperationalError, TimeoutError):
                logger.warning("jobs wait: the database does not answer")
            except Exception:  # whatever it was, the thread lives on: nothing else erases salts and visitor keys
                logger.exception("jobs wait")


def init_app(app: Flask) -> None:
    app.extensions["jobs"] = {}
