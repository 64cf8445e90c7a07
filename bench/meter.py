"""What a sample cost, and what others used of the machine meanwhile: it may be shared, and a figure must say so."""

import os
import resource
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import psutil

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Meter:
    """Between entering and leaving: `others` is the processor time that was not ours, in per cent of one core."""

    servers: list[psutil.Process]
    others: float = 0.0
    _began: float = 0.0
    _busy: float = 0.0
    _ours: float = 0.0

    def __enter__(self) -> "Meter":
        self._began, self._busy, self._ours = time.monotonic(), _busy(), self._spent()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        seconds = time.monotonic() - self._began
        foreign = _busy() - self._busy - (self._spent() - self._ours)
        self.others = max(0.0, foreign / seconds * 100)

    def _spent(self) -> float:
        """Return the processor seconds of the servers, of this process, and of its children that have ended (wrk)."""
        who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        return sum(_time(process) for process in self.servers) + sum(sum(resource.getrusage(one)[:2]) for one in who)


def family(pids: list[int]) -> list[psutil.Process]:
    """Return processes with all their descendants."""
    parents = [psutil.Process(pid) for pid in pids]
    return [*parents, *(child for parent in parents for child in parent.children(recursive=True))]


def megabytes(processes: list[psutil.Process]) -> float:
    """Return the proportional share of memory (PSS) of processes, in MB of 2^20 bytes."""
    return sum(int(process.memory_full_info().pss) for process in processes) / 2**20


def _busy() -> float:
    user, nice, system, _idle, _wait, irq, soft = map(int, Path("/proc/stat").read_text().split()[1:8])
    return (user + nice + system + irq + soft) / TICKS


def _time(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)
