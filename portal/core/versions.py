"""Versions: how a process learns that something it remembers is no longer right.

A tag stands for something that pages show: "content" for all that is published, "poll:5" for a poll's ballots. Its version
is a row, raised in the same transaction as the change. Every process asks for all versions, with one cheap query, when it has
not for half a second; what was made from other versions is then made anew. No messenger is needed, and any number of nodes
agree within a second.
"""

import threading
from collections.abc import Callable, Mapping
from time import monotonic
from typing import TypeAlias

from flask import Flask, current_app
from sqlalchemy import String, event, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core.db import Instant, Model, db, insert
from portal.core.statements import Statement, Transaction

CONTENT = "content"
BEGAN_AT = "portal.versions"
LOOK_AFTER_S = 0.5
"""Age of the last look from which one thread looks again, while the others go on."""
TRUST_S = 1.0
"""Age from which nobody is answered before somebody has looked."""

RAISE = Statement("""
    INSERT INTO cache_version (tag, version) VALUES (:tag, 1)
    ON CONFLICT (tag) DO UPDATE SET version = cache_version.version + 1
""")

Listener: TypeAlias = Callable[[], None]


class CacheVersion(Model):
    """How often what a tag stands for has changed."""

    __tablename__ = "cache_version"

    tag: Mapped[str] = mapped_column(String(64), primary_key=True)
    version: Mapped[Instant]


class Versions:
    """The versions as this process knows them; `listener` is told of each look that found a change."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._known: dict[str, int] = {}
        self._looking = threading.Lock()
        self._rechecks = 0
        self.listener: Listener | None = None
        self.looked_at = float("-inf")
        self.quick_until = float("-inf")
        """Until when (monotonic seconds) nobody needs to look."""

    def snapshot(self) -> Mapping[str, int]:
        """Return the versions known now; later looks leave it as it is. A tag that never changed is not in it: 0."""
        return self._known

    def changed(self, made_from: Mapping[str, int]) -> set[str]:
        """Return the tags whose known version is another than the one something was made from."""
        known = self._known
        return {tag for tag, version in made_from.items() if known.get(tag, 0) != version}

    def look(self, *, force: bool = False) -> None:
        """Have versions that are at most TRUST_S old; `force` has them from after this call began.

        One thread asks the database; others wait for it only when what is known is too old for them.
        """
        began = monotonic()
        age = began - self.looked_at
        if age < LOOK_AFTER_S and not force:
            return
        if not self._looking.acquire(blocking=force or age >= TRUST_S):
            return
        try:
            somebody_looked = self.looked_at > began if force else monotonic() - self.looked_at < LOOK_AFTER_S
            if not somebody_looked:
                self._ask()
        finally:
            self._looking.release()

    def recheck(self) -> None:
        """Have the next one who cares look, after a change of our own."""
        self._rechecks += 1
        self.quick_until = self.looked_at = float("-inf")

    def _ask(self) -> None:
        now, rechecks = monotonic(), self._rechecks
        with self._app.app_context(), db.engine.connect() as connection:
            rows = connection.execute(select(CacheVersion.tag, CacheVersion.version)).all()
        found = dict(rows)
        if found != self._known:
            self._known = found
            if self.listener is not None:
                self.listener()
        if rechecks == self._rechecks:  # else this look may have missed what it was asked for
            self.looked_at, self.quick_until = now, now + LOOK_AFTER_S


def bump(session: Session, tag: str = CONTENT) -> None:
    """Raise a tag's version within the transaction that changes what it stands for; this process notices at once."""
    raised = {"version": CacheVersion.version + 1}
    session.execute(
        insert(session, CacheVersion).values(tag=tag, version=1).on_conflict_do_update(index_elements=["tag"], set_=raised)
    )
    event.listen(session, "after_commit", lambda _: current().recheck(), once=True)


def bump_shared(transaction: Transaction, tag: str) -> None:
    """Raise a tag's version within a shared commit; this process notices at its next look, so a flood of votes costs little."""
    transaction.run(RAISE, tag=tag)


def read_from() -> Mapping[str, int]:
    """Return the versions that what is read now is at least as new as.

    On SQLite, and within one statement on PostgreSQL, a session sees the database as it was when its reading began, which may be
    before the versions known by now.
    """
    session = db.session() if db.session.registry.has() else None
    began: Mapping[str, int] | None = session.info.get(BEGAN_AT) if session is not None and session.in_transaction() else None
    return current().snapshot() if began is None else began


def _note_beginning(session: Session, *_: object) -> None:
    session.info[BEGAN_AT] = current().snapshot()


event.listen(db.session, "after_begin", _note_beginning)


def current() -> Versions:
    """Return the versions as the application's process knows them."""
    versions: Versions = current_app.extensions["versions"]
    return versions


def init_app(app: Flask) -> None:
    app.extensions["versions"] = Versions(app)
