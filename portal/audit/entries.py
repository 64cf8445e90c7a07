"""Adding entries, in the transaction of what they tell of: both are stored or neither is."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit import vocabulary
from portal.audit.chain import digest
from portal.audit.fields import LONGEST_NAME
from portal.audit.models import SITE, Entry, Head
from portal.audit.vocabulary import Action
from portal.core import clock
from portal.core.statements import Statement, Transaction
from portal.core.text import clean_line

LOCK_HEAD = Statement("SELECT last_id, hash FROM audit_head WHERE id = 1", locks=True)
ADD_ENTRY = Statement("""
    INSERT INTO audit_entry (id, at, site_id, actor_id, actor_name, action, thing, fields, previous_hash, hash)
    VALUES (:id, :at, :site_id, :actor_id, :actor_name, :action, :thing, :fields, :previous_hash, :hash)
""")


class Actor(Protocol):
    """Whoever does something: a user, or a `Program`."""

    @property
    def id(self) -> int | None: ...

    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Program:
    """Something that acts and is no user, such as a command or a job."""

    name: str
    id: None = None


NOBODY = Program("")
"""Somebody who is not signed in."""
COMMAND = Program("flask")
"""Somebody at the server's own command line."""


def record(session: Session, action: Action, *, actor: Actor, thing: str = "", **fields: object) -> None:
    """Add an entry within `core.db.write`. Raises Undeclared where the vocabulary does not know such an entry.

    `thing` is what was acted on, such as "user:12". Whoever else records waits from here until the commit, so that the order of
    ids is that of commits: record last.
    """
    written = vocabulary.checked(action, thing, fields)
    head = session.execute(select(Head.last_id, Head.hash).where(Head.id == 1).with_for_update()).one()
    session.add(Entry(**_chained(head.last_id, head.hash, action, actor, thing, written)))
    session.flush()


def record_shared(transaction: Transaction, action: Action, *, actor: Actor, thing: str = "", **fields: object) -> None:
    """Add an entry within `core.commits.shared`, whose work must not come here again when it is run a second time."""
    written = vocabulary.checked(action, thing, fields)
    last_id, last_hash = transaction.run(LOCK_HEAD).fetchone()
    transaction.run(ADD_ENTRY, **_chained(last_id, bytes(last_hash), action, actor, thing, written))


def fields_text(fields: Mapping[str, object]) -> str:
    """Return fields as an entry keeps them: the same fields are the same text."""
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _chained(last_id: int, last_hash: bytes, action: Action, actor: Actor, thing: str, fields: dict[str, Any]) -> dict[str, Any]:
    values = {
        "id": last_id + 1,
        "at": clock.now_ms(),
        "site_id": SITE,
        "actor_id": actor.id,
        "actor_name": clean_line(actor.name)[:LONGEST_NAME],
        "action": action.name,
        "thing": thing,
        "fields": fields_text(fields),
    }
    return values | {"previous_hash": last_hash, "hash": digest(last_hash, values)}
