"""The process that commits for all others: it dies, hangs and ends without a vote lost or counted twice."""

import os
import shutil
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests import cast
from tests.polls.voting import form, tallies
from tests.serving.crowd import at_once
from tests.serving.server import Server, get, swap

pytestmark = [pytest.mark.serial, pytest.mark.slow(why="a real server")]

VOTERS = 40


@pytest.fixture(params=["sqlite"])
def server(demo_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    instance = tmp_path_factory.mktemp("serving") / "instance"
    shutil.copytree(demo_instance, instance)
    with Server(instance) as server:
        yield server


@pytest.fixture
def poll() -> cast.PollIds:
    return cast.PollIds(1, [1, 2, 3])


def committer(server: Server) -> int:
    found = server.committer()
    assert found is not None
    return found


def test_it_serves_every_worker(server: Server, app: Flask) -> None:
    poll = cast.a_poll()

    answers = at_once([lambda number=number: swap(server, poll.url, form(poll, number % 3)).status for number in range(VOTERS)])  # type: ignore[misc]

    assert answers == [200] * VOTERS
    assert sum(tallies(poll)) == VOTERS
    assert len(server.workers()) == 2


def test_when_it_dies_nobody_notices(server: Server, app: Flask) -> None:
    """What waited for it is asked of the next one, so a vote is answered late, but it is answered; and counted once."""
    poll, over = cast.a_poll(), threading.Event()

    def votes(number: int) -> list[int]:
        answers = []
        while not over.is_set():
            answers.append(swap(server, poll.url, form(poll, number % 3)).status)
        return answers

    def kills() -> list[int]:
        killed: set[int] = set()
        while len(killed) < 3:
            over.wait(0.4)
            killed |= {process} if (process := server.kill_committer()) else set()
        over.set()
        return [*killed]

    *answers, killed = at_once([*(lambda number=number: votes(number) for number in range(8)), kills])  # type: ignore[misc]

    assert len(killed) == 3
    said = [status for each in answers for status in each]
    assert set(said) == {200}
    assert sum(tallies(poll)) == len(said)


def test_when_it_hangs_another_takes_its_place(server: Server, app: Flask) -> None:
    """More votes than the server has threads wait for it; all are answered, once each, and so are pages."""
    poll, hanging = cast.a_poll(), committer(server)
    os.kill(hanging, signal.SIGSTOP)

    votes = [lambda number=number: swap(server, poll.url, form(poll, number % 3)).status for number in range(12)]  # type: ignore[misc]
    answers = at_once([*votes, lambda: get(server, "/").status])

    assert answers == [200] * 13
    assert sum(tallies(poll)) == 12
    assert committer(server) != hanging
    assert not Path(f"/proc/{hanging}").exists()


def test_one_that_hangs_does_not_outlive_the_server(demo_instance: Path, tmp_path: Path) -> None:
    with Server(Path(shutil.copytree(demo_instance, tmp_path / "instance"))) as server:
        hanging = committer(server)
        os.kill(hanging, signal.SIGSTOP)

        assert server.stop(signal.SIGTERM) == 0

    assert not Path(f"/proc/{hanging}").exists()


def test_it_outlives_a_worker(server: Server, app: Flask) -> None:
    poll, before = cast.a_poll(), committer(server)
    killed = server.kill_worker()
    server.wait_until_replaced(killed)

    assert swap(server, poll.url, form(poll, 1)).status == 200
    assert committer(server) == before


def test_nobody_else_may_ask_it(server: Server) -> None:
    """Whoever could connect could have any function run: its socket lies in a folder that is closed to others."""
    held = [str(file.readlink()) for file in Path(f"/proc/{committer(server)}/fd").iterdir()]
    sockets = [line.split() for line in Path("/proc/net/unix").read_text().splitlines()]
    paths = {Path(words[7]) for words in sockets if len(words) > 7 and f"socket:[{words[6]}]" in held}

    assert [path.parent.stat().st_mode & 0o077 for path in paths] == [0]
