"""Checks of the whole chain: a job each day and when somebody asks for one, whose results are entries themselves.

A walk takes the longer the more there is, so no page waits for one: a page tells what the last one found.
"""

import json
import logging
from dataclasses import dataclass

from sqlalchemy import update

from portal.audit import vocabulary
from portal.audit.chain import examine
from portal.audit.entries import Program, record
from portal.audit.listing import Filters
from portal.core import clock
from portal.core.db import db, write
from portal.core.jobs import Job, Payload

JOB = "audit.verify"
EVERY_MS = clock.DAY
OVERDUE_MS = 2 * EVERY_MS
JOBS = Program("jobs")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Check:
    """What a check found: how many entries stand unbroken, and where the chain breaks, or None."""

    at: int
    entries: int
    broken: int | None

    @property
    def is_overdue(self) -> bool:
        """Tell whether there should have been another one since."""
        return clock.now_ms() - self.at > OVERDUE_MS


def check(_payload: Payload) -> None:
    """Do the job: walk the chain and record what was found, also at the end of a broken one."""
    entries, found = examine()
    broken = None if found is None else max(1, found.id)
    if found is not None:
        logger.critical("the audit's chain breaks", extra={"fields": {"entry": found.id, "what": found.what}})
    write(lambda session: record(session, vocabulary.CHAIN_VERIFIED, actor=JOBS, entries=entries, broken=broken))


def ask() -> None:
    """Have the chain checked soon; while a check is under way, nothing happens. Ten who ask are answered by one."""
    due = update(Job).where(Job.key == JOB, Job.attempts == 0).values(run_at=clock.now_ms())
    write(lambda session: session.execute(due))


def last() -> Check | None:
    """Return what the last check found, or None before the first."""
    entry = db.session.scalar(Filters(action=vocabulary.CHAIN_VERIFIED.name).select().limit(1))
    return None if entry is None else Check(entry.at, **json.loads(entry.fields))
