"""All writing goes through one door."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal.accounts.models import User
from portal.core.db import ATTEMPTS, db, write
from portal.core.errors import Unavailable
from portal.site.models import Site
from tests import cast


def somebody(number: int) -> User:
    return User(email=f"{number}@example.vn", name=cast.PEOPLE["author"], created_at=number)


def number_of_people() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(User)) or 0


def test_what_is_written_is_there_for_everybody(app: Flask) -> None:
    write(lambda session: session.add(somebody(1)))
    assert number_of_people() == 1


def test_the_result_of_the_work_comes_back_with_its_values(app: Flask) -> None:
    def store(session: Session) -> User:
        user = somebody(1)
        session.add(user)
        return user

    assert write(store).email == "1@example.vn"


def test_an_error_undoes_the_whole_work(app: Flask) -> None:
    def store(session: Session) -> None:
        session.add(somebody(1))
        session.flush()
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        write(store)
    assert number_of_people() == 0


def test_the_reading_session_refuses_to_write(app: Flask) -> None:
    db.session.add(somebody(1))
    with pytest.raises(RuntimeError, match="only reads"):
        db.session.flush()
    db.session.rollback()
    assert number_of_people() == 0


def test_the_reading_session_refuses_to_change_what_it_read(app: Flask) -> None:
    write(lambda session: session.add(somebody(1)))
    db.session.scalars(select(User)).one().name = "another"
    with pytest.raises(RuntimeError, match="only reads"):
        db.session.commit()
    db.session.rollback()
    assert db.session.scalars(select(User)).one().name == cast.PEOPLE["author"]


def test_a_reader_sees_what_it_wrote_after_it_has_read(app: Flask) -> None:
    assert number_of_people() == 0
    write(lambda session: session.add(somebody(1)))
    assert db.session.scalar(select(func.count()).select_from(User)) == 1


def raise_position(session: Session) -> None:
    """Read and write in one transaction, as a careless counter does."""
    site = session.get_one(Site, 1, with_for_update=True)
    site.telephone = str(int(site.telephone or 0) + 1)


def test_two_who_read_and_write_at_once_lose_nothing(app: Flask) -> None:
    cast.a_site()

    def many(_: int) -> None:
        with app.app_context():
            for _ in range(10):
                write(raise_position)
            db.session.remove()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(many, range(4)))
    db.session.rollback()
    assert db.session.get_one(Site, 1).telephone == "40"


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_serialization_failure_is_tried_again(app: Flask) -> None:
    cast.a_site()
    both_have_read = threading.Barrier(2)
    runs: list[int] = []

    def add_one(session: Session) -> None:
        session.execute(text("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"))
        known = session.scalar(select(Site.telephone)) or "0"
        if len(runs) < 2:
            runs.append(1)
            both_have_read.wait(10)
        else:
            runs.append(1)
        session.execute(update(Site).values(telephone=str(int(known) + 1)))

    def in_a_thread(_: int) -> None:
        with app.app_context():
            write(add_one)
            db.session.remove()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(in_a_thread, range(2)))
    db.session.rollback()
    assert db.session.get_one(Site, 1).telephone == "2"
    assert len(runs) == 3


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_failure_that_stays_is_not_tried_for_ever(app: Flask) -> None:
    runs: list[int] = []

    def never(session: Session) -> None:
        runs.append(1)
        session.execute(text("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$"))

    with pytest.raises((Unavailable, OperationalError)):
        write(never)
    assert len(runs) == ATTEMPTS


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_on_sqlite_the_work_begins_as_a_writer(app: Flask) -> None:
    """A read that turns into a write would be refused at once while somebody else writes."""

    def look(session: Session) -> bool:
        session.scalar(text("SELECT 1"))
        with db.engine.connect() as other:
            other.exec_driver_sql("PRAGMA busy_timeout=0")
            with pytest.raises(OperationalError, match="locked"):
                other.exec_driver_sql("UPDATE site SET name = 'x'")
        return True

    assert write(look)
