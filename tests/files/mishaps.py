"""What can happen to a process that renders a file; each is called in the place of `drawing.draw`."""

import errno
import os
import signal
import time
from pathlib import Path
from typing import Any


def disk_is_full(_: Any) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def quota_is_used_up(_: Any) -> None:
    raise OSError(errno.EDQUOT, os.strerror(errno.EDQUOT))


def disk_is_broken(_: Any) -> None:
    raise OSError(errno.EIO, os.strerror(errno.EIO))


def is_stopped(_: Any) -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def is_killed(_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def is_our_fault(_: Any) -> None:
    raise ImportError("the installation is broken")


def takes_memory(_: Any) -> int:
    return len(bytearray(4 * 1024 * 1024 * 1024))


def finds_no_memory(_: Any) -> None:
    raise OSError(errno.ENOMEM, os.strerror(errno.ENOMEM))


def takes_time(_: Any) -> None:
    time.sleep(60)


def writes_too_much(task: dict[str, Any]) -> None:
    with Path(task["into"], "large").open("wb") as file:
        file.truncate(10**9)


def crashes(_: Any) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)
