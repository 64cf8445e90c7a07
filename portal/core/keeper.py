"""Keeping a committing process alive, from the process that is a parent of all who need it."""

import logging
import os
import select
import signal
import socket
import sys
import tempfile
import threading
import time
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import NoReturn

from portal.core.committer import serve

ADDRESS = "PORTAL_COMMITTER"
"""The environment variable that tells the serving processes where the committing process listens."""
COMMITS_TO = "PORTAL_COMMITS_TO"
"""The environment variable that tells the watching process which database to commit to."""

BEATS_EACH_S = 0.5
HANGS_AFTER_S = 3.0
RESTARTED_AFTER_S = 0.2
LONGEST_FOLDER = 60
"""A socket's path must be short, and TMPDIR may be long."""

logger = logging.getLogger(__name__)


class Keeper:
    """Starts the committing process, again when it dies, and kills it when its heart stands still."""

    def __init__(self, database: str) -> None:
        self._database = database
        usual = tempfile.gettempdir()
        self._folder = Path(tempfile.mkdtemp(prefix="committer-", dir=usual if len(usual) < LONGEST_FOLDER else "/tmp"))  # noqa: S108 - closed to others
        self._listener = socket.socket(socket.AF_UNIX)
        self._needed, self._need = os.pipe()  # everybody who needs the process holds the second end
        self._stopping = False
        self._thread = threading.Thread(target=self._keep, name="committer", daemon=True)

    def start(self) -> None:
        """Start the process; this process's children from now on are told its address."""
        address = str(self._folder / "socket")
        self._listener.bind(address)
        self._listener.listen(64)
        os.environ[ADDRESS] = address
        self._thread.start()

    def stop(self) -> None:
        """End the process, once those who need it have ended."""
        self._stopping = True
        os.close(self._need)
        self._thread.join(2 * HANGS_AFTER_S)
        self._listener.close()
        with suppress(OSError):
            (self._folder / "socket").unlink()
            self._folder.rmdir()

    def _keep(self) -> None:
        while not self._stopping:
            with suppress(OSError):  # no process to be had now; the next try may find one
                self._watch(*self._begun())
            time.sleep(RESTARTED_AFTER_S)

    def _begun(self) -> tuple[int, int]:
        """Start the process; return its id and the pipe in which its heart beats."""
        beats, heart = os.pipe()
        child = os.fork()
        if child == 0:
            self._become_committer(heart)
        os.close(heart)
        return child, beats

    def _watch(self, child: int, beats: int) -> None:
        """Return when the process has ended. One that is stopped, or starved for seconds, is ended: another can commit."""
        while select.select([beats], [], [], HANGS_AFTER_S)[0] and os.read(beats, 1_024):
            pass
        os.kill(child, signal.SIGKILL)  # nothing to one that has ended by itself
        _, status = os.waitpid(child, 0)
        os.close(beats)
        if not self._stopping:
            logger.warning("the committing process ended (%s); another is started", os.waitstatus_to_exitcode(status))

    def _become_committer(self, heart: int) -> NoReturn:
        """Be the committing process. Ctrl-C is for those who answer requests: their last work is still done."""
        code = 1
        try:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            _close_all_but({self._listener.fileno(), self._needed, heart})
            threading.Thread(target=_beat, args=(heart,), name="heart", daemon=True).start()
            serve(self._listener, self._needed, self._database)
            code = 0
        except BaseException:
            sys.excepthook(*sys.exc_info())
            raise
        finally:
            os._exit(code)


def _close_all_but(kept: set[int]) -> None:
    """Let go of what the parent had open: sockets and pipes whose ends others wait for."""
    for last, following in pairwise([2, *sorted(kept), os.sysconf("SC_OPEN_MAX")]):
        os.closerange(last + 1, following)


def _beat(heart: int) -> None:
    with suppress(OSError):  # whoever listened has died
        while True:
            os.write(heart, b".")
            time.sleep(BEATS_EACH_S)
