"""Heavy or dangerous work in a process of its own, with limits of time and memory: a bad file can hurt nobody else.

The work is a function at the top of a module, named "package.module:function", which takes and returns what JSON can say.
"""

import importlib
import json
import os
import resource
import subprocess
import sys
from typing import Any

MEGABYTE = 1024 * 1024


class LimitReached(Exception):
    """The work took too long or too much memory, or its process died; nothing of it is left."""


def call(target: str, argument: Any, *, seconds: float, megabytes: int) -> Any:
    """Return `target`'s result for `argument`. Raises LimitReached past the limits, ValueError with the work's own complaint."""
    command = [sys.executable, "-m", __name__, target, str(int(seconds) + 1), str(megabytes)]
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


def _main(target: str, cpu_seconds: str, megabytes: str) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (int(cpu_seconds), int(cpu_seconds)))
    resource.setrlimit(resource.RLIMIT_AS, (int(megabytes) * MEGABYTE,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    module, _, name = target.partition(":")
    argument = json.load(sys.stdin)
    try:
        answer = {"result": getattr(importlib.import_module(module), name)(argument)}
    except ValueError as error:
        answer = {"complaint": str(error)}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    _main(*sys.argv[1:])
