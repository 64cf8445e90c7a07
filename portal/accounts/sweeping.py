"""What is over is erased, also where nobody comes again: attempts, used codes and answered questions a day later."""

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from portal.accounts import brakes, challenges, codes
from portal.accounts.models import OneTimeLink, TrustedDevice
from portal.core import clock
from portal.core.db import write
from portal.core.jobs import Payload
from portal.core.sessions import IDLE_MS, StaffSession

JOB = "accounts.sweep"


def sweep(_payload: Payload) -> None:
    """Do the job: erase what has ended, each kind along an index or in a table of a few hundred rows."""
    now = clock.now_ms()

    def work(session: Session) -> None:
        brakes.sweep(session, now)
        codes.sweep(session, now)
        challenges.sweep(session, now)
        session.execute(delete(StaffSession).where(or_(StaffSession.expires_at <= now, StaffSession.seen_at <= now - IDLE_MS)))
        for over in (OneTimeLink, TrustedDevice):
            session.execute(delete(over).where(over.expires_at <= now))

    write(work)
