"""What became of backups, as the log tells it."""

import json
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import select

from portal import audit
from portal.audit import vocabulary, words
from portal.audit.listing import Filters
from portal.audit.models import Entry
from portal.audit.vocabulary import Action
from portal.backup.creating import Made
from portal.core import clock, formats
from portal.core.db import db, write
from portal.core.language import _
from portal.core.notices import Notice

OLD_MS = 28 * clock.HOUR
"""A night's backup, and four hours for a night that takes long."""
MOST = 20


@dataclass(frozen=True, slots=True)
class Result:
    """What one try came to: an archive with its size in kB, files and files that were missing, or a cause of failure."""

    at: int
    way: str = ""
    kilobytes: int = 0
    files: int = 0
    missing: int = 0
    cause: str = ""

    @property
    def is_bad(self) -> bool:
        return bool(self.cause or self.missing)


def note(made: Made, way: str, actor: audit.Actor) -> None:
    """Put an archive that was made on record: "nightly" or by "command"."""
    missing = len(made.manifest.missing) + len(made.manifest.damaged)
    fields: dict[str, Any] = {"way": way, "kilobytes": -(-made.size // 1000), "files": len(made.manifest.files)}
    write(lambda session: audit.record(session, vocabulary.BACKUP_MADE, actor=actor, missing=missing, **fields))


def note_failure(cause: str, actor: audit.Actor) -> None:
    """Put on record that a night's backup was not made, one of words.FAILURES."""
    write(lambda session: audit.record(session, vocabulary.BACKUP_FAILED, actor=actor, cause=cause))


def latest() -> list[Result]:
    """Return what the last tries came to, the newest first."""
    found = [*_newest(vocabulary.BACKUP_MADE, MOST), *_newest(vocabulary.BACKUP_FAILED, MOST)]
    return sorted(found, key=lambda result: result.at, reverse=True)[:MOST]


def state() -> Notice:
    """Return in words when the site was last backed up; bad where that is long ago, failed, or has gaps."""
    made, failed = (next(iter(_newest(action, 1)), None) for action in (vocabulary.BACKUP_MADE, vocabulary.BACKUP_FAILED))
    now, url = clock.now_ms(), url_for("backups.show")
    if made is None:
        return Notice(_("Latest backup: none yet."), url, failed is not None or now - _begun_at(now) > OLD_MS)
    size = formats.size(made.kilobytes * 1000)
    text = _("Latest backup: %(moment)s (%(size)s).", moment=formats.moment(made.at), size=size)
    wrong = _wrong(made, failed, now)
    return Notice(f"{text} {wrong}".strip(), url, bool(wrong))


def _newest(action: Action, number: int) -> list[Result]:
    found = db.session.scalars(Filters(action=action.name).select().limit(number))
    return [Result(entry.at, **json.loads(entry.fields)) for entry in found]


def _wrong(made: Result, failed: Result | None, now: int) -> str:
    """Return what must be done something about, "" where all is well."""
    if failed is not None and failed.at > made.at:
        return _("Since then a backup failed: %(cause)s.", cause=str(words.FAILURES.words.get(failed.cause, failed.cause)))
    if now - made.at > OLD_MS:
        return _("That is too long ago.")
    if made.missing:
        return _("Files are missing or damaged: %(number)s.", number=formats.number(made.missing))
    return ""


def _begun_at(now: int) -> int:
    """Return when the site began: its log's first entry."""
    return db.session.scalar(select(Entry.at).where(Entry.id == 1)) or now
