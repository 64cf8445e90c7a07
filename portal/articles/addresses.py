"""Addresses that lead on: the short one of each article, and those that articles and sections once had.

A former path that the gate refuses (a letter with marks, an empty part) never gets here and leads nowhere.
"""

import io
from itertools import combinations

import segno
from flask import Response, current_app, redirect, request
from sqlalchemy import select
from sqlalchemy.exc import OperationalError, TimeoutError
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException, NotFound

from portal.articles.absence import instead_of_article
from portal.articles.lines import home_url_of, without_texts
from portal.articles.models import Article, OldAddress, Section, visible
from portal.articles.sections import home_url
from portal.core import clock, errors, language
from portal.core.caching import PAGE_CONTROL
from portal.core.db import db
from portal.core.web import absolute

MOST_PAIRS = 8
"""Names with values of a query that are tried with and without each other."""


def short_url(article_id: int) -> str:
    """Return the full short address of an article, the same in every language."""
    return absolute(f"/b/{article_id}")


def qr_code(text: str) -> bytes:
    """Return a QR code as an SVG picture, with the quiet zone that cameras need; it bears 15 % of dirt."""
    picture = io.BytesIO()
    segno.make(text, error="m", micro=False).save(picture, kind="svg", border=4, dark="#000", light="#fff", omitsize=True)
    return picture.getvalue()


def lead_to(article_id: int) -> Response:
    """Lead to an article in its own language for ever, or answer what stands in its place."""
    article = db.session.scalar(without_texts(visible(clock.now_ms()).where(Article.id == article_id)))
    if article is None:
        return instead_of_article(article_id)
    return _for_ever(home_url_of(article))


def lead_from_old() -> Response | None:
    """Lead on from a path that no view knows, where it once was an article's or a section's."""
    if request.method not in {"GET", "HEAD"} or not isinstance(request.routing_exception, NotFound):
        return None
    return lead_on(request.path)


def lead_from_nothing(response: Response) -> Response:
    """Do the same where a view knows the form of a path and has nothing there: "/trang/cu" of a former site."""
    refused = errors.ASKED in request.environ or request.routing_exception is not None
    if response.status_code != 404 or refused or request.method not in {"GET", "HEAD"}:
        return response
    try:
        return lead_on(request.path) or response
    except HTTPException:  # it leads to what is not there either
        return response
    except (OperationalError, TimeoutError) as error:  # Flask asks no handler about what this hook raises
        return current_app.make_response(current_app.handle_user_exception(error))


def lead_on(path: str, rest: str = "") -> Response | None:
    """Lead on from a former path (without the language's prefix), or return None where it never was one.

    `rest` is what was asked for below a section, such as "/2022/3". Of the query counts what the former path bore; others add
    names to it ("fbclid", "utm_source").
    """
    paths = [path, *(f"{path}?{query}" for query in _queries(request.query_string.decode()))]
    known = select(OldAddress).where(OldAddress.language == language.current(), OldAddress.path.in_(paths))
    found = max(db.session.scalars(known), key=lambda old: len(old.path), default=None)
    if found is None:
        return None
    if found.article_id is not None:
        return lead_to(found.article_id)
    section = db.session.get_one(Section, found.section_id)
    return _for_ever(home_url(section) + rest)


def _queries(said: str) -> set[str]:
    """Return a query, and what it is without some of its names."""
    pairs = said.split("&")[:MOST_PAIRS] if said else []
    fewer = {"&".join(some) for size in range(1, len(pairs) + 1) for some in combinations(pairs, size)}
    return fewer | {said} if said else fewer


def _for_ever(url: str) -> Response:
    response: Response = redirect(url, 301)  # type: ignore[assignment]
    response.headers["Cache-Control"] = PAGE_CONTROL
    return response


def keep_leading(session: Session, path: str, thing: Article | Section) -> None:
    """Have a path that an article or a section is about to lose lead to it; within the transaction that takes it away.

    A path that led elsewhere leads here from now on.
    """
    old = session.scalar(select(OldAddress).where(OldAddress.language == thing.language, OldAddress.path == path))
    if old is None:
        session.add(old := OldAddress(language=thing.language, path=path))
    old.article_id = thing.id if isinstance(thing, Article) else None
    old.section_id = thing.id if isinstance(thing, Section) else None
