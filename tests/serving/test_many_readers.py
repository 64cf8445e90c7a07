"""Many readers at once: every view counts exactly once, and no visit begins twice."""

import secrets
from collections.abc import Callable

import pytest
from flask import Flask

from portal.visits import counter, pagekeys
from tests.client import READER
from tests.serving.crowd import at_once
from tests.serving.server import Server, swap
from tests.visits.readers import sums, token

pytestmark = [pytest.mark.serial, pytest.mark.slow(why="thousands of views, each durable")]

WRITERS = 8


def test_eight_writers_of_a_thousand_views_are_exact(server: Server, app: Flask) -> None:
    """Each writer brings the same 1,000 readers, each to a page of its own: 8,000 views in 1,000 visits."""
    views, visits = sums()

    def count(writer: int) -> Callable[[], None]:
        def work() -> None:
            with app.app_context():
                for reader in range(1_000):
                    address = f"198.51.100.{reader % 250}"
                    agent = READER.replace("120.0", f"119.{reader // 250}")
                    counter.see(counter.Load(f"article:{writer + 1}", secrets.token_bytes(16), address, agent))

        return work

    at_once([count(writer) for writer in range(WRITERS)])

    assert sums() == (views + 8_000, visits + 1_000)


def test_readers_of_the_real_server_are_exact(server: Server, app: Flask) -> None:
    """Eight readers with 60 pages each; every load is told twice, as after a lost reply."""
    views, visits = sums()
    keys = [pagekeys.sign(f"article:{number}") for number in range(1_000, 1_060)]

    def read(reader: int) -> Callable[[], set[int]]:
        agent = READER.replace("120.0", f"120.{reader}")

        def work() -> set[int]:
            loads = [{"page": key, "load": token()} for key in keys]
            return {swap(server, "/so-lieu", load, User_Agent=agent).status for load in loads for _ in range(2)}

        return work

    statuses = at_once([read(reader) for reader in range(WRITERS)])

    assert statuses == [{200}] * WRITERS
    assert sums() == (views + WRITERS * 60, visits + WRITERS)


def test_two_first_requests_of_one_visitor_at_once_are_one_visit(server: Server, app: Flask) -> None:
    views, visits = sums()
    keys = [pagekeys.sign(page) for page in ("article:1", "article:2")]

    for round_ in range(20):
        agent = READER.replace("120.0", f"121.{round_}")
        loads = [{"page": key, "load": token()} for key in keys]
        at_once([lambda load=load: swap(server, "/so-lieu", load, User_Agent=agent) for load in loads])  # type: ignore[misc]

    assert sums() == (views + 40, visits + 20)
