"""Heavy or dangerous work in a process of its own, with limits of time and memory: a bad file can hurt nobody else.

The work is a function at the top of a module, named "package.module:function", which takes and returns what JSON can say. The
module is run from its file alone, not as part of its package: where it imports nothing of ours, it begins in a fifth of the time.
"""

import json
import os
import resource
import runpy
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

MEGABYTE = 1024 * 1024
LARGEST_FILE = 64 * MEGABYTE
"""What the work may write into one file."""
NICENESS = 10
"""Whoever reads a page goes first."""


class LimitReached(Exception):
    """The work took too long or too much memory, or its process died; nothing of it is left."""


def call(target: str, argument: Any, *, seconds: float, megabytes: int) -> Any:
    """Return `target`'s result for `argument`. Raises LimitReached past the limits, ValueError with the work's own complaint."""
    module, _, name = target.partition(":")
    command = [sys.executable, "-P", __file__, _file_of(module), name, str(int(seconds) + 1), str(megabytes)]
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
        raise LimitReached(f"{target} ended with {done.returncode}: {done.stderr[-500:]}")
    answer = json.loads(done.stdout)
    if "complaint" in answer:
        raise ValueError(answer["complaint"])
    return answer["result"]


def _file_of(module: str) -> str:
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise LookupError(f"no module {module}")
    return str(Path(spec.origin).absolute())


def _main(path: str, name: str, cpu_seconds: str, megabytes: str) -> None:
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_CPU, (int(cpu_seconds), int(cpu_seconds)))
    resource.setrlimit(resource.RLIMIT_AS, (int(megabytes) * MEGABYTE,) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    argument = json.load(sys.stdin)
    try:
        answer = {"result": runpy.run_path(path)[name](argument)}
    except ValueError as error:
        answer = {"complaint": str(error)}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    _main(*sys.argv[1:])
