"""The thread that does jobs lives on whatever happens: nothing else erases salts and visitor keys."""

import threading

import pytest
from flask import Flask

from portal.core import jobs


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_unforeseen_error_does_not_end_the_thread(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    rounds: list[int] = []
    went_on = threading.Event()

    def fail_once() -> int:
        rounds.append(1)
        if len(rounds) == 1:
            raise LookupError("nobody thought of this")
        went_on.set()
        return 0

    monkeypatch.setattr(jobs, "POLL_S", 0.01)
    monkeypatch.setattr(jobs, "run_due", fail_once)

    stop = jobs.start(app)

    assert went_on.wait(10)
    stop.set()
