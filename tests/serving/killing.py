"""Killing a server's processes while others send what they send again until it is acknowledged."""

import random
import threading
import time
from collections.abc import Callable

from tests.serving.crowd import at_once
from tests.serving.server import PATIENCE_S, Server

KILLS = 5
MOST_KILLS = 25


def until_acknowledged(send: Callable[[], int]) -> int:
    """Send the same thing until it is acknowledged; return how often it had to be repeated."""
    repeats, until = 0, time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        try:
            status = send()
        except OSError:
            time.sleep(0.02)  # nobody listens until the new worker does
        else:
            if status != 503:
                assert status == 200
                return repeats
        repeats += 1
    raise AssertionError("never acknowledged")


def send_while_killed(server: Server, send: Callable[[int, int], int], *, people: int) -> None:
    """Have people send, turn after turn, while the server's processes are killed, until that was several times and was felt.

    `send(person, turn)`, both from 0, returns how often the same had to be sent again.
    """
    over, felt = threading.Event(), threading.Event()

    def sending(person: int) -> Callable[[], list[int]]:
        def sends() -> list[int]:
            turn = 0
            while not over.is_set():
                if send(person, turn):
                    felt.set()
                turn += 1
            return []

        return sends

    *_, killed = at_once([*map(sending, range(people)), lambda: _kill_at_random(server, over, felt)])
    assert len(set(killed)) == len(killed) >= KILLS
    assert felt.is_set()


def _kill_at_random(server: Server, over: threading.Event, felt: threading.Event) -> list[int]:
    """Kill a worker or the committing process now and then; return whom. Each time it must come back by itself."""
    killed: list[int] = []
    try:
        while len(killed) < KILLS or (not felt.is_set() and len(killed) < MOST_KILLS):
            over.wait(random.uniform(0.1, 0.8))
            kill = server.kill_committer if len(killed) % 2 and server.committer() else server.kill_worker
            killed += [pid] if (pid := kill()) else []
            server.wait_until_it_answers()
    finally:
        over.set()
    return killed
