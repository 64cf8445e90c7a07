"""Brakes on guessing. An attempt is counted before its password is looked at, so many at once are not more than one by one.

While somebody is braked the right password is refused too, in the same words. It ends by itself, and touches nobody who tries
another account or comes from another network. Addresses are kept for a day, and only as keyed hashes.
"""

import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from portal.accounts.emails import canonical
from portal.accounts.models import Attempt
from portal.core import clock
from portal.core.errors import Refused
from portal.core.networks import network_of

WINDOW_MS = 5 * clock.MINUTE
KEPT_MS = clock.DAY
PG_LOCK = 7_291_004
"""The key of PostgreSQL's advisory lock, in which attempts queue: counting and adding is one step."""

MOST = {"account": 10, "code": 30, "network": 101, "everybody": 1_000}
"""Failures within the window that brake: of one account from one network, of one account's codes from wherever (only who knows
the password comes so far), of one network (an office has one: a hundred there lock nobody out), of all together."""

KNOWN_BROWSER = frozenset({"network", "everybody"})
"""What does not brake a browser that its owner trusts: what others do."""
KNOWN_PASSKEY = frozenset({"everybody"})
"""What does not brake a passkey of this site. Nobody guesses one, so whoever keeps signing in braked for everybody shuts no
administrator out who has one; and administrators trust no browser."""


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
    """An attempt that is counted, in rows. `brakes` is what the next one meets if this one fails, a key of MOST, or None."""

    ids: tuple[int, ...]
    brakes: str | None


def keys_of(email: str, address: str) -> Keys:
    """Return the keys of an account, however its address is typed, and of a network address."""
    try:
        account = canonical(email)
    except Refused:
        account = email.strip().lower()[:1_000]
    return Keys(_key("account", account), _key("network", network_of(address)))


def begin(session: Session, keys: Keys, *, codes_of: int | None = None, spared: Collection[str] = ()) -> Begun | Braked:
    """Count an attempt before it is made, or refuse it.

    `codes_of` is the user whose code is tried. `spared` are the keys of MOST that do not brake it.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(PG_LOCK)))
    now = clock.now_ms()  # read within the lock: who waited for it must see those who went before
    sweep(session, now)
    brakes = None
    rules = _rules(keys)
    if codes_of is not None:
        rules = {"code": (Attempt.account_key == _key("code", str(codes_of)),), **rules}
    for by, concerned in rules.items():
        if by in spared:
            continue
        near = Attempt.at.between(now - WINDOW_MS + 1, now + WINDOW_MS)  # also after now: a clock may have been set back
        recent = select(func.count(), func.min(Attempt.at)).where(near, *concerned)
        failures, oldest = session.execute(recent).one()
        if failures >= MOST[by]:
            return Braked(by, min(WINDOW_MS // 1_000, max(1, -(-(oldest + WINDOW_MS - now) // 1_000))))
        if failures == MOST[by] - 1:
            brakes = brakes or by
    attempts = [Attempt(at=now, account_key=keys.account, network_key=keys.network)]
    if codes_of is not None:
        attempts.append(Attempt(at=now, account_key=_key("code", str(codes_of)), network_key=_key("code", str(codes_of))))
    session.add_all(attempts)
    session.flush()
    return Begun(tuple(one.id for one in attempts), brakes)


def forgive(session: Session, attempt: Begun) -> None:
    """Take back an attempt that was right, but is not all that is asked for."""
    session.execute(delete(Attempt).where(Attempt.id.in_(attempt.ids)))


def release(session: Session, keys: Keys, user_id: int) -> None:
    """Forget the failures of an account from a network: somebody has signed in there."""
    session.execute(delete(Attempt).where(*_rules(keys)["account"]))
    session.execute(delete(Attempt).where(Attempt.account_key == _key("code", str(user_id))))


def sweep(session: Session, now: int) -> None:
    """Erase attempts that are older than a day."""
    session.execute(delete(Attempt).where(Attempt.at <= now - KEPT_MS))


def _rules(keys: Keys) -> dict[str, tuple[ColumnElement[bool], ...]]:
    network = Attempt.network_key == keys.network
    return {"account": (Attempt.account_key == keys.account, network), "network": (network,), "everybody": ()}


def _key(kind: str, value: str) -> bytes:
    secret = current_app.config["SECRET_KEY"].encode()
    return hmac.digest(secret, f"accounts.attempt.{kind}:{value}".encode("utf-8", "replace"), hashlib.sha256)[:16]
