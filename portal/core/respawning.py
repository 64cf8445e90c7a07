"""granian's own command with more patience: `python -P portal/core/respawning.py` takes its arguments.

granian gives up, and the site goes down with it, when a worker dies a second time within 5.5 s (seen when killing at random).
A worker of ours is back in a fifth of a second and has lost nothing that was acknowledged, so only MOST_DEATHS in WITHIN_S are a
loop that it cannot get out of. This reaches into granian (pinned); tests/serving kills workers. It imports nothing of the
portal: the process that only watches stays small.
"""

from collections import deque
from time import monotonic
from typing import Any

from granian import cli
from granian.server.mp import MPServer

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

    def startup(self, *arguments: Any) -> None:
        self.respawned_wrks = Deaths()
        super().startup(*arguments)  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    cli.Server = PatientServer  # type: ignore[attr-defined]
    cli.entrypoint()  # type: ignore[no-untyped-call]
