"""The night's backup: a job at a fixed hour, done by a process of its own, because rows of JSON would keep readers waiting."""

import json
import logging
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from portal.audit import Program, vocabulary
from portal.audit.models import SITE, Entry
from portal.backup import folder, records
from portal.core import clock
from portal.core.db import db
from portal.core.jobs import Payload

JOB = "backup.nightly"
HOUR = 2
"""On the clock of the site's time zone."""
JOBS = Program("jobs")
NO_ROOM = 3
"""How the process ends when the disk is full."""
TAKEN = 4
"""How it ends where another one is still at work: one that takes longer than a job's lease, or outlived who began it."""
ROOT = Path(__file__).resolve().parent.parent.parent
CAUSES = {NO_ROOM: "full"}

logger = logging.getLogger(__name__)


def following(instant: int) -> int:
    """Return the first instant after one at which it strikes the hour."""
    day = clock.day_of(instant)
    struck = _struck(day.isoformat())
    return struck if struck > instant else _struck((day + timedelta(days=1)).isoformat())


def back_up(_payload: Payload) -> None:
    """Do the job, unless this night's archive was made already. Raises RuntimeError where none was made: comes again."""
    kept: int = current_app.config["BACKUPS_KEPT"]
    if kept < 1 or _is_made():
        return
    done = subprocess.run(_command(kept), cwd=ROOT, env=_environment(), capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if done.returncode == TAKEN:  # no failure: if that one comes to nothing, the job finds so when it comes again
        raise RuntimeError("another backup is being made")
    if done.returncode != 0:
        logger.error("no backup was made", extra={"fields": {"code": done.returncode, "said": done.stderr[-500:]}})
        records.note_failure(CAUSES.get(done.returncode, "ended" if done.returncode < 0 else "other"), JOBS)
        raise RuntimeError(f"no backup was made: {done.stderr[-500:]}")


def _is_made() -> bool:
    """Tell whether an archive was made since it struck the hour last: a job may be taken twice."""
    since = following(clock.now_ms() - clock.DAY)
    made = select(Entry.fields).where(Entry.site_id == SITE, Entry.action == vocabulary.BACKUP_MADE.name, Entry.at >= since)
    found = [json.loads(fields)["way"] for fields in db.session.scalars(made)]
    db.session.rollback()
    return "nightly" in found


def _command(kept: int) -> list[str]:
    flask = [sys.executable, "-P", "-m", "flask", "--app", "portal"]
    return [*flask, "backup", "create", "--nightly", str(kept), "--to", str(folder.own())]


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "FLASK_RUN_FROM_CLI"}
    database = current_app.config["DATABASE_URL"]
    return kept | {"INSTANCE": current_app.instance_path, "DATABASE_URL": database, "PYTHONPATH": str(ROOT)}


def _struck(day: str) -> int:
    return clock.instant_at(f"{day}T{HOUR:02}:00")
