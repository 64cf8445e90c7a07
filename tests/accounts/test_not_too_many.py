"""Nobody has more sessions or trusted devices than anybody needs: one more ends the one that was used longest ago."""

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.accounts import devices
from portal.accounts.models import TrustedDevice
from portal.core import clock, sessions
from portal.core.db import db, write
from portal.core.sessions import CODE, StaffSession, hash_of
from tests import cast
from tests.accounts.own import ACCOUNT, a_trusted_device, at_work


def kept(key: str) -> bool:
    db.session.rollback()
    return db.session.get(StaffSession, hash_of(key)) is not None


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> int:
    present = clock.now_ms()
    monkeypatch.setattr(clock, "now_ms", lambda: present)
    return present


def test_the_twenty_first_session_ends_the_one_used_longest_ago(app: Flask, now: int) -> None:
    user, other = cast.somebody("author"), cast.session_of(cast.somebody("author"))
    keys = [cast.session_of(user) for _ in range(sessions.MOST)]
    unused = hash_of(keys[7])
    write(lambda session: session.execute(update(StaffSession).where(StaffSession.key_hash == unused).values(seen_at=now - 1)))
    newest = at_work(app, user)
    assert [kept(key) for key in keys] == [place != 7 for place in range(sessions.MOST)]
    assert (newest.asks(ACCOUNT), kept(other)) == (200, True)
    assert len(db.session.scalars(select(StaffSession)).all()) == sessions.MOST + 1


def test_who_knows_a_password_alone_signs_nobody_out(app: Flask, now: int) -> None:
    user = cast.somebody("author")
    owner = cast.session_of(user)
    write(lambda session: session.execute(update(StaffSession).values(seen_at=now - clock.MINUTE)))
    half = [cast.session_of(user, stage=CODE) for _ in range(2 * sessions.MOST)]
    assert kept(owner)
    assert sum(map(kept, half)) == sessions.MOST - 1


def test_many_that_were_kept_before_are_made_as_few(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    user = cast.somebody("author")
    monkeypatch.setattr(sessions, "MOST", 30)
    for _ in range(30):
        cast.session_of(user)
    monkeypatch.setattr(sessions, "MOST", 20)
    cast.session_of(user)
    assert len(db.session.scalars(select(StaffSession)).all()) == 20


def test_the_eleventh_trusted_device_ends_the_one_trusted_longest_ago(app: Flask, now: int) -> None:
    user, other = cast.somebody("author"), cast.somebody("author")
    elsewhere = a_trusted_device(other)
    trusted = [a_trusted_device(user) for _ in range(devices.MOST)]
    oldest = trusted[4][0]
    write(lambda session: session.execute(update(TrustedDevice).where(TrustedDevice.id == oldest).values(created_at=now - 1)))
    trusted.append(a_trusted_device(user))
    assert [devices.is_trusted(user, key) for _, key in trusted] == [place != 4 for place in range(devices.MOST + 1)]
    assert devices.is_trusted(other, elsewhere[1])
