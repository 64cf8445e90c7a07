"""Heavy or dangerous work in a process of its own, with limits of time and memory: a bad file can hurt nobody else.

The work is a function at the top of a module, named "package.module:function", which takes and returns what JSON can say. The
module is run from its file, and the packages above it are there without having begun: where it imports nothing of ours but its
siblings, it begins in a fifth of the time.
"""

import errno
import json
import logging
import os
import resource
import runpy
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

MEGABYTE = 1024 * 1024
LARGEST_FILE = 64 * MEGABYTE
"""What the work may write into one file."""
NICENESS = 10
"""Whoever reads a page goes first."""


TOO_MUCH = (errno.EFBIG, errno.ENOMEM)
"""What the system answers past our own limits; all its other errors are the machine's."""
OWN_DEATHS = (signal.SIGXCPU, signal.SIGXFSZ, signal.SIGABRT, signal.SIGSEGV, signal.SIGILL, signal.SIGTRAP)
"""What kills a process for what it did itself: a library that gets no memory ends with one of these too."""


class LimitReached(Exception):
    """The work took too long or too much, or its process broke under it; doing it again would end the same way."""


class Ended(Exception):
    """The process was ended from outside, or by a fault of ours: the work may succeed another time."""


def call(target: str, argument: Any, *, seconds: float, megabytes: int) -> Any:
    """Return `target`'s result for `argument`.

    Raises ValueError with the work's own complaint, and LimitReached past the limits. Raises OSError for what the machine
    refused (its disk is full) and Ended: of both the argument is not to blame.
    """
    module = target.partition(":")[0]
    command = [sys.executable, "-P", __file__, _file_of(module), target, str(int(seconds) + 1), str(megabytes)]
    environment = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}  # and no secret of ours
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            command,
            input=json.dumps(argument),
            env=environment,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise LimitReached(f"{target} took more than {seconds} s") from error
    if done.returncode != 0:
        reason = f"{target} ended with {done.returncode}: {done.stderr[-500:]}"
        raise LimitReached(reason) if -done.returncode in OWN_DEATHS else Ended(reason)
    return _result(target, json.loads(done.stdout))


def _result(target: str, answer: dict[str, Any]) -> Any:
    if "complaint" in answer:
        raise ValueError(answer["complaint"])
    if "limit" in answer:
        raise LimitReached(f"{target}: {answer['limit']}")
    if "machine" in answer:
        raise OSError(*answer["machine"])
    return answer["result"]


def _file_of(module: str) -> str:
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise LookupError(f"no module {module}")
    return str(Path(spec.origin).absolute())


def _main(path: str, target: str, cpu_seconds: str, megabytes: str) -> None:
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_CPU, (int(cpu_seconds), int(cpu_seconds) + 5))  # at the second one it is killed
    resource.setrlimit(resource.RLIMIT_AS, (int(megabytes) * MEGABYTE,) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.disable()  # what went wrong is told by the answer; what libraries say of somebody's file is for nobody
    module, _, name = target.partition(":")
    _place_packages(module, Path(path).parent)
    json.dump(_answer(path, name, json.load(sys.stdin)), sys.stdout)


def _place_packages(module: str, folder: Path) -> None:
    """Have the packages above a module be there without having begun: its siblings can be imported alone."""
    package = module.rpartition(".")[0]
    while package:
        sys.modules[package] = placed = ModuleType(package)
        placed.__path__ = [str(folder)]
        package, folder = package.rpartition(".")[0], folder.parent


def _answer(path: str, name: str, argument: Any) -> dict[str, Any]:
    """Return the result, or in other words what went wrong; what nobody foresaw ends the process."""
    try:
        return {"result": runpy.run_path(path)[name](argument)}
    except ValueError as error:
        return {"complaint": str(error)}
    except MemoryError:
        return {"limit": "too much memory"}
    except OSError as error:
        if error.errno is None:
            raise
        return {"limit": str(error)} if error.errno in TOO_MUCH else {"machine": [error.errno, error.strerror]}


if __name__ == "__main__":
    _main(*sys.argv[1:])
