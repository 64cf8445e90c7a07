"""Many at once: threads that begin together."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def at_once(works: list[Callable[[], T]]) -> list[T]:
    """Run all works at the same moment, each in a thread of its own, and return what they return."""
    together = threading.Barrier(len(works))

    def run(work: Callable[[], T]) -> T:
        together.wait(30)
        return work()

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(run, works))


def in_turns(work: Callable[[int], T], number: int, *, at_a_time: int) -> list[T]:
    """Run work(0) to work(number - 1), so many at a time, and return what they return."""
    with ThreadPoolExecutor(at_a_time) as threads:
        return list(threads.map(work, range(number)))
