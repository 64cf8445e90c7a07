"""An entry stands or falls with what it tells of, and entries of many at once make one chain."""

import os
import random
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal.audit import record, record_shared, vocabulary
from portal.audit.chain import verify
from portal.audit.models import Entry, Head
from portal.audit.vocabulary import Undeclared
from portal.core import clock
from portal.core.commits import shared
from portal.core.db import db, write
from portal.core.statements import Statement, Transaction
from portal.site.models import Site
from tests import cast
from tests.audit.recording import ADMINISTRATOR, EDITOR, entries, some_entries

RAISE = Statement("UPDATE site SET telephone = CAST(CAST(telephone AS INTEGER) + 1 AS VARCHAR)")


def rename(session: Session, name: str) -> None:
    session.execute(update(Site).values(name=name))


def change_setting(session: Session) -> None:
    """Change something and record it, as every change of a setting does."""
    site = session.scalars(select(Site).with_for_update()).one()
    site.telephone = str(int(site.telephone or 0) + 1)
    record(session, vocabulary.SETTING_CHANGED, actor=ADMINISTRATOR, thing="site:1", setting="telephone")


def change_setting_shared(transaction: Transaction) -> None:
    transaction.run(RAISE)
    record_shared(transaction, vocabulary.SETTING_CHANGED, actor=ADMINISTRATOR, thing="site:1", setting="telephone")


def changes() -> int:
    """Return how often the setting was changed."""
    db.session.rollback()
    return int(db.session.scalars(select(Site.telephone)).one() or 0)


def test_an_entry_says_who_did_what_when(app: Flask) -> None:
    before = clock.now_ms()
    some_entries(1)
    [entry] = entries()
    assert (entry.id, entry.site_id, entry.actor_id, entry.actor_name) == (1, 1, EDITOR.id, EDITOR.name)
    assert (entry.action, entry.thing, entry.fields) == ("sign_out", "user:2", "{}")
    assert before <= entry.at <= clock.now_ms()


def test_both_forms_make_the_same_chain(app: Flask) -> None:
    cast.change_site(telephone="0")
    write(change_setting)
    shared(change_setting_shared)
    write(change_setting)
    first, second, third = entries()
    assert (first.fields, first.actor_name) == (second.fields, second.actor_name)
    assert [second.previous_hash, third.previous_hash] == [first.hash, second.hash]
    assert verify() is None


def test_several_entries_of_one_transaction_follow_each_other(app: Flask) -> None:
    def work(session: Session) -> None:
        for _ in range(3):
            record(session, vocabulary.USER_DISABLED, actor=ADMINISTRATOR, thing="user:7")

    write(work)
    assert [entry.id for entry in entries()] == [1, 2, 3]
    assert verify() is None


def test_an_entry_outlives_the_person(app: Flask) -> None:
    some_entries(1)  # the actor has no row at all
    assert entries()[0].actor_id == EDITOR.id


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("form", [write, shared])
def test_what_is_undone_leaves_no_entry_and_no_gap(app: Flask, form: Callable[..., object]) -> None:
    cast.change_site(telephone="0")
    some_entries(1)

    def fail(given: Session | Transaction) -> None:
        if isinstance(given, Session):
            change_setting(given)
        else:
            change_setting_shared(given)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        form(fail)
    some_entries(1)
    assert [entry.id for entry in entries()] == [1, 2]
    assert changes() == 0
    assert verify() is None


def test_an_entry_that_is_refused_undoes_what_it_tells_of(app: Flask) -> None:
    cast.a_site()

    def work(session: Session) -> None:
        rename(session, "Another")
        record(session, vocabulary.SETTING_CHANGED, actor=ADMINISTRATOR, thing="site:1")

    with pytest.raises(Undeclared):
        write(work)
    assert db.session.scalars(select(Site.name)).one() != "Another"


def test_nothing_is_recorded_past_the_write_door(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="only reads"):
        record(db.session(), vocabulary.SIGN_OUT, actor=EDITOR, thing="user:2")
    assert entries() == []


def sign_out_shared(transaction: Transaction) -> None:
    record_shared(transaction, vocabulary.SIGN_OUT, actor=EDITOR, thing="user:2")


def test_many_at_once_make_one_chain(app: Flask) -> None:
    """They have nothing in common but the chain, so that nothing else makes them wait for each other."""

    def many(person: int) -> None:
        with app.app_context():
            for _ in range(10):
                if person % 2:
                    some_entries(1)
                else:
                    shared(sign_out_shared)
            db.session.remove()

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(many, range(6)))
    assert [entry.id for entry in entries()] == list(range(1, 61))
    assert verify() is None


def in_a_child(app: Flask, work: Callable[[], object]) -> int:
    """Run something in a process of its own, which never comes back here, and return the process."""
    db.session.remove()
    child = os.fork()
    if child == 0:
        signal.alarm(60)
        try:
            db.engine.dispose(close=False)
            work()
        finally:
            os._exit(2)
    return child


def die(session: Session) -> None:
    session.flush()
    os.kill(os.getpid(), signal.SIGKILL)


DEATHS: dict[str, tuple[Callable[[Session], None], ...]] = {
    "after the change": (lambda session: rename(session, "Another"), die, change_setting),
    "after the entry": (change_setting, die),
    "between two entries": (change_setting, die, change_setting),
}


@pytest.mark.each_case_on_both
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("steps", DEATHS.values(), ids=DEATHS)
def test_killed_half_way_neither_is_there(app: Flask, steps: tuple[Callable[[Session], None], ...]) -> None:
    cast.change_site(telephone="0")
    some_entries(1)
    child = in_a_child(app, lambda: write(lambda session: [step(session) for step in steps]))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    assert changes() == 0
    assert len(entries()) == 1
    assert verify() is None


@pytest.mark.slow(why="kills a process that writes, several times")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_killed_at_any_moment_both_are_there_or_neither(app: Flask) -> None:
    cast.change_site(telephone="0")

    def without_end() -> None:
        while True:
            write(change_setting)

    for _ in range(5):
        child, before = in_a_child(app, without_end), changes()
        until = time.monotonic() + 30
        while changes() == before:
            assert time.monotonic() < until, "nothing was written"
        time.sleep(random.uniform(0, 0.05))  # at random
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)

    def settled(session: Session) -> tuple[int, int]:
        session.scalars(select(Head).with_for_update()).one()  # waits for a commit that PostgreSQL may still be at
        return session.scalars(select(func.count()).select_from(Entry)).one(), int(session.scalars(select(Site.telephone)).one())

    number, changed = write(settled)
    assert number == changed >= 5
    assert verify() is None
