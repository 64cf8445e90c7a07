"""Everybody who may ask: a visitor, each role, an author of another unit; and the things that addresses name."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyotp
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal.accounts import devices
from portal.accounts.models import Passkey, User
from portal.accounts.permissions import Role
from portal.accounts.sealed import seal
from portal.audit.models import Entry
from portal.core.db import Model, db, write
from portal.core.sessions import cookie_name, hash_of
from portal.core.staff import SAFE
from tests import cast
from tests.accounts.browser import own_token, token_of
from tests.client import SAME_ORIGIN, PortalClient
from tests.guards import attached, pieces

HOME, ELSEWHERE = "Phòng Hành chính", "Văn phòng"
DOOR = "/ban-bien-tap"
"""What is public below this address is the way in and out: it differs for who has signed in, and by nothing else."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of person who asks; without a role, a visitor."""

    role: Role | None
    unit: str = HOME

    def __str__(self) -> str:
        return f"{self.role.value} of {self.unit}" if self.role else "visitor"


VISITOR = Kind(None)
SIGNED_IN = [*map(Kind, Role), Kind(Role.AUTHOR, ELSEWHERE)]
EVERYBODY = [VISITOR, *SIGNED_IN]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a browser; `token` is what forms of ours carry there."""

    kind: Kind
    browser: PortalClient
    user: User | None
    key: str
    token: str

    def ask(self, method: str, path: str, *, headers: dict[str, str] | None = None, **form: str) -> TestResponse:
        """Ask as a page of ours does."""
        data = None if method in SAFE else {"token": self.token, **form}
        return self.browser.open(path, method=method, headers={**SAME_ORIGIN, **(headers or {})}, data=data)


def somebody(app: Flask, kind: Kind) -> Person:
    """Store somebody new of a kind, with a password and an authenticator app, and sign them in."""
    browser: PortalClient = app.test_client()  # type: ignore[assignment]
    if kind.role is None:
        return Person(kind, browser, None, "", token_of(browser, f"{DOOR}/dang-nhap"))
    secret = seal(pyotp.random_base32(32))
    user = cast.somebody(kind.role.value, unit=cast.a_unit(kind.unit), password=cast.PASSWORD, totp_secret=secret)
    key = cast.session_of(user)
    browser.set_cookie(cookie_name(app), key)
    return Person(kind, browser, user, key, own_token(browser))


# What an address names. A thing belongs to the unit HOME, or to whoever asks where it can only be their own.


def a_passkey(person: Person) -> int:
    user_id = (person.user or cast.somebody()).id
    flags = {"sign_count": 0, "backup_eligible": False, "backed_up": False, "created_at": 0}
    kept = {"name": "Chrome, Linux", "credential_id": hash_of(str(user_id)), "public_key": b"k", **flags}

    def store(session: Session) -> int:
        passkey = Passkey(user_id=user_id, **kept)
        session.add(passkey)
        session.flush()
        return passkey.id

    return write(store)


def a_device(person: Person) -> int:
    user = person.user or cast.somebody()
    return write(lambda session: devices.trust(session, user, "Chrome, Linux")[1].id)


THINGS: dict[str, Callable[[Person], object]] = {
    "user_id": lambda _: cast.somebody("author", unit=cast.a_unit(HOME), password=cast.PASSWORD).id,
    "unit_id": lambda _: cast.a_unit(HOME),
    "device_id": a_device,
    "passkey_id": a_passkey,
    "piece_id": lambda _: pieces.a_piece_of(cast.a_unit(HOME)),
    "number": lambda _: 1,
    "poll_id": lambda _: cast.a_poll().id,
    "item_id": lambda _: attached.an_item(cast.a_unit(HOME)),
}
"""By the name of the part of an address."""

EXAMPLES: dict[str, Callable[[Person], str]] = {
    "/ban-bien-tap/tai-khoan/phien/<name>/ket-thuc": lambda person: f"/ban-bien-tap/tai-khoan/phien/{64 * 'a'}/ket-thuc",
    "/ban-bien-tap/thiet-lap-trang/<slug:name>": lambda person: "/ban-bien-tap/thiet-lap-trang/co-quan",
    "/ban-bien-tap/thiet-lap-trang/<slug:name>/lich-su": lambda person: "/ban-bien-tap/thiet-lap-trang/co-quan/lich-su",
    **pieces.examples(lambda: cast.a_unit(HOME)),
    **attached.examples(lambda: cast.a_unit(HOME)),
}
"""Addresses whose parts have no name of their own, or that lead somewhere in one state of a thing alone."""


def path_of(rule: Rule, person: Person) -> str:
    """Return an address that a rule matches, which names things that are there."""
    if rule.rule in EXAMPLES:
        return EXAMPLES[rule.rule](person)
    unknown = rule.arguments - THINGS.keys()
    assert not unknown, f"{rule.rule}: say in THINGS how to make {sorted(unknown)}, or in EXAMPLES what it looks like"
    values: dict[str, Any] = {name: THINGS[name](person) for name in rule.arguments}
    built = rule.build(values)
    assert built is not None
    return built[1]


def apart_from_the_log() -> dict[str, list[str]]:
    """Return all rows but the log's."""
    return {name: rows for name, rows in everything().items() if name not in {"audit_entry", "audit_head"}}


def log() -> list[tuple[int | None, str, str, dict[str, Any]]]:
    """Return all entries: who, what, to which thing, with which fields."""
    db.session.rollback()
    found = db.session.scalars(select(Entry).order_by(Entry.id))
    return [(entry.actor_id, entry.action, entry.thing, json.loads(entry.fields)) for entry in found]


def everything() -> dict[str, list[str]]:
    """Return all rows of all tables, to tell whether anything was stored."""
    db.session.rollback()
    connection = db.session.connection()
    return {
        name: sorted(repr(tuple(row)) for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"'))
        for name in Model.metadata.tables
    }
