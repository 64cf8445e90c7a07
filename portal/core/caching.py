"""What a view says of its page's life, and the versions that end it.

A page depends on tags: always on "content", which every publishing change bumps, and on what it names with `depends_on`
(a poll's ballots). A tag's version is a row, bumped in the same transaction as the change. Views say `@cache_for`; while
they render they call `fresh_until` for whatever changes by time. `core.page_cache` keeps the pages.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, make_response, request
from sqlalchemy import String, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core import access
from portal.core.commits import Statement, Transaction
from portal.core.db import Instant, Model, db

View = TypeVar("View", bound=Callable[..., Any])

CONTENT = "content"
PLAN = "portal.cache_plan"
PAGE_CONTROL = "public, max-age=0, must-revalidate"
PERSONAL_CONTROL = "private, no-store"

BUMP = Statement("""
    INSERT INTO cache_version (tag, version) VALUES (:tag, 1)
    ON CONFLICT (tag) DO UPDATE SET version = cache_version.version + 1
""")


class CacheVersion(Model):
    """How often what a tag stands for has changed."""

    __tablename__ = "cache_version"

    tag: Mapped[str] = mapped_column(String(64), primary_key=True)
    version: Mapped[Instant]


@dataclass(slots=True)
class Plan:
    """How long a page that is being rendered will hold."""

    seconds: int
    tags: set[str] = field(default_factory=lambda: {CONTENT})
    until: int | None = None
    """The instant from which the page is wrong, or None."""


def cache_for(seconds: int, *, query: tuple[str, ...] = ()) -> Callable[[View], View]:
    """Declare a public page that is the same for everybody and holds for `seconds`; `query` are the names it reads."""

    def declare(view: View) -> View:
        @wraps(view)
        def planned(*args: Any, **kwargs: Any) -> Response:
            g.cache_plan = plan = Plan(seconds)
            response = make_response(view(*args, **kwargs))
            response.headers["Cache-Control"] = PAGE_CONTROL
            if response.status_code == 200:
                request.environ[PLAN] = plan
            return response

        planned.cache_query = query  # type: ignore[attr-defined]
        return access.public(planned)  # type: ignore[return-value]

    return declare


def personal(view: View) -> View:
    """Declare a public view whose answer is for one browser alone, and is kept nowhere."""

    @wraps(view)
    def kept_nowhere(*args: Any, **kwargs: Any) -> Response:
        response = make_response(view(*args, **kwargs))
        response.headers["Cache-Control"] = PERSONAL_CONTROL
        return response

    return access.public(kept_nowhere)  # type: ignore[return-value]


def fresh_until(instant: int) -> None:
    """Say that the page being rendered is wrong from this instant on. Outside a cached page nothing happens."""
    plan: Plan | None = g.get("cache_plan")
    if plan is not None:
        plan.until = instant if plan.until is None else min(plan.until, instant)


def depends_on(tag: str) -> None:
    """Say that the page being rendered shows what `tag` stands for. Outside a cached page nothing happens."""
    plan: Plan | None = g.get("cache_plan")
    if plan is not None:
        plan.tags.add(tag)


def bump(session: Session, tag: str = CONTENT) -> None:
    """Raise a tag's version within the transaction that changes what it stands for."""
    insert = (sqlite if session.get_bind().dialect.name == "sqlite" else postgresql).insert(CacheVersion)
    raised = {"version": CacheVersion.version + 1}
    session.execute(insert.values(tag=tag, version=1).on_conflict_do_update(index_elements=["tag"], set_=raised))


def bump_shared(transaction: Transaction, tag: str) -> None:
    """Raise a tag's version within a shared commit."""
    transaction.run(BUMP, tag=tag)


def versions() -> dict[str, int]:
    """Return every tag's version: the cheap query that other processes and nodes ask once a second."""
    with db.engine.connect() as connection:
        rows = connection.execute(select(CacheVersion.tag, CacheVersion.version))
        return dict(rows.tuples().all())


def recheck() -> None:
    """Make this process look at the versions at its next page, after a change of its own."""
    cache = current_app.extensions.get("page_cache")
    if cache is not None:
        cache.recheck()


def init_app(app: Flask) -> None:
    app.teardown_appcontext(lambda _: g.pop("cache_plan", None))
