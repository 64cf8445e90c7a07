"""Visitor keys: enough to tell two visitors apart for a day, and nothing that leads back to a person."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from portal.core.commits import Statement, Transaction

ADD_SALT = Statement("INSERT INTO visit_salt (day, salt) VALUES (:day, :salt) ON CONFLICT (day) DO NOTHING")
FIND_SALTS = Statement("SELECT day, salt FROM visit_salt WHERE day IN (:today, :yesterday)")


@dataclass(frozen=True, slots=True)
class Keys:
    """A visitor's key by today's salt, and by yesterday's: the bridge over midnight. None where that salt is gone."""

    today: bytes
    yesterday: bytes | None


def keys_of(transaction: Transaction, address: str, agent: str, day: date) -> Keys:
    """Return a visitor's keys on a day. The address and the agent leave this function only as keyed hashes."""
    salts = _salts(transaction, day)
    if day not in salts:
        transaction.run(ADD_SALT, day=day.isoformat(), salt=secrets.token_bytes(32))
        salts = _salts(transaction, day)
    who = f"{address}\n{agent}".encode("utf-8", "replace")
    yesterday = salts.get(day - timedelta(days=1))
    return Keys(_key(salts[day], who), _key(yesterday, who) if yesterday else None)


def _salts(transaction: Transaction, day: date) -> dict[date, bytes]:
    rows = transaction.run(FIND_SALTS, today=day.isoformat(), yesterday=(day - timedelta(days=1)).isoformat())
    return {date.fromisoformat(str(day)): bytes(salt) for day, salt in rows.fetchall()}


def _key(salt: bytes, who: bytes) -> bytes:
    return hmac.digest(salt, who, hashlib.sha256)[:16]
