"""Downloads in threads of their own, so that a slow client never holds one of the few threads that answer pages.

granian sends a body that is an iterator from the thread that answered, and waits there for the client: as many slow downloads
as there are threads, and the site stands still. Its protocol object may be used from any thread, so the sending is handed to a
new one. This reaches into granian (pinned); tests/serving shows that it works, docs/decisions/0006-server.md what else was tried.
"""

from collections.abc import Callable
from threading import BoundedSemaphore, Thread
from typing import Any

from granian.server import mp

MOST_AT_ONCE = 200
WRAP = "_wsgi_call_wrap"
"""What granian.server.mp calls to wrap the application in a worker; there is no public place for it."""

BUSY = "Có quá nhiều lượt tải cùng lúc. Vui lòng thử lại sau 1 phút.\n"

_places = BoundedSemaphore(MOST_AT_ONCE)


class HandsOff:
    """granian's protocol object, except that bodies which come piece by piece are sent from a thread of their own."""

    __slots__ = ("_protocol", "response_bytes")

    def __init__(self, protocol: Any) -> None:
        self._protocol = protocol
        self.response_bytes = protocol.response_bytes

    def response_iter(self, status: int, headers: list[tuple[str, str]], body: Any) -> None:
        if _places.acquire(blocking=False):
            Thread(target=self._send, args=(status, headers, body), name="download", daemon=True).start()
        else:
            body.close()
            plain = [("Content-Type", "text/plain; charset=utf-8"), ("Retry-After", "60"), ("Cache-Control", "no-store")]
            self.response_bytes(503, plain, BUSY.encode())

    def _send(self, status: int, headers: list[tuple[str, str]], body: Any) -> None:
        try:
            self._protocol.response_iter(status, headers, body)
        finally:
            _places.release()


def install() -> None:
    """Have granian's worker, which loads the application in its own process, answer through HandsOff."""
    wrap = getattr(mp, WRAP)

    def wrap_handing_off(*args: Any) -> Callable[[Any, Any], Any]:
        run = wrap(*args)
        return lambda protocol, scope: run(HandsOff(protocol), scope)

    setattr(mp, WRAP, wrap_handing_off)
