"""How granian's worker calls the application and sends what it returns.

Three things differ from granian's own way. Bodies that come piece by piece (files) are sent from threads of their own: granian
sends them from the thread that answered and waits there for the client, so as many slow downloads as there are threads stop the
site. The application is given the request alone, not the whole environment of the process with it, secrets included. And a
worker always wakes to stop.
This reaches into granian (pinned); tests/serving shows that it works, docs/decisions/0006-server.md what else was tried.
"""

import gc
import os
import signal
import sys
from collections.abc import Callable
from threading import BoundedSemaphore, Thread
from typing import Any

from granian import _signals
from granian._granian import WorkerSignal
from granian.server import mp
from granian.wsgi import Response, ResponseIterWrap

from portal.core.gate import WSGI

WRAP = "_wsgi_call_wrap"
"""What granian.server.mp calls to wrap the application in a worker; there is no public place for it."""

MOST_DOWNLOADS = 200
BUSY = "Có quá nhiều lượt tải cùng lúc. Vui lòng thử lại sau 1 phút.\n"
BUSY_HEADERS = [
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Retry-After", "60"),
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
]

SAME_FOR_ALL: dict[str, Any] = {
    "SCRIPT_NAME": "",
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,
    "wsgi.multiprocess": False,
    "wsgi.multithread": True,
    "wsgi.run_once": False,
    "wsgi.version": (1, 0),
}

NEW_OBJECTS = 20_000
"""After so many more are made than dropped, the collector looks for cycles; an answer makes hundreds and drops them itself."""

_places = BoundedSemaphore(MOST_DOWNLOADS)


def install() -> None:
    """Have granian's worker, which loads the application in its own process, call it through `wrap` and stop once."""
    setattr(mp, WRAP, wrap)
    _signals.set_sync_signals = stop_once


def stop_once() -> WorkerSignal:
    """Return what granian's worker waits on, set by the first SIGINT or SIGTERM.

    A thread of its own hears of the signal by a pipe. granian sets it from the signal's handler, which Python runs in the main
    thread; Ctrl-C, which reaches a worker twice, now and then left that thread asleep until it was killed.
    """
    stopping = WorkerSignal()
    heard, told = os.pipe()
    os.set_blocking(told, False)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _nothing)
    signal.set_wakeup_fd(told, warn_on_full_buffer=False)

    def stop() -> None:
        os.read(heard, 1)
        stopping.set()

    Thread(target=stop, name="stop", daemon=True).start()
    return stopping


def _nothing(*_: object) -> None:
    """Handle a signal by doing nothing: its number has gone down the pipe."""


def wrap(application: WSGI, _scope_options: object = None, _access_log: object = None) -> Callable[[Any, Any], int]:
    """Return what granian calls for each request, with its protocol object and the request's part of the environment."""
    _look_for_cycles_rarely()

    def run(protocol: Any, request: dict[str, Any]) -> int:
        answer = Response()  # type: ignore[no-untyped-call]
        body = application(SAME_FOR_ALL | request, answer)
        if isinstance(body, (list, tuple)):  # a tuple: an answer without a body
            protocol.response_bytes(answer.status, answer.headers, body[0] if len(body) == 1 else b"".join(body))
        elif _places.acquire(blocking=False):
            Thread(target=_send, args=(protocol, answer, body), name="download", daemon=True).start()
        else:
            ResponseIterWrap(body).close()  # type: ignore[no-untyped-call]
            protocol.response_bytes(503, BUSY_HEADERS, BUSY.encode())
        return int(answer.status)

    return run


def _look_for_cycles_rarely() -> None:
    """Keep the collector from walking the whole application, which lives as long as the process, in the midst of answers."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, 20, 20)


def _send(protocol: Any, answer: Any, body: Any) -> None:
    try:
        protocol.response_iter(answer.status, answer.headers, ResponseIterWrap(body))  # type: ignore[no-untyped-call]
    finally:
        _places.release()
