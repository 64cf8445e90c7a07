"""Refusals of permissions: who asked for what they may not see or do. `core.staff` tells of them before it answers 404.

Somebody who hammers fills no log: of one person at one endpoint there is one entry a minute, and what is not recorded is not
written at all.
"""

from flask import request
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.audit import vocabulary
from portal.audit.entries import Actor, fields_text, record
from portal.audit.models import SITE, Entry, Head
from portal.core import clock
from portal.core.db import db, write

AGAIN_AFTER_MS = clock.MINUTE
NOT_FOUND = "not_found"


def note(actor: Actor) -> None:
    """Record that whoever asks was refused, unless that was recorded within the last minute."""
    said = {"answer": NOT_FOUND, "endpoint": request.endpoint or ""}
    recent, thing = _recent(actor.id, said), _named()
    if db.session.scalar(recent) is not None:
        return

    def store(session: Session) -> None:
        session.execute(select(Head.id).where(Head.id == 1).with_for_update())  # of two at once the second sees the first
        if session.scalar(recent) is None:
            record(session, vocabulary.ACCESS_REFUSED, actor=actor, thing=thing, **said)

    write(store)


def _recent(actor_id: int | None, said: dict[str, str]) -> Select[int]:
    """Select the entry of the last minute, of whatever thing: numbers that are tried one after the other are one refusal."""
    now = clock.now_ms()
    near = Entry.at.between(now - AGAIN_AFTER_MS + 1, now + AGAIN_AFTER_MS)  # also after now: a clock may have been set back
    same = (Entry.actor_id == actor_id, Entry.action == vocabulary.ACCESS_REFUSED.name, Entry.fields == fields_text(said))
    return select(Entry.id).where(Entry.site_id == SITE, near, *same).limit(1)


def _named() -> str:
    """Return the thing that the address names, as entries write it: "user:12" for a part called user_id; "" for none."""
    parts = (request.view_args or {}).items()
    named = (f"{name.removesuffix('_id')}:{value}" for name, value in parts if name.endswith("_id"))
    return next((thing for thing in named if vocabulary.THING.fullmatch(thing)), "")
