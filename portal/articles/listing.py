"""Lists of articles in pages: the first few by number, those beyond by the article that they come after.

Nothing is counted and nothing skipped that is not bounded: the hundred-thousandth article costs what the first does.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import abort, redirect, request
from sqlalchemy import Select, select

from portal.articles.lines import Line, lines, pinned_lines
from portal.articles.models import Article, pinned, visible
from portal.articles.scopes import Key, Scope, newest, rising
from portal.core.caching import fresh_until
from portal.core.db import db
from portal.core.web import LARGEST_ID, query_number, query_value

PER_PAGE = 20
NUMBERED = 5
"""Pages that have a number; those beyond have a key."""
REACH = PER_PAGE * NUMBERED
MOST_PINNED = 5
"""What is pinned beyond these stands where its day puts it."""
MOST_HELD = 200
"""More pinned articles than this, of all sections, are nobody's wish."""
KEY = re.compile("([1-9][0-9]{0,14})-([1-9][0-9]{0,9})")


@dataclass(frozen=True, slots=True)
class Numbered:
    """A link to a page by its number; current on that page."""

    number: int
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list. newer_url and older_url are None at its ends; number is None beyond the numbered pages."""

    pinned: list[Line]
    lines: list[Line]
    number: int | None
    numbers: list[Numbered]
    newer_url: str | None
    older_url: str | None


def listing(scope: Scope, now: int, path: str, *, pins: bool = False) -> Listing:
    """Return that page of the list at `path` which the query asks for.

    With `pins`, pinned articles come first and nowhere else. Aborts with 404 where there is no such page, and leads to the
    one address of a page that was asked for by another.
    """
    query_value("truoc", longest=32)
    if {"trang", "truoc"} <= set(request.args):
        abort(404)
    first = _pinned(scope, now) if pins else ()
    rest = replace(scope, without=first)
    return _keyed(rest, now, path) if "truoc" in request.args else _numbered(rest, now, path)


def _numbered(scope: Scope, now: int, path: str) -> Listing:
    number = query_number("trang")
    if number == 1 and "trang" in request.args:
        abort(redirect(path, 301))
    head = newest(scope, now, limit=REACH + 1)
    pages = min(NUMBERED, max(1, -(-len(head) // PER_PAGE)))
    if number > pages:
        abort(404)
    end = number * PER_PAGE
    older = None
    if len(head) > end:
        older = _page(number + 1, path) if number < pages else _beyond(head[end - 1], path)
    return Listing(
        pinned=pinned_lines(_with_ids(scope.without, now)) if number == 1 and scope.without else [],
        lines=lines(_with_ids([number for _, number in head[end - PER_PAGE : end]], now)),
        number=number,
        numbers=_numbers(pages, number, path),
        newer_url=_page(number - 1, path) if number > 1 else None,
        older_url=older,
    )


def _keyed(scope: Scope, now: int, path: str) -> Listing:
    key = _parsed(request.args["truoc"], now)
    head = newest(scope, now, limit=REACH)
    if len(head) < REACH or key > head[-1]:  # it stands among the pages that have a number
        following = sum(one >= key for one in head)
        abort(redirect(_page(following // PER_PAGE + 1, path), 302) if following < len(head) else 404)
    rows = newest(scope, now, limit=PER_PAGE + 1, after=key)
    if not rows:
        abort(404)
    before = rising(scope, now, limit=PER_PAGE + 1, start=key)
    newer = before[PER_PAGE] if len(before) > PER_PAGE else head[0]
    return Listing(
        pinned=[],
        lines=lines(_with_ids([number for _, number in rows[:PER_PAGE]], now)),
        number=None,
        numbers=_numbers(NUMBERED, None, path),
        newer_url=_page(NUMBERED, path) if newer > head[-1] else _beyond(newer, path),
        older_url=_beyond(rows[PER_PAGE - 1], path) if len(rows) > PER_PAGE else None,
    )


def _parsed(said: str, now: int) -> Key:
    """Return the place that an address names; aborts with 404 where no article ever stood there in public."""
    match = KEY.fullmatch(said)
    if match is None or int(match[2]) > LARGEST_ID:
        abort(404)
    key = int(match[1]), int(match[2])
    stood = select(Article.id).where(Article.id == key[1], Article.published_at == key[0], Article.published_at <= now)
    return key if db.session.scalar(stood) is not None else abort(404)


def _beyond(key: Key, path: str) -> str:
    return f"{path}?truoc={key[0]}-{key[1]}"


def _page(number: int, path: str) -> str:
    return f"{path}?trang={number}" if number > 1 else path


def _numbers(pages: int, current: int | None, path: str) -> list[Numbered]:
    if pages < 2:
        return []
    return [Numbered(number, _page(number, path), number == current) for number in range(1, pages + 1)]


def _pinned(scope: Scope, now: int) -> tuple[int, ...]:
    """Return the ids of a list's pinned articles, newest first; every page of the list is made anew when a pin ends.

    All that are pinned are read, along their own index, and chosen from here: told the section too, SQLite would walk along
    all that the section holds.
    """
    columns = (Article.id, Article.section_id, Article.pinned_until)
    held = db.session.execute(pinned(now).with_only_columns(*columns).limit(MOST_HELD))
    ours = [(number, until) for number, section, until in held if scope.sections is None or section in scope.sections]
    for _, until in ours[:MOST_PINNED]:
        fresh_until(until or 0)
    return tuple(number for number, _ in ours[:MOST_PINNED])


def _with_ids(ids: Sequence[int], now: int) -> Select[Article]:
    return visible(now).where(Article.id.in_(ids))
