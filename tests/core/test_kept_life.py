"""A kept page ends when what it shows changes: at once here, within a second elsewhere, by votes once a second."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask, request

from portal.core import clock
from portal.core.sessions import cookie_name
from tests import cast
from tests.client import PortalClient
from tests.clocks import Clock


def title(client: PortalClient, page: str) -> str:
    """Return an article's title as a reader sees it, "" where it is not found."""
    answer = client.get(page)
    return answer.text.partition('<h1 id="title">')[2].partition("</h1>")[0] if answer.status_code == 200 else ""


def test_a_change_is_seen_at_once_where_it_was_made(client: PortalClient, standing: Clock) -> None:
    page = cast.article_path(article := cast.an_article())
    assert title(client, page) == "Kế hoạch truyền thông năm 2022"
    cast.change_article(article, title="Kế hoạch mới")
    assert title(client, page) == "Kế hoạch mới"


def test_a_change_is_seen_by_another_process_within_a_second(
    client: PortalClient, other_node: PortalClient, standing: Clock
) -> None:
    page = cast.article_path(article := cast.an_article())
    title(other_node, page)
    cast.change_article(article, title="Kế hoạch mới")
    standing.turn(1.0)
    assert title(other_node, page) == "Kế hoạch mới"


def test_a_withdrawn_article_is_gone_within_a_second_everywhere(
    client: PortalClient, other_node: PortalClient, standing: Clock
) -> None:
    page = cast.article_path(article := cast.an_article())
    for reader in (client, other_node):
        assert title(reader, page)
    cast.change_article(article, withdrawn_at=clock.now_ms())
    assert client.get(page).status_code == 410
    standing.turn(1.0)
    assert other_node.get(page).status_code == 410
    assert "Kế hoạch" not in other_node.get("/").text


def test_who_is_signed_in_sees_a_change_at_once_in_every_process(
    app: Flask, client: PortalClient, other_node: PortalClient, standing: Clock
) -> None:
    page = cast.article_path(article := cast.an_article())
    key = cast.signed_in()
    title(other_node, page)
    cast.change_article(article, title="Kế hoạch mới")
    assert title(other_node, page) == "Kế hoạch truyền thông năm 2022"
    other_node.set_cookie(cookie_name(app), key)
    assert title(other_node, page) == "Kế hoạch mới"


def test_a_scheduled_article_appears_in_its_second(client: PortalClient, standing: Clock, made: Counter[str]) -> None:
    cast.an_article("Sẽ đăng", published_at=clock.now_ms() + 30_000)
    for _ in range(3):
        assert "Sẽ đăng" not in client.get("/").text
    assert made["/"] == 1
    standing.turn(29.9)
    assert "Sẽ đăng" not in client.get("/").text
    standing.turn(0.1)
    assert "Sẽ đăng" in client.get("/").text
    assert made["/"] == 2


def test_a_page_is_made_anew_when_its_time_is_over(client: PortalClient, standing: Clock, made: Counter[str]) -> None:
    for _ in range(62):
        client.get("/")
        standing.turn(0.99)
    assert made["/"] == 2


@pytest.mark.slow(why="opens a page a hundred times")
def test_votes_remake_a_page_once_a_second_at_most(
    client: PortalClient, standing: Clock, made: Counter[str], vote: Callable[[int], None]
) -> None:
    poll = cast.a_poll()
    client.get(poll.url)
    for _ in range(100):
        vote(poll.id)
        standing.turn(0.05)
        client.get(poll.url)
    assert 4 <= made[poll.url] - 1 <= 5


def test_a_vote_is_seen_on_every_page_within_two_seconds(client: PortalClient, other_node: PortalClient, standing: Clock) -> None:
    poll = cast.a_poll()
    page = cast.article_path(cast.an_article(poll_id=poll.id))
    for reader in (client, other_node):
        reader.get(page)
    client.swap(poll.url, {"version": 1, "choice": poll.choices[0], "request": "ab" * 16})
    for _ in range(2):
        standing.turn(1.0)
        said = [reader.get(page).text for reader in (client, other_node)]
    assert all("Tổng bình chọn: 1" in text for text in said)


def test_a_vote_in_one_poll_leaves_the_pages_of_others(
    client: PortalClient, standing: Clock, made: Counter[str], vote: Callable[[int], None]
) -> None:
    poll, other = cast.a_poll(), cast.a_poll()
    client.get(other.url)
    vote(poll.id)
    standing.turn(5)
    client.get(other.url)
    assert made[other.url] == 1


class Slow:
    """Holds the making of a page until it is told to go on."""

    def __init__(self, app: Flask, path: str) -> None:
        self.begun, self.go_on, self.path, self.times = threading.Event(), threading.Event(), path, 0
        app.before_request(self._wait)

    def _wait(self) -> None:
        if request.path == self.path and self.begun.is_set() is False and self.times:
            self.begun.set()
            assert self.go_on.wait(20)
        if request.path == self.path:
            self.times += 1


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    """Readers who ask at the same time."""
    with ThreadPoolExecutor(2) as pool:
        yield pool


def read(threads: ThreadPoolExecutor, app: Flask, page: str) -> "Future[Any]":
    return threads.submit(lambda: app.test_client().get(page))


@pytest.mark.slow(why="waits to see that no answer comes")
def test_a_withdrawn_page_does_not_stand_in_while_its_successor_is_made(
    app: Flask, client: PortalClient, standing: Clock, threads: ThreadPoolExecutor
) -> None:
    page = cast.article_path(article := cast.an_article())
    slow = Slow(app, page)
    client.get(page)
    cast.change_article(article, withdrawn_at=clock.now_ms())
    first = read(threads, app, page)
    assert slow.begun.wait(20)
    second = read(threads, app, page)
    with pytest.raises(TimeoutError):
        second.result(0.3)
    slow.go_on.set()
    assert (first.result(20).status_code, second.result(20).status_code) == (410, 410)


def test_a_page_that_votes_outdated_stands_in_while_its_successor_is_made(
    app: Flask, client: PortalClient, standing: Clock, threads: ThreadPoolExecutor, vote: Callable[[int], None]
) -> None:
    poll = cast.a_poll()
    slow = Slow(app, poll.url)
    old = client.get(poll.url).data
    vote(poll.id)
    standing.turn(1.0)
    first = read(threads, app, poll.url)
    assert slow.begun.wait(20)
    assert read(threads, app, poll.url).result(20).data == old
    slow.go_on.set()
    assert first.result(20).status_code == 200
    assert slow.times == 2


@pytest.mark.slow(why="waits to see that no answer comes")
def test_a_page_that_votes_outdated_does_not_stand_in_for_one_that_is_withdrawn(
    app: Flask, client: PortalClient, standing: Clock, threads: ThreadPoolExecutor, vote: Callable[[int], None]
) -> None:
    poll = cast.a_poll()
    page = cast.article_path(article := cast.an_article(poll_id=poll.id))
    slow = Slow(app, page)
    client.get(page)
    vote(poll.id)
    standing.turn(1.0)
    client.get("/")  # this process now knows of the vote
    cast.change_article(article, withdrawn_at=clock.now_ms())
    first = read(threads, app, page)
    assert slow.begun.wait(20)
    second = read(threads, app, page)
    with pytest.raises(TimeoutError):
        second.result(0.3)
    slow.go_on.set()
    assert (first.result(20).status_code, second.result(20).status_code) == (410, 410)
