"""The committing process: it does nothing but commit for the processes that answer requests, on SQLite.

In a thread among those that answer, each statement would wait for the interpreter's lock, with all other writers waiting behind
it (docs/decisions/0011-committing-process.md). Here it waits for nobody. The process is a child of the one that watches the
workers, which starts another when it dies; whoever was not answered asks the next one again.
"""

import os
import selectors
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic
from typing import Any, TypeAlias

from portal.core.db import WriteLock
from portal.core.errors import Unavailable
from portal.core.sqlite import driver, prepare_connection
from portal.core.writers import Batch, Here, Waiting

ADDRESS = "COMMITTER"
"""The environment variable that tells the serving processes where the committing process listens."""

PATIENCE_S = 5.0
"""How long work is sent again to a process that died or does not answer: as long as SQLite waits for its lock."""
AGAIN_AFTER_S = 0.05
RESTARTED_AFTER_S = 0.2

Answers: TypeAlias = "list[tuple[Any, BaseException | None]]"


class Committer:
    """The committing process as the others see it."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._connection: Connection[Any, Any] | None = None

    def commit(self, batch: Batch) -> None:
        """Have a batch committed, and give each piece its result or its error."""
        try:
            answers = self._ask([(item.work, item.values) for item in batch])
        except Exception as error:  # the callers are told; their thread must live on for the next ones
            self._hang_up()
            answers = [(None, Unavailable(cause=error))] * len(batch)
        for item, answer in zip(batch, answers, strict=True):
            item.result, item.error = answer

    def _ask(self, works: list[tuple[Callable[..., Any], tuple[Any, ...]]]) -> Answers:
        until = monotonic() + PATIENCE_S
        while True:
            try:
                self._connection = self._connection or _connected(self._address)
                self._connection.send(works)
                if not self._connection.poll(PATIENCE_S):
                    raise TimeoutError("the committing process does not answer")
                answers: Answers = self._connection.recv()
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


def _connected(address: str) -> "Connection[Any, Any]":
    client = socket.socket(socket.AF_UNIX)
    try:
        client.connect(address)
    except OSError:
        client.close()
        raise
    return Connection(client.detach())


class Keeper:
    """Keeps a committing process alive, from a process that is a parent of all who need it."""

    def __init__(self, database: str) -> None:
        self._database = database
        self._folder = tempfile.mkdtemp(prefix="committer-")  # a socket's path must be short; nobody else may enter
        self._listener = socket.socket(socket.AF_UNIX)
        self._needed, self._need = os.pipe()  # everybody who needs the process holds the second end
        self._stopping = False

    def start(self) -> None:
        """Start the process; this process's children from now on are told its address."""
        address = str(Path(self._folder) / "socket")
        self._listener.bind(address)
        self._listener.listen(64)
        os.environ[ADDRESS] = address
        threading.Thread(target=self._keep, name="committer", daemon=True).start()

    def stop(self) -> None:
        """Let the process end once those who need it have ended."""
        self._stopping = True
        os.close(self._need)
        self._listener.close()
        with suppress(OSError):
            (Path(self._folder) / "socket").unlink()
            Path(self._folder).rmdir()

    def _keep(self) -> None:
        while not self._stopping:
            with suppress(OSError):  # no process to be had now; the next try may find one
                child = os.fork()
                if child == 0:
                    self._become_committer()
                os.waitpid(child, 0)
            time.sleep(RESTARTED_AFTER_S)

    def _become_committer(self) -> None:
        """Be the committing process; never returns. Ctrl-C is for those who answer requests: their last work is still done."""
        code = 1
        try:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)
            os.close(self._need)
            serve(self._listener, self._needed, self._database)
            code = 0
        except BaseException:
            sys.excepthook(*sys.exc_info())
            raise
        finally:
            os._exit(code)


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
            asked = {asker: works for asker in ready if isinstance(asker, Connection) and (works := _heard(selector, asker))}
            if asked:
                here.commit([item for batch in asked.values() for item in batch])
            for asker, batch in asked.items():
                _answer(selector, asker, batch)


def _opened(database: str) -> Any:
    connection = driver.connect(database)
    prepare_connection(connection, None)
    return connection


def _heard(selector: selectors.BaseSelector, asker: "Connection[Any, Any]") -> Batch:
    """Return the work that somebody sends; none where he has gone."""
    try:
        return [Waiting(work, values) for work, values in asker.recv()]
    except (EOFError, OSError):
        selector.unregister(asker)
        asker.close()
        return []


def _answer(selector: selectors.BaseSelector, asker: "Connection[Any, Any]", batch: Batch) -> None:
    try:
        asker.send([(item.result, item.error) for item in batch])
    except OSError:  # he has died meanwhile; what he asked for is stored
        selector.unregister(asker)
        asker.close()
