"""Stopping: at once when nothing is done, and not before what was begun is answered."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from portal import create_app
from portal.core.db import db
from tests.cast import PollIds
from tests.polls.voting import form, tallies
from tests.serving.locks import somebody_else_writing
from tests.serving.server import Server, get, swap

pytestmark = [pytest.mark.serial, pytest.mark.slow(why="starts real servers")]

DEMO_POLL = PollIds(1, [1, 2, 3])
SOON_S = 5.0


def test_an_idle_server_stops_soon_and_cleanly(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        get(server, "/")
        began = time.monotonic()

        status = server.stop(signal.SIGTERM)

        assert status == 0
        assert time.monotonic() - began < SOON_S
        assert "Traceback" not in "\n".join(server.lines)
        with pytest.raises(ConnectionRefusedError):
            get(server, "/")


def test_ctrl_c_reaches_every_process_and_stops_cleanly(tmp_path: Path) -> None:
    """A terminal sends SIGINT to the whole group, so the worker gets it too."""
    with Server(tmp_path) as server:
        family = [*server.workers(), server.committer()]
        assert None not in family
        assert server.process is not None
        os.killpg(server.process.pid, signal.SIGINT)

        assert server.process.wait(SOON_S) == 0
        wait_until_gone([process for process in family if process is not None])
        assert "Traceback" not in "\n".join(server.lines)


def wait_until_gone(processes: list[int]) -> None:
    """Return when no process is left; the committing one ends when it sees that nobody needs it any more."""
    until = time.monotonic() + SOON_S
    while left := [process for process in processes if Path(f"/proc/{process}").exists()]:
        assert time.monotonic() < until, f"still there: {left}"
        time.sleep(0.02)  # somebody else's child cannot be waited for


def test_a_vote_that_was_begun_is_stored_and_answered(tmp_path: Path) -> None:
    with Server(tmp_path) as server, ThreadPoolExecutor(1) as voter:
        with somebody_else_writing(tmp_path / "portal.db"):
            vote = voter.submit(swap, server, DEMO_POLL.url, form(DEMO_POLL, 0))
            time.sleep(0.5)  # the vote waits for the lock; nothing tells when it has begun to
            assert server.process is not None
            server.process.send_signal(signal.SIGTERM)
            assert not vote.done()

        assert vote.result().status == 200
        assert server.process.wait(SOON_S) == 0

    with create_app({"INSTANCE": str(tmp_path), "DATABASE_URL": ""}).app_context():
        assert tallies(DEMO_POLL) == [1, 1, 1]
        db.engine.dispose()
