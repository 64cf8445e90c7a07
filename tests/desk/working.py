"""Who works at the desk in tests, and pieces set as far on their way as a list needs them, without the steps between."""

import re
from typing import Any

from flask import Flask
from sqlalchemy import update

from portal.accounts.models import User
from portal.core.db import write
from portal.core.sessions import cookie_name
from portal.core.text import fold
from portal.publishing.models import Piece
from tests import cast
from tests.client import PortalClient
from tests.publishing import writing

DESK, LIST, HOURS = "/ban-bien-tap", "/ban-bien-tap/bai", "/ban-bien-tap/thoi-han"
HOME = 0
PUBLISHED: dict[str, Any] = {"state": "settled", "standing": "published", "published_at": 1_640_000_000_000}


def at_work(app: Flask, role: str, *, unit: int | None = HOME) -> tuple[PortalClient, User]:
    """Return the browser of somebody who is signed in, and who it is: of one unit, unless said otherwise."""
    user = cast.somebody(role, unit=cast.a_unit() if unit == HOME else unit)
    browser: PortalClient = app.test_client()  # type: ignore[assignment]
    browser.set_cookie(cookie_name(app), cast.session_of(user))
    return browser, user


def a_piece(author: User, title: str = "Kế hoạch truyền thông năm 2022", *, section: int | None = None, **columns: Any) -> int:
    """Begin a piece and set columns of its row, as steps would leave them."""
    piece_id = writing.a_piece(author, title=title, section_id=section)
    if columns:
        write(lambda session: session.execute(update(Piece).where(Piece.id == piece_id).values(**columns)))
    return piece_id


def many(author: User, number: int, *, section: int, **columns: Any) -> None:
    """Add pieces "Tin số 1" to "Tin số <number>", the first changed last, and published last where they are."""
    first = writing.piece(a_piece(author, "Tin số 1", section=section, **columns))
    plain = {column.key: getattr(first, column.key) for column in Piece.__table__.columns if column.key not in {"id", "thing_id"}}
    titles = {place: f"Tin số {place}" for place in range(2, number + 1)}
    times = ("changed_at", "published_at")
    rows = [
        plain | {"title": title, "title_folded": fold(title)} | {name: max(0, getattr(first, name) - place) for name in times}
        for place, title in titles.items()
    ]
    write(lambda session: session.add_all([Piece(**row) for row in rows]))


def titles(html: str) -> list[str]:
    """Return the titles in the whole list, in order."""
    return re.findall(r'<th role="rowheader" scope="row"><a href="[^"]*">([^<]*)</a>', html)


def panels(html: str) -> dict[str, tuple[str, list[str]]]:
    """Return the lists of the first page by their names, each with its number and its titles."""
    found = re.findall(r'<h3 id="([\w-]+)">[^<]*<span class="desk-number">([^<]*)</span></h3>\s*<ul>(.*?)</ul>', html, re.DOTALL)
    return {key: (number, re.findall(r"<a href=[^>]*>([^<]*)</a>", lines)) for key, number, lines in found}


def link(html: str, rel: str) -> str:
    """Return the address of a neighbouring page, "" where there is none."""
    found = re.search(rf'rel="{rel}" href="([^"]+)"', html)
    return found[1].replace("&amp;", "&") if found else ""
