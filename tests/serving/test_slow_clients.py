"""Slow clients hold up nobody else: more of them than the server has threads, and pages and votes go on."""

import contextlib
import hashlib
import os
import shutil
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from portal.core.db import db
from portal.files.models import File
from tests import cast
from tests.polls.voting import form, tallies
from tests.serving.server import Server, get, swap

pytestmark = [pytest.mark.serial, pytest.mark.slow(why="a real server, and dozens of megabytes")]

SLOW = 24
"""Three times as many as there are threads."""
LARGE = 24 * 1024 * 1024
"""More than a loopback connection swallows by itself."""
SOON_S = 2.0


@pytest.fixture(params=["sqlite"], scope="module")
def server(demo_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    instance = tmp_path_factory.mktemp("serving") / "instance"
    shutil.copytree(demo_instance, instance)
    with Server(instance) as server:
        yield server


@pytest.fixture
def large(app: Flask) -> str:
    """The address of a large attachment."""
    return "/tep/" + cast.an_attachment(cast.an_article(), cast.A_PDF + os.urandom(LARGE), "Phụ lục.pdf")


@contextlib.contextmanager
def slow(server: Server, request: str, number: int = SLOW) -> Iterator[list[socket.socket]]:
    """Have many clients send a request with a small window for the answer, and read no more than its beginning."""
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(socket.socket()) for _ in range(number)]
        for client in clients:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            client.settimeout(30)
            client.connect((server.host, server.port))
            client.sendall(request.encode())
        yield clients


def check_all_goes_on(server: Server) -> None:
    """Ask for a cached page, an uncached one, a result and a vote: each is answered soon."""
    poll = cast.a_poll()
    paths = ["/", "/healthz", poll.url, poll.url + "/ket-qua"] * 3
    for path in paths:
        began = time.monotonic()
        assert get(server, path).status == 200
        assert time.monotonic() - began < SOON_S, path
    began = time.monotonic()
    assert swap(server, poll.url, form(poll, 0)).status == 200
    assert time.monotonic() - began < SOON_S
    assert tallies(poll) == [1, 0, 0]


def test_slow_downloads_hold_up_nobody(server: Server, app: Flask, large: str) -> None:
    with slow(server, f"GET {large} HTTP/1.1\r\nHost: localhost\r\n\r\n") as clients:
        assert [client.recv(12) for client in clients] == [b"HTTP/1.1 200"] * SLOW

        check_all_goes_on(server)


def test_a_download_comes_whole_while_others_are_slow(server: Server, app: Flask, large: str) -> None:
    with slow(server, f"GET {large} HTTP/1.1\r\nHost: localhost\r\n\r\n") as clients:
        assert clients[0].recv(1) == b"H"

        content = get(server, large).body

    assert len(content) == LARGE + len(cast.A_PDF)
    assert db.session.query(File).filter_by(sha256=hashlib.sha256(content).digest()).count() == 1


def test_downloads_that_are_broken_off_leave_room(server: Server, app: Flask, large: str) -> None:
    for _ in range(3):
        with slow(server, f"GET {large} HTTP/1.1\r\nHost: localhost\r\n\r\n") as clients:
            assert clients[-1].recv(1) == b"H"

    check_all_goes_on(server)


def test_slow_headers_hold_up_nobody(server: Server, app: Flask) -> None:
    with slow(server, "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "):
        check_all_goes_on(server)
