"""What is scheduled is nowhere before its minute and everywhere within two seconds of it: every address, process and node."""

import re
import signal
import time

import pytest
from flask import Flask
from sqlalchemy import select

from portal.articles.models import Article, Section
from portal.core import clock, versions
from portal.core.db import db
from portal.core.text import slug
from portal.publishing import acts
from portal.publishing.rules import Step
from tests import cast
from tests.articles.sending import Sender, now
from tests.publishing.writing import a_piece, piece, published, save, take
from tests.serving.server import Answer, Server, get

pytestmark = [pytest.mark.serial, pytest.mark.slow(why="real servers, and a minute that must come")]

TITLE = "Lịch kiểm định cân tại các chợ"
OTHER = "Lịch tiếp công dân của tuần"
AHEAD_MS = 6_000
"""How long before its minute something is scheduled, and three times what looking everywhere takes on this machine."""
LATE_MS = 2_000
"""Within which it is there."""
ENOUGH = 3
"""Connections for one address, so that more than one process is asked."""


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits a minute here."""
    monkeypatch.setattr(acts, "SOONEST_MS", 0)


def a_section_of_demo() -> Section:
    return db.session.get_one(Section, 1)


def lists() -> list[str]:
    section, today = a_section_of_demo(), clock.day_of(clock.now_ms())
    return [
        "/",
        f"/chuyen-muc/{section.slug}",
        f"/chuyen-muc/{section.slug}/{today.year}/{today.month}",
        "/rss.xml",
        "/atom.xml",
        f"/chuyen-muc/{section.slug}/rss.xml",
        "/api/v1/articles",
    ]


def own(article: int, title: str, file: str) -> list[str]:
    return [
        cast.article_path(article, title),
        f"/bai-viet/a-{article}",
        f"/b/{article}",
        f"/b/{article}/qr.svg",
        f"/the/{article}.png",
        f"/api/v1/articles/{article}",
        f"/tep/{file}",
        f"/tep/{file}/xem",
    ]


def maps(nodes: list[Server]) -> set[str]:
    """Return the addresses that the site map lists, on whichever node."""
    index = {path for node in nodes for path in re.findall(r"<loc>http://[^/]+(/[^<]+)</loc>", get(node, "/sitemap.xml").text)}
    found = [get(node, path).text for node in nodes for path in index]
    return {path for text in found for path in re.findall(r"<loc>http://[^/]+(/[^<]*)</loc>", text)}


def all_answers(nodes: list[Server], path: str) -> list[Answer]:
    return [get(node, path) for node in nodes for _ in range(ENOUGH)]


def showing(nodes: list[Server], words: str) -> set[str]:
    """Return the lists of which some node shows the words."""
    return {path for path in lists() if any(words in answer.text for answer in all_answers(nodes, path))}


def in_time(nodes: list[Server]) -> int:
    """Return an instant before which everything can be looked at."""
    began = time.monotonic()
    showing(nodes, TITLE)
    return clock.now_ms() + AHEAD_MS + round(3_000 * (time.monotonic() - began))


def wait_until(instant: int) -> None:
    time.sleep(max(0.0, (instant - clock.now_ms()) / 1000))


def settled(piece_id: int) -> None:
    """Return when the job has settled a piece."""
    until = time.monotonic() + 10
    while (piece(piece_id).state, piece(piece_id).standing) != ("settled", "published"):
        assert time.monotonic() < until, "no job came"
        time.sleep(0.1)  # jobs tell nobody


@pytest.mark.usefixtures("soon")
def test_two_for_the_same_minute_are_nowhere_and_then_everywhere(nodes: list[Server], app: Flask) -> None:
    author, publisher = cast.somebody("author", unit=cast.a_unit()), cast.somebody("publisher")
    section, at = a_section_of_demo().id, in_time(nodes)
    pieces = [a_piece(author, title=title, section_id=section) for title in (TITLE, OTHER)]
    Sender(app, author, pieces[0]).form(("Kế hoạch.pdf", cast.A_PDF))
    file = now(pieces[0])[0].key
    for piece_id in pieces:
        take(app, Step.SUBMIT, piece_id, author)
        take(app, Step.SCHEDULE, piece_id, publisher, at=at)
    article = piece(pieces[0]).thing_id or 0
    path = cast.article_path(article, TITLE)

    shown, listed = showing(nodes, TITLE) | showing(nodes, OTHER), path in maps(nodes)
    statuses = {one: {answer.status for answer in all_answers(nodes, one)} for one in own(article, TITLE, file)}
    assert clock.now_ms() < at, "looked too slowly"
    assert (shown, listed) == (set(), False)
    assert {one: status for one, status in statuses.items() if status != {404}} == {}

    wait_until(at + LATE_MS)
    assert (set(lists()) - showing(nodes, TITLE), set(lists()) - showing(nodes, OTHER)) == (set(), set())
    wrong = {one: {answer.status for answer in all_answers(nodes, one)} - {200, 301} for one in own(article, TITLE, file)}
    assert {one: status for one, status in wrong.items() if status} == {}
    assert path in maps(nodes)
    for piece_id in pieces:
        settled(piece_id)


@pytest.mark.usefixtures("soon")
def test_a_scheduled_change_of_a_published_article_appears_too(nodes: list[Server], app: Flask) -> None:
    author, publisher = cast.somebody("author", unit=cast.a_unit()), cast.somebody("publisher")
    piece_id = published(app, author, publisher, title="Kế hoạch cũ", section_id=a_section_of_demo().id)
    save(app, piece_id, author, title="Kế hoạch đã sửa")
    take(app, Step.SUBMIT, piece_id, author)
    at = in_time(nodes)
    take(app, Step.SCHEDULE, piece_id, publisher, at=at, note="Đổi tên.")
    article = piece(piece_id).thing_id or 0
    path = cast.article_path(article, "Kế hoạch cũ")
    early = all_answers(nodes, path)
    assert clock.now_ms() < at, "looked too slowly"
    assert all("Kế hoạch đã sửa" not in answer.text for answer in early)
    settled(piece_id)
    time.sleep(versions.TRUST_S)
    new = cast.article_path(article, "Kế hoạch đã sửa")
    assert all("Đổi tên." in answer.text for answer in all_answers(nodes, new))
    assert db.session.scalars(select(Article.slug).where(Article.id == article)).one() == slug("Kế hoạch đã sửa")


@pytest.mark.usefixtures("soon")
def test_a_server_that_was_off_at_the_minute_shows_it_at_once_and_settles_it_later(nodes: list[Server], app: Flask) -> None:
    author, publisher = cast.somebody("author", unit=cast.a_unit()), cast.somebody("publisher")
    piece_id = a_piece(author, title="Bài của đêm mất điện", section_id=a_section_of_demo().id)
    take(app, Step.SUBMIT, piece_id, author)
    for node in nodes:
        node.stop(signal.SIGTERM)
    at = clock.now_ms() + 2_000
    take(app, Step.SCHEDULE, piece_id, publisher, at=at)
    path = cast.article_path(piece(piece_id).thing_id or 0, "Bài của đêm mất điện")
    wait_until(at + 500)
    assert piece(piece_id).state == "scheduled"
    for node in nodes:
        node.start()
    assert {get(node, path).status for node in nodes} == {200}
    settled(piece_id)
