"""Visitor keys: enough to tell two visitors apart for a day, and nothing that leads back to a person."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from flask import current_app

from portal.core import clock
from portal.core.commits import read, shared
from portal.core.statements import Statement, Transaction

ADD_SALT = Statement("INSERT INTO visit_salt (day, salt) VALUES (:day, :salt) ON CONFLICT (day) DO NOTHING")
FIND_SALTS = Statement("SELECT day, salt FROM visit_salt WHERE day IN (:today, :yesterday)")

KNOWN = "visit_salts"
KNOWN_MS = clock.MINUTE
"""For how long a process goes on with the salts it has read."""


@dataclass(frozen=True, slots=True)
class Keys:
    """A visitor's key by today's salt, and by yesterday's: the bridge over midnight. None where that salt is gone."""

    today: bytes
    yesterday: bytes | None


@dataclass(frozen=True, slots=True)
class Salts:
    """The salts by which a day's visitors are told apart, as they were stored at an instant."""

    day: date
    read_at: int
    today: bytes
    yesterday: bytes | None


def keys_of(address: str, agent: str, now: int) -> Keys:
    """Return a visitor's keys at an instant. The address and the agent leave this function only as keyed hashes."""
    salts: Salts | None = current_app.extensions.get(KNOWN)
    day = clock.day_of(now)
    if salts is None or salts.day != day or not 0 <= now - salts.read_at < KNOWN_MS:
        salts = current_app.extensions[KNOWN] = _stored(day, now) or _made(day, now)
    who = f"{address}\n{agent}".encode("utf-8", "replace")
    return Keys(_key(salts.today, who), _key(salts.yesterday, who) if salts.yesterday else None)


def _made(day: date, now: int) -> Salts:
    """Store a salt for the day, unless another process was first, and return what is stored."""
    shared(_add_salt, day, secrets.token_bytes(32))
    salts = _stored(day, now)
    if salts is None:
        raise LookupError("a salt that was just stored is gone")
    return salts


def _add_salt(transaction: Transaction, day: date, salt: bytes) -> None:
    transaction.run(ADD_SALT, day=day.isoformat(), salt=salt)


def _stored(day: date, now: int) -> Salts | None:
    yesterday = (day - timedelta(days=1)).isoformat()
    rows = {str(at): bytes(salt) for at, salt in read(FIND_SALTS, today=day.isoformat(), yesterday=yesterday)}
    today = rows.get(day.isoformat())
    return Salts(day, now, today, rows.get(yesterday)) if today is not None else None


def _key(salt: bytes, who: bytes) -> bytes:
    return hmac.digest(salt, who, hashlib.sha256)[:16]
