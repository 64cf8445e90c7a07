"""Locks on folders, which the kernel lets go of when their process dies."""

import fcntl
import os
from pathlib import Path


def lock(folder: Path, *, waits: bool) -> int:
    """Return the open folder, locked until it is closed. Raises BlockingIOError where somebody has it and it does not wait."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
    except BlockingIOError:
        os.close(descriptor)
        raise
    return descriptor
