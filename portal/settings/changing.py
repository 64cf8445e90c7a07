"""Changing a setting: what was seen, what is stored, the change itself, the log and the pages' version are one write."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto

from sqlalchemy import Select, column, select, table
from sqlalchemy.orm import Session, joinedload

from portal import audit
from portal.audit import Actor, vocabulary
from portal.audit.models import SITE
from portal.core import clock, versions
from portal.core.db import db, write
from portal.core.errors import Refused
from portal.settings.groups import Fault, Setting, Values
from portal.settings.models import SettingChange


class Outcome(Enum):
    """What became of a save."""

    SAVED = auto()
    UNCHANGED = auto()
    MEANWHILE = auto()
    """Somebody else has changed it since the page was opened: nothing was stored."""


class Faulty(Refused):
    """The values cannot stand together, or not beside what else is stored."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = list(faults)
        super().__init__(self.faults[0].sentence if self.faults else "")


@dataclass(frozen=True, slots=True)
class Now:
    """What stands in a setting, and what a form says of it to be known again."""

    values: Values
    seen: str


def now(setting: Setting) -> Now:
    """Return what stands in a setting."""
    values = setting.read(db.session())
    return Now(values, digest(values))


def save(setting: Setting, values: Values, *, seen: str, actor: Actor) -> Outcome:
    """Store checked values, if nobody has changed the setting since `seen`. Raises Faulty, or Refused."""

    def store(session: Session) -> Outcome:
        site = table("site", column("id"))
        session.execute(select(site.c.id).with_for_update()).all()  # two administrators wait in line
        before = setting.read(session)
        if same(before, values):
            return Outcome.UNCHANGED
        if digest(before) != seen:
            return Outcome.MEANWHILE
        faults = list(setting.check(session, values))
        if faults:
            raise Faulty(faults)
        setting.store(session, values)
        session.flush()
        after = setting.read(session)
        if same(before, after):
            return Outcome.UNCHANGED
        author = {"author_id": actor.id, "at": clock.now_ms(), "before": before, "after": after}
        session.add(SettingChange(site_id=SITE, setting=setting.name, **author))
        session.flush()
        versions.bump(session)
        audit.record(session, vocabulary.SETTING_CHANGED, actor=actor, thing=setting.thing, setting=setting.code)
        return Outcome.SAVED

    return write(store)


def changes_of(setting: Setting) -> Select[SettingChange]:
    """Select the changes of a setting with their authors, the latest first."""
    rows = select(SettingChange).where(SettingChange.site_id == SITE, SettingChange.setting == setting.name)
    return rows.options(joinedload(SettingChange.author)).order_by(SettingChange.id.desc())


def digest(values: Values) -> str:
    """Return what differs wherever values differ."""
    written = json.dumps(values, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()


def same(some: Values, others: Values) -> bool:
    """Tell whether two values say the same; which row a line is stored in says nothing."""
    return digest(_told(some)) == digest(_told(others))


def _told(values: Values) -> Values:
    rows = [{name: value for name, value in row.items() if name != "id"} for row in values.get("rows", ())]
    return {**values, "rows": rows}
