"""The writing side of shared commits: who waits, the thread that takes what waits, and one transaction for all of it."""

import os
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any, TypeAlias

from portal.core.errors import Unavailable
from portal.core.statements import Transaction

MOST_AT_ONCE = 256

PATIENCE_S = 5.0
"""How long work may wait until it is begun: as long as SQLite waits for its lock."""


class Waiting:
    """A piece of work whose caller sleeps until its commit; a lock wakes one sleeper at a fifth of a Future's cost."""

    __slots__ = ("_asleep", "error", "result", "until", "values", "work")

    def __init__(self, work: Callable[..., Any], values: tuple[Any, ...], until: float | None = None) -> None:
        self.work = work
        self.values = values
        self.until = monotonic() + PATIENCE_S if until is None else until
        """When (monotonic seconds) it is too late to begin with it."""
        self.result: Any = None
        self.error: BaseException | None = None
        self._asleep = threading.Lock()
        self._asleep.acquire()

    def wait(self) -> Any:
        """Sleep until the commit, then return what the work returned or raise what it raised."""
        self.is_over(-1)
        if self.error is not None:
            raise self.error
        return self.result

    def is_over(self, seconds: float) -> bool:
        """Sleep until the commit, but for `seconds` at most (-1: as long as it takes), and tell whether it is over."""
        if not self._asleep.acquire(timeout=seconds):
            return False
        self._asleep.release()
        return True

    def wake(self) -> None:
        self._asleep.release()


Batch: TypeAlias = list[Waiting]


class Writer:
    """The thread that has work committed for all others of its process. It starts with the first work, so it survives a fork.

    `commit` gives each piece of a batch its result or its error.
    """

    def __init__(self, commit: Callable[[Batch], None]) -> None:
        self._commit = commit
        self._queue: SimpleQueue[Waiting] = SimpleQueue()
        self._starting = threading.Lock()
        self._pid = 0

    def submit(self, work: Callable[..., Any], *values: Any) -> Waiting:
        """Have work done, and return what its caller waits on."""
        if self._pid != os.getpid():
            self._start()
        item = Waiting(work, values)
        self._queue.put(item)
        return item

    def do(self, work: Callable[..., Any], *values: Any) -> Any:
        """Have work done, and return what it returned or raise what it raised."""
        return self.submit(work, *values).wait()

    def _start(self) -> None:
        with self._starting:
            if self._pid != os.getpid():
                self._queue = SimpleQueue()
                threading.Thread(target=_serve, args=(self._commit, self._queue), name="commits", daemon=True).start()
                self._pid = os.getpid()


def _serve(commit: Callable[[Batch], None], queue: "SimpleQueue[Waiting]") -> None:
    while True:
        batch = _take(queue)
        try:
            if in_time := refuse_late(batch):
                commit(in_time)
        except Exception as error:  # this thread must live on: nobody else would wake the next ones
            for item in batch:
                item.result, item.error = None, Unavailable(cause=error)
        for item in batch:
            item.wake()


def refuse_late(batch: Batch) -> Batch:
    """Refuse what has waited too long, so that nothing is done after its caller was told that it was not; return the rest."""
    now = monotonic()
    for item in batch:
        if item.until < now:
            item.error = Unavailable()
    return [item for item in batch if item.error is None]


def _take(queue: "SimpleQueue[Waiting]") -> Batch:
    batch = [queue.get()]
    try:
        while len(batch) < MOST_AT_ONCE:
            batch.append(queue.get_nowait())
    except Empty:
        pass
    return batch


class Here:
    """Commits batches on a SQLite connection of its own, which `connect` opens; `lock` keeps all other writers out."""

    def __init__(self, connect: Callable[[], Any], lock: AbstractContextManager[None]) -> None:
        self._connect = connect
        self._lock = lock
        self._connection: Any = None

    def commit(self, batch: Batch) -> None:
        """Give each piece its result or its error, all of it durable; whatever goes wrong is told to its callers."""
        try:
            self._connection = self._connection or self._connect()
            with self._lock:
                _commit_together(self._connection, batch)
        except Exception as error:  # the callers are told; whoever commits must live on for the next ones
            self._hang_up()
            for item in batch:
                item.result, item.error = None, Unavailable(cause=error)

    def _hang_up(self) -> None:
        """Let go of the connection, and with it of a transaction that may be open."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None


def _commit_together(connection: Any, batch: Batch) -> None:
    """Do all of a batch in one transaction. Where one piece fails, all is undone and done again, each in a savepoint."""
    cursor = connection.cursor()
    transaction = Transaction(cursor, "sqlite")
    cursor.execute("BEGIN IMMEDIATE")
    try:
        for item in batch:
            item.result = item.work(transaction, *item.values)
    except Exception:  # whose it is shows when each stands alone
        cursor.execute("ROLLBACK")
        cursor.execute("BEGIN IMMEDIATE")
        for item in batch:
            _do_alone(cursor, transaction, item)
    cursor.execute("COMMIT")
    cursor.close()


def _do_alone(cursor: Any, transaction: Transaction, item: Waiting) -> None:
    cursor.execute("SAVEPOINT work")
    try:
        item.result = item.work(transaction, *item.values)
    except Exception as error:  # belongs to that caller alone
        cursor.execute("ROLLBACK TO work")
        item.result, item.error = None, error
    cursor.execute("RELEASE work")
