"""Entries of the cast, and what somebody does who has the whole database in their hands."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.audit import record, vocabulary
from portal.audit.entries import Program
from portal.audit.models import TRIGGERS, Entry
from portal.core.db import db, write
from tests import cast


class Person:
    """Somebody of the cast who acts."""

    def __init__(self, number: int, role: str) -> None:
        self.id = number
        self.name = cast.PEOPLE[role]


EDITOR = Person(2, "editor")
ADMINISTRATOR = Person(4, "administrator")
A_JOB = Program("jobs")


def some_entries(number: int, *, actor: Person = EDITOR) -> None:
    """Record sign-outs, all in one transaction."""

    def work(session: Session) -> None:
        for _ in range(number):
            record(session, vocabulary.SIGN_OUT, actor=actor, thing=f"user:{actor.id}")

    write(work)


def entries() -> Sequence[Entry]:
    """Return all entries in the order of their ids."""
    db.session.rollback()
    return db.session.scalars(db.select(Entry).order_by(Entry.id)).all()


def tamper(*statements: str) -> None:
    """Run statements as the owner of the database may, who takes the guards away first."""
    with db.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            for name in TRIGGERS["sqlite"]:
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            for table in ("audit_entry", "audit_head"):
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        for statement in statements:
            connection.execute(text(statement))
