"""Heavy work runs in a process with limits."""

import os
import time
from typing import Any

import pytest

from portal.core.limits import LimitReached, call


def double(number: int) -> int:
    return 2 * number


def complain(text: str) -> None:
    raise ValueError(f"{text} cannot be read")


def take_memory(megabytes: int) -> int:
    return len(bytearray(megabytes * 1024 * 1024))


def never_end(_: Any) -> None:
    while True:
        time.sleep(0.01)


def die(_: Any) -> None:
    os.abort()


def work(name: str) -> str:
    return f"{__name__}:{name}"


pytestmark = pytest.mark.slow(why="starts a Python for each piece of work")


def test_the_result_comes_back() -> None:
    assert call(work("double"), 21, seconds=60, megabytes=512) == 42


def test_the_work_s_own_complaint_comes_back() -> None:
    with pytest.raises(ValueError, match=r"plan\.pdf cannot be read"):
        call(work("complain"), "plan.pdf", seconds=60, megabytes=512)


def test_work_within_its_memory_is_done() -> None:
    assert call(work("take_memory"), 16, seconds=60, megabytes=512) == 16 * 1024 * 1024


def test_work_that_takes_too_much_memory_is_ended() -> None:
    with pytest.raises(LimitReached):
        call(work("take_memory"), 2048, seconds=60, megabytes=512)


def test_work_that_never_ends_is_ended() -> None:
    began = time.monotonic()
    with pytest.raises(LimitReached, match="more than"):
        call(work("never_end"), None, seconds=1, megabytes=512)
    assert time.monotonic() - began < 10


def test_work_whose_process_dies_says_so() -> None:
    with pytest.raises(LimitReached):
        call(work("die"), None, seconds=60, megabytes=512)
