"""The committing process: it does nothing but commit for the processes that answer requests, on SQLite.

In a thread among those that answer, each statement would wait for the interpreter's lock, with all other writers waiting behind
it (docs/decisions/0011-committing-process.md). Here it waits for nobody. `core.keeper` starts it and starts it again; whoever was
not answered asks the next one.
"""

import pickle
import selectors
import socket
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from time import monotonic
from typing import Any, TypeAlias

from portal.core.db import WriteLock
from portal.core.errors import Unavailable
from portal.core.sqlite import BUSY_MS, driver, prepare_connection
from portal.core.writers import PATIENCE_S, Batch, Here, Waiting, refuse_late

ANSWERED_AFTER_S = PATIENCE_S + 2 * BUSY_MS / 1000 + 1
"""Who asks waits for work that began in time, and then for both locks; after that the disk itself must hang."""
AGAIN_AFTER_S = 0.05

Wire: TypeAlias = "Connection[Any, Any]"


class Committer:
    """The committing process as the others see it."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._connection: Wire | None = None

    def commit(self, batch: Batch) -> None:
        """Have a batch committed, and give each piece its result or its error."""
        pieces = [(item, packed) for item in batch if (packed := _packed(item)) is not None]
        if not pieces:
            return
        try:
            answers = self._ask([packed for _, packed in pieces], min(item.until for item, _ in pieces))
        except Exception as error:  # the callers are told; their thread must live on for the next ones
            self._hang_up()
            answers = [pickle.dumps((None, Unavailable(str(error))))] * len(pieces)
        for (item, _), answer in zip(pieces, answers, strict=True):
            item.result, item.error = pickle.loads(answer)  # noqa: S301 - from our own process

    def _ask(self, pieces: list[bytes], until: float) -> list[bytes]:
        while True:
            try:
                self._connection = self._connection or _connected(self._address)
                self._connection.send((until, pieces))
                if not self._connection.poll(ANSWERED_AFTER_S):
                    raise TimeoutError("the committing process does not answer")
                answers: list[bytes] = self._connection.recv()
            except (OSError, EOFError):  # it died; work may be run again
                self._hang_up()
                if monotonic() >= until:
                    raise
                time.sleep(AGAIN_AFTER_S)
            else:
                return answers

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None


def _packed(item: Waiting) -> bytes | None:
    """Return a piece of work as it travels; None where it cannot, which its caller is told."""
    try:
        return pickle.dumps((item.work, item.values))
    except Exception as error:  # pickling runs what the values say
        item.error = error
        return None


def _connected(address: str) -> Wire:
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(PATIENCE_S)
    try:
        client.connect(address)
    except OSError:
        client.close()
        raise
    client.setblocking(True)
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
    asked = [(asker, batch) for asker in askers if (batch := _heard(selector, asker)) is not None]
    in_time = refuse_late([item for _, batch in asked for item in batch])
    if in_time:
        commit(in_time)
    for asker, batch in asked:
        _answer(selector, asker, batch)


def _opened(database: str) -> Any:
    connection = driver.connect(database)
    prepare_connection(connection, None)
    return connection


def _heard(selector: selectors.BaseSelector, asker: Wire) -> Batch | None:
    """Return the work that somebody sends; None where he has gone."""
    try:
        until, pieces = asker.recv()
    except (EOFError, OSError):
        _part(selector, asker)
        return None
    return [_unpacked(piece, until) for piece in pieces]


def _unpacked(piece: bytes, until: float) -> Waiting:
    try:
        work, values = pickle.loads(piece)  # noqa: S301 - nobody else can connect
    except Exception as error:  # whatever a piece does when it is unpacked is its own
        refused = Waiting(_nothing, (), until)
        refused.error = error
        return refused
    return Waiting(work, values, until)


def _nothing(_: object) -> None:
    """Stand for work that could not be unpacked."""


def _answer(selector: selectors.BaseSelector, asker: Wire, batch: Batch) -> None:
    try:
        asker.send([_told(item) for item in batch])
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
