"""What is kept about readers: keyed hashes for 48 hours, then nothing but sums."""

import hashlib
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from portal.core import jobs
from portal.core.db import db, write
from portal.visits.models import PageLoad, RecentView, Salt, Visitor
from tests.client import READER, PortalClient
from tests.visits.readers import Clock, Reader, sums, token

ADDRESS = "203.0.113.5"
TRACES = (PageLoad, Visitor, RecentView, Salt)


@pytest.fixture
def time(app: object, monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch, "2026-03-17T09:00")


def left() -> list[int]:
    """Return how many loads, visitors, recent views and salts are stored."""
    db.session.rollback()
    return [db.session.scalar(select(func.count()).select_from(model)) or 0 for model in TRACES]


def salts() -> dict[date, bytes]:
    db.session.rollback()
    return {day: bytes(salt) for day, salt in db.session.execute(select(Salt.day, Salt.salt))}


def test_everything_but_the_sums_is_gone_after_48_hours(client: PortalClient, time: Clock) -> None:
    reader = Reader(client, address=ADDRESS)
    reader.sees()
    assert left() == [1, 1, 1, 1]

    time.go(hours=48)
    jobs.run_due()

    assert left() == [0, 0, 0, 0]
    assert sums() == (1, 1)


def test_a_load_told_again_within_48_hours_is_still_known(client: PortalClient, time: Clock) -> None:
    reader, load = Reader(client, address=ADDRESS), token()
    reader.sees(load=load)

    time.go(hours=47, minutes=59)
    jobs.run_due()
    reader.sees(load=load)

    assert sums() == (1, 1)


def test_what_is_still_of_use_is_kept(client: PortalClient, time: Clock) -> None:
    """The salt of yesterday bridges midnight, so it may only go when its last visit can no longer go on."""
    reader = Reader(client, address=ADDRESS)
    reader.sees()
    time.go(hours=14, minutes=50)
    reader.sees()
    jobs.run_due()
    time.go(minutes=15)
    jobs.run_due()
    reader.sees()

    assert sums() == (3, 2)
    assert set(salts()) == {date(2026, 3, 17), date(2026, 3, 18)}


@pytest.mark.slow(why="50 hours of hourly jobs")
def test_forgetting_is_done_by_itself_every_hour(client: PortalClient, time: Clock) -> None:
    """The salt of the 17th is of use until the end of the 18th."""
    Reader(client, address=ADDRESS).sees()
    seen = []

    for _ in range(50):
        jobs.run_due()
        seen.append((len(salts()), left()[1]))
        time.go(hours=1)

    assert seen.index((0, 1)) == 39  # midnight after the 18th
    assert seen.index((0, 0)) == 48


def test_salts_are_random_and_never_derived(app: Flask, client: PortalClient, time: Clock) -> None:
    """The same day, the same installation, the same reader: a salt made anew is another one."""
    made = set()
    for _ in range(3):
        Reader(client, address=ADDRESS).sees()
        made |= set(salts().values())
        write(lambda session: session.execute(delete(Salt)))
        time.go(minutes=1)

    assert len(made) == 3
    assert all(len(salt) == 32 for salt in made)


def test_each_day_has_a_salt_of_its_own(client: PortalClient, time: Clock) -> None:
    for _ in range(2):
        Reader(client, address=ADDRESS).sees()
        time.go(days=1)

    assert len(set(salts().values())) == 2


def test_nothing_but_keyed_hashes_is_stored(client: PortalClient, time: Clock) -> None:
    load = token()

    Reader(client, address=ADDRESS).sees(load=load)

    who = [ADDRESS, READER, READER[:30], ADDRESS + READER, ADDRESS + "\n" + READER]
    plain = [text.encode() for text in who]
    hashes = [make(text).digest()[:16] for text in plain for make in (hashlib.md5, hashlib.sha1, hashlib.sha256, hashlib.sha512)]
    stored = everything()
    assert bytes.fromhex(load) in stored
    assert not any(secret in value for secret in plain + hashes for value in stored)


def test_two_days_keys_of_one_reader_do_not_match(client: PortalClient, time: Clock) -> None:
    keys = set()
    for _ in range(2):
        Reader(client, address=ADDRESS).sees()
        keys |= {bytes(key) for key in db.session.scalars(select(Visitor.key))}
        time.go(days=1)
        db.session.rollback()

    assert len(keys) == 2


def everything() -> list[bytes]:
    """Return every value in the database as bytes."""
    values: list[Any] = []
    db.session.rollback()
    for table in db.metadata.tables.values():
        for row in db.session.execute(select(table)):
            values += [value if isinstance(value, bytes) else str(value).encode() for value in row]
    return values
