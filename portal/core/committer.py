"""The committing process: it does nothing but commit for the processes that answer requests, on SQLite.

In a thread among those that answer, each statement would wait for the interpreter's lock, with all other writers waiting behind
it (docs/decisions/0011-committing-process.md). Here it waits for nobody. `core.keeper` starts it and starts it again; whoever was
not answered asks the next one.
"""

import pickle
import selectors
import socket
import struct
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from time import monotonic
from typing import Any, TypeAlias

from portal.core import writers
from portal.core.db import WriteLock
from portal.core.errors import Unavailable
from portal.core.sqlite import BUSY_MS, driver, prepare_connection
from portal.core.writers import PATIENCE_S, Batch, Here, Waiting, refuse_late

ANSWERED_AFTER_S = PATIENCE_S + 2 * BUSY_MS / 1000 + 1
"""Who asks waits for work that began in time, and then for both locks; after that the disk itself must hang."""
AGAIN_AFTER_S = 0.05

Wire: TypeAlias = "Connection[Any, Any]"


class Committer:
    """The committing process as the others see it: each thread asks it over a connection of its own.

    A connection stays with its thread and process: nothing that has asked may fork.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._of_thread = threading.local()

    def do(self, work: Callable[..., Any], *values: Any) -> Any:
        """Have a piece of work committed, and return what it returned or raise what it raised."""
        until = monotonic() + writers.PATIENCE_S
        piece = pickle.dumps((until, work, values))  # what cannot be packed is its caller's error
        result, error = pickle.loads(self._ask(piece, until))  # noqa: S301 - from our own process
        if error is not None:
            raise error
        return result

    def _ask(self, piece: bytes, until: float) -> bytes:
        while True:
            try:
                connection = self._connection()
                connection.send_bytes(piece)
                return connection.recv_bytes()
            except BlockingIOError as error:  # silence for longer than the connection waits
                self.hang_up()
                raise Unavailable("the committing process does not answer") from error
            except (OSError, EOFError) as error:  # it died; work may be run again
                self.hang_up()
                if monotonic() >= until:
                    raise Unavailable(str(error)) from error
                time.sleep(AGAIN_AFTER_S)

    def _connection(self) -> Wire:
        held: Wire | None = getattr(self._of_thread, "connection", None)
        if held is None:
            held = self._of_thread.connection = _connected(self._address)
        return held

    def hang_up(self) -> None:
        """Let go of this thread's connection."""
        held: Wire | None = getattr(self._of_thread, "connection", None)
        if held is not None:
            held.close()
        self._of_thread.connection = None


def _connected(address: str) -> Wire:
    client = socket.socket(socket.AF_UNIX)
    try:
        client.settimeout(writers.PATIENCE_S)
        client.connect(address)
        client.setblocking(True)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", int(ANSWERED_AFTER_S), 0))
    except OSError:
        client.close()
        raise
    return Connection(client.detach())


def serve(listener: socket.socket, needed: int, database: str) -> None:
    """Commit what comes over `listener`'s connections until nobody holds the other end of the pipe `needed`."""
    here = Here(lambda: _opened(database), WriteLock(database))
    with selectors.DefaultSelector() as selector:
        selector.register(listener, selectors.EVENT_READ)
        selector.register(needed, selectors.EVENT_READ)
        while True:
            ready = [key.fileobj for key, _ in selector.select()]
            if needed in ready:
                return
            if listener in ready:
                selector.register(Connection(listener.accept()[0].detach()), selectors.EVENT_READ)
            _commit_for([one for one in ready if isinstance(one, Connection)], here.commit, selector)


def _commit_for(askers: list[Wire], commit: Callable[[Batch], None], selector: selectors.BaseSelector) -> None:
    """Hear all who ask, commit for all of them at once, and answer each."""
    asked = [(asker, item) for asker in askers if (item := _heard(selector, asker)) is not None]
    in_time = refuse_late([item for _, item in asked])
    if in_time:
        commit(in_time)
    for asker, item in asked:
        _answer(selector, asker, item)


def _opened(database: str) -> Any:
    connection = driver.connect(database)
    prepare_connection(connection, None)
    return connection


def _heard(selector: selectors.BaseSelector, asker: Wire) -> Waiting | None:
    """Return the work that somebody sends; None where he has gone."""
    try:
        piece = asker.recv_bytes()
    except (EOFError, OSError):
        _part(selector, asker)
        return None
    try:
        until, work, values = pickle.loads(piece)  # noqa: S301 - nobody else can connect
    except Exception as error:  # whatever a piece does when it is unpacked is its own
        refused = Waiting(_nothing, ())
        refused.error = error
        return refused
    return Waiting(work, values, until)


def _nothing(_: object) -> None:
    """Stand for work that could not be unpacked."""


def _answer(selector: selectors.BaseSelector, asker: Wire, item: Waiting) -> None:
    try:
        asker.send_bytes(_told(item))
    except OSError:  # he has died meanwhile; what he asked for is stored
        _part(selector, asker)


def _told(item: Waiting) -> bytes:
    """Return a piece's result and error as they travel; where they cannot, an error that says so: its effect may be stored."""
    try:
        packed = pickle.dumps((item.result, item.error))
        pickle.loads(packed)  # noqa: S301 - an exception may pickle and not come back
    except Exception as error:  # belongs to that caller alone
        packed = pickle.dumps((None, RuntimeError(f"an answer that cannot travel: {error}")))
    return packed


def _part(selector: selectors.BaseSelector, asker: Wire) -> None:
    selector.unregister(asker)
    asker.close()
