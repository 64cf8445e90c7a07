"""Brakes on guessing. An attempt is counted before its password is looked at, so many at once are not more than one by one.

While somebody is braked the right password is refused too, in the same words. It ends by itself, and touches nobody who tries
another account or comes from another network. Addresses are kept for a day, and only as keyed hashes.
"""

import hashlib
import hmac
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from portal.accounts.models import Attempt
from portal.core import clock

WINDOW_MS = 5 * clock.MINUTE
KEPT_MS = clock.DAY
PG_LOCK = 7_291_004
"""The key of PostgreSQL's advisory lock, in which attempts queue: counting and adding is one step."""

MOST = {"account": 10, "network": 101, "everybody": 1_000}
"""Failures within the window that brake: of one account from one network, of one network (an office has one: a hundred there
lock nobody out), of all together."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Who tries, and from where."""

    account: bytes
    network: bytes


@dataclass(frozen=True, slots=True)
class Braked:
    """An attempt that is refused unread. `by` is a key of MOST."""

    by: str
    retry_after_s: int


@dataclass(frozen=True, slots=True)
class Begun:
    """An attempt that is counted. `brakes` is what the next one meets if this one fails, a key of MOST, or None."""

    id: int
    brakes: str | None


def keys_of(email: str, address: str) -> Keys:
    """Return the keys of an account as it was typed, and of an address."""
    return Keys(_key("account", email.strip().lower()[:1_000]), _key("network", address))


def begin(session: Session, keys: Keys) -> Begun | Braked:
    """Count an attempt before it is made, or refuse it."""
    now = clock.now_ms()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(PG_LOCK)))
    session.execute(delete(Attempt).where(Attempt.at <= now - KEPT_MS))
    brakes = None
    for by, concerned in _rules(keys).items():
        recent = select(func.count(), func.min(Attempt.at)).where(Attempt.at > now - WINDOW_MS, Attempt.at <= now, *concerned)
        failures, oldest = session.execute(recent).one()
        if failures >= MOST[by]:
            return Braked(by, max(1, -(-(oldest + WINDOW_MS - now) // 1_000)))
        if failures == MOST[by] - 1:
            brakes = brakes or by
    attempt = Attempt(at=now, account_key=keys.account, network_key=keys.network)
    session.add(attempt)
    session.flush()
    return Begun(attempt.id, brakes)


def forgive(session: Session, attempt: Begun) -> None:
    """Take back an attempt that was right, but is not all that is asked for."""
    session.execute(delete(Attempt).where(Attempt.id == attempt.id))


def release(session: Session, keys: Keys) -> None:
    """Forget the failures of an account from a network: somebody has signed in there."""
    session.execute(delete(Attempt).where(*_rules(keys)["account"]))


def _rules(keys: Keys) -> dict[str, tuple[ColumnElement[bool], ...]]:
    network = Attempt.network_key == keys.network
    return {"account": (Attempt.account_key == keys.account, network), "network": (network,), "everybody": ()}


def _key(kind: str, value: str) -> bytes:
    secret = current_app.config["SECRET_KEY"].encode()
    return hmac.digest(secret, f"accounts.attempt.{kind}:{value}".encode("utf-8", "replace"), hashlib.sha256)[:16]
