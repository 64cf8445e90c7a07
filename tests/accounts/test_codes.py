"""A code counts once, and a fresh one counts, wherever the clock is set to in between."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import insert, select, update

from portal.accounts import codes, sweeping
from portal.accounts.models import UsedCode, User
from portal.accounts.totp import STEP_MS
from portal.core import clock
from portal.core.db import db, write
from portal.core.sessions import CODE
from tests.accounts.own import at_work, code_of, with_app
from tests.client import PortalClient

STEP = "/ban-bien-tap/ma-xac-thuc"


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> int:
    """The instant at which the clock stands."""
    present = clock.now_ms() // STEP_MS * STEP_MS
    at(monkeypatch, present)
    return present


@pytest.fixture
def owned(app: Flask) -> tuple[User, str]:
    return with_app()


def at(monkeypatch: pytest.MonkeyPatch, instant: int) -> None:
    monkeypatch.setattr(clock, "now_ms", lambda: instant)


def tried(app: Flask, user: User, code: str) -> int:
    """Type a code on a browser of its own whose password was right."""
    return at_work(app, user, stage=CODE).sends(STEP, STEP, code=code)[0]


def kept() -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(select(UsedCode.step).order_by(UsedCode.step)))


@pytest.mark.parametrize("away", [-2 * clock.HOUR, 2 * clock.HOUR, -2 * clock.DAY, 2 * clock.DAY, -STEP_MS, STEP_MS])
def test_a_fresh_code_counts_after_the_clock_was_set(
    app: Flask, owned: tuple[User, str], now: int, monkeypatch: pytest.MonkeyPatch, away: int
) -> None:
    user, secret = owned
    assert tried(app, user, code_of(secret)) == 303
    at(monkeypatch, now + away)
    assert tried(app, user, code_of(secret)) == 303


@pytest.mark.parametrize("ahead", [2 * clock.HOUR, 2 * clock.DAY])
def test_a_code_of_a_clock_that_was_ahead_stays_used_when_its_time_comes(
    app: Flask, owned: tuple[User, str], now: int, monkeypatch: pytest.MonkeyPatch, ahead: int
) -> None:
    user, secret = owned
    at(monkeypatch, now + ahead)
    code = code_of(secret)
    assert tried(app, user, code) == 303
    at(monkeypatch, now)
    sweeping.sweep({})
    assert tried(app, user, code) == 422
    at(monkeypatch, now + ahead)
    sweeping.sweep({})
    assert tried(app, user, code) == 422


def test_a_replay_after_the_clock_was_set_back_by_hours_stays_refused(
    app: Flask, owned: tuple[User, str], now: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, secret = owned
    code = code_of(secret)
    assert tried(app, user, code) == 303
    at(monkeypatch, now + 23 * clock.HOUR)
    sweeping.sweep({})
    assert tried(app, user, code_of(secret)) == 303
    at(monkeypatch, now)
    assert tried(app, user, code) == 422


def test_the_code_that_confirmed_the_app_is_used_too(app: Flask, owned: tuple[User, str], now: int) -> None:
    user, secret = owned
    write(lambda session: session.execute(update(User).values(totp_step=now // STEP_MS)))
    assert tried(app, user, code_of(secret)) == 422
    assert tried(app, user, code_of(secret, steps=-1)) == 303


def test_another_s_used_code_is_not_one_s_own(app: Flask, owned: tuple[User, str], now: int) -> None:
    user, secret = owned
    other, _ = with_app()
    write(lambda session: session.add(UsedCode(user_id=other.id, step=now // STEP_MS)))
    assert tried(app, user, code_of(secret)) == 303


def test_of_one_code_twice_at_once_one_counts(app: Flask, owned: tuple[User, str], monkeypatch: pytest.MonkeyPatch) -> None:
    user, secret = owned
    code, both, read = code_of(secret), threading.Barrier(2, timeout=20), codes.read
    monkeypatch.setattr(codes, "read", lambda *said: (read(*said), both.wait())[0])
    keys = [at_work(app, user, stage=CODE) for _ in range(2)]

    def send(place: int) -> int:
        with app.app_context():
            return keys[place].sends(STEP, STEP, code=code)[0]

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(send, range(2))) == [303, 422]
    assert len(kept()) == 1


def test_used_codes_are_erased_a_day_after_their_time(app: Flask, owned: tuple[User, str], now: int) -> None:
    user, step, day = owned[0], now // STEP_MS, clock.DAY // STEP_MS
    steps = [step - day - 1, step - day, step, step + 3 * day]
    write(lambda session: session.execute(insert(UsedCode), [{"user_id": user.id, "step": one} for one in steps]))
    sweeping.sweep({})
    assert kept() == steps[1:]


def test_a_step_that_fails_uses_no_code_up(app: Flask, client: PortalClient, owned: tuple[User, str]) -> None:
    user, secret = owned
    code = codes.read(user, code_of(secret))

    def killed_half_way(session: object) -> None:
        assert codes.take(session, user.id, code)  # type: ignore[arg-type]
        raise InterruptedError

    with pytest.raises(InterruptedError):
        write(killed_half_way)
    assert kept() == []
