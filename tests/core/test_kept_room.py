"""The page cache takes a bounded room, and nobody can fill it with addresses that mean nothing."""

import gc
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from portal import create_app
from portal.core.page_cache import Page
from tests import cast
from tests.client import READER, PortalClient

ROOM = 200_000


@pytest.fixture
def database() -> str:
    """What is kept in memory does not depend on the database."""
    return "sqlite"


def kept() -> list[Page]:
    """Return every page that this process holds in memory, whoever holds it."""
    gc.collect()
    return [one for one in gc.get_objects() if type(one) is Page]


@pytest.fixture
def before() -> Iterator[int]:
    """How many pages other tests have left behind; held until the end, so that they stay as many."""
    left = kept()
    yield len(left)
    left.clear()


@pytest.mark.slow(why="looks through all that is in memory")
def test_a_query_that_the_page_does_not_read_makes_no_other_page(client: PortalClient, made: Counter[str], before: int) -> None:
    page = cast.article_path(cast.an_article())
    plain = client.get(page)
    for query in ("utm_source=x", "a=1&a=2", "trang=2", "fbclid=" + "x" * 500, "", "=", "a", "%F0%9F%98%80=1"):
        answer = client.get(f"{page}?{query}")
        assert answer.data == plain.data
    assert made[page] == 1
    assert len(kept()) == before + 1


def test_a_query_that_the_page_reads_is_kept_under_one_spelling(client: PortalClient, made: Counter[str]) -> None:
    section = cast.a_section("Thông báo")
    for _ in range(21):
        cast.an_article(section=section)
    for query in ("trang=2", "trang=2&utm=1", "utm=1&trang=2"):
        assert "Trang 2" in client.get(f"/chuyen-muc/thong-bao?{query}").text
    assert made["/chuyen-muc/thong-bao"] == 1


def test_a_parameter_that_stands_twice_is_refused_and_not_kept(client: PortalClient, before: int) -> None:
    cast.a_section("Thông báo")
    assert client.get("/chuyen-muc/thong-bao?trang=1&trang=1").status_code == 400
    assert len(kept()) == before


def test_pages_that_do_not_exist_are_not_kept(client: PortalClient, before: int) -> None:
    for number in range(1, 40):
        assert client.get(f"/bai-viet/a-{number}").status_code == 404
    assert len(kept()) == before


@pytest.mark.slow(why="reads more pages than there is room for")
def test_no_more_is_kept_than_there_is_room(settings: dict[str, Any], before: int) -> None:
    app = create_app({**settings, "PAGE_CACHE_BYTES": ROOM})
    app.test_client_class = PortalClient
    with app.app_context():
        section = cast.a_section()
        paths = [cast.article_path(cast.an_article(section=section)) for _ in range(40)]
        client = app.test_client()
        for path in paths:
            assert client.get(path, headers={"Accept-Encoding": "br"}).status_code == 200
            assert client.get(path, headers={"Accept-Encoding": "br"}).status_code == 200
        pages = kept()
        assert before < len(pages) < before + 40
        assert sum(page.octets for page in pages[-(len(pages) - before) :]) <= ROOM
        app.extensions["sqlalchemy"].session.remove()
        app.extensions["sqlalchemy"].engine.dispose()


@pytest.mark.slow(why="asks in thousands of ways")
def test_many_ways_of_asking_take_little_room(app: Flask, client: PortalClient) -> None:
    page = cast.article_path(cast.an_article())
    environ = client.get(page).request.environ

    def ask(number: int) -> int:
        codings = f"br, x{number}" + "y" * 10_000
        sent = {**environ, "HTTP_ACCEPT_ENCODING": codings, "HTTP_USER_AGENT": READER}
        return len(b"".join(app.wsgi_app(sent, lambda *_: None)))  # type: ignore[func-returns-value]

    assert ask(0)
    tracemalloc.start()
    assert all(ask(number) for number in range(500))
    grown, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert grown < 1_000_000


def test_one_page_is_made_at_a_time(app: Flask, client: PortalClient, made: Counter[str]) -> None:
    page = cast.article_path(cast.an_article())
    environ = client.get("/healthz").request.environ

    def ask(_: int) -> bytes:
        sent = {**environ, "PATH_INFO": page, "REQUEST_URI": page, "RAW_URI": page}
        return b"".join(app.wsgi_app(sent, lambda *_: None))  # type: ignore[func-returns-value]

    with ThreadPoolExecutor(16) as threads:
        answers = set(threads.map(ask, range(32)))
    assert len(answers) == 1
    assert made[page] == 1


@pytest.mark.slow(why="looks through all that is in memory")
def test_the_cache_can_be_switched_off(settings: dict[str, Any], before: int) -> None:
    app = create_app({**settings, "PAGE_CACHE_BYTES": 0})
    app.test_client_class = PortalClient
    with app.app_context():
        page = cast.article_path(cast.an_article())
        assert app.test_client().get(page).status_code == 200
        assert len(kept()) == before
        app.extensions["sqlalchemy"].session.remove()
        app.extensions["sqlalchemy"].engine.dispose()
