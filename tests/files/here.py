"""Rendering and washing within this process, which is quicker than one of their own; its limits have tests of their own."""

import runpy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from portal.core import limits
from portal.files import accepting, renditions


@contextmanager
def rendering_here() -> Iterator[None]:
    """Have the work of `core.limits` done in this process, by its file alone as there."""

    def call(target: str, argument: Any, **_: float) -> Any:
        module, _, name = target.partition(":")
        return runpy.run_path(limits._file_of(module))[name](argument)

    with pytest.MonkeyPatch.context() as patched:
        for asking in (accepting, renditions):
            patched.setattr(asking, "call", call)
        yield
