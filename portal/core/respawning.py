"""granian's own command with more patience: `python -P portal/core/respawning.py` takes its arguments.

granian gives up, and the site goes down with it, when a worker dies a second time within 5.5 s (seen when killing at random).
A worker of ours is back in a fifth of a second and has lost nothing that was acknowledged, so only MOST_DEATHS in WITHIN_S are a
loop that it cannot get out of. This reaches into granian (pinned); tests/serving kills workers.

On SQLite it also keeps the committing process. It imports the portal before it forks, so that its children share that memory.
"""

import gc
import importlib
import logging
import os
import signal
from collections import deque
from time import monotonic
from typing import Any

from granian import cli
from granian.server.mp import MPServer

from portal.core.keeper import COMMITS_TO, Keeper

logger = logging.getLogger(__name__)

MOST_DEATHS = 10
WITHIN_S = 60.0


class Deaths(dict[int, float]):
    """granian's notes of when it replaced each worker; a worker is looked up to learn whether it died twice in a row."""

    def __init__(self) -> None:
        super().__init__()
        self._at: deque[float] = deque(maxlen=MOST_DEATHS)

    def __setitem__(self, worker: int, at: float) -> None:
        self._at.append(at)
        super().__setitem__(worker, at)

    def get(self, worker: int, default: Any = None) -> Any:
        """Return when a worker was replaced, but `default` as long as deaths are few."""
        is_loop = len(self._at) == MOST_DEATHS and monotonic() - self._at[0] < WITHIN_S
        return super().get(worker, default) if is_loop else default


class PatientServer(MPServer):
    """granian's server, which notes the deaths of its workers in our way."""

    main = os.getpid()

    def startup(self, *arguments: Any) -> None:
        self.respawned_wrks = Deaths()
        importlib.import_module("portal")
        gc.collect()
        gc.freeze()  # the collector would write into every page that the children share
        if database := os.environ.get(COMMITS_TO):
            keeper = Keeper(database)
            keeper.start()
            self.on_shutdown(keeper.stop)  # after the workers have ended
        super().startup(*arguments)  # type: ignore[no-untyped-call]

    def signal_handler_interrupt(self, number: int = 0, *_: Any) -> None:
        """Have the server stop. A worker inherits this until it serves: till then it has nothing to finish, and just ends."""
        if os.getpid() == self.main:
            super().signal_handler_interrupt()  # type: ignore[no-untyped-call]
        elif number == signal.SIGTERM:
            os._exit(0)

    def signal_handler_reload(self, *_: Any) -> None:
        """Change nothing: workers share this process's modules, so a new release needs a new start."""
        logger.warning("SIGHUP changes nothing here: stop and start the portal to have it load a new release")


if __name__ == "__main__":
    cli.Server = PatientServer  # type: ignore[attr-defined]
    cli.entrypoint()  # type: ignore[no-untyped-call]
