"""What the tests of files share: rendering within this process, which is quicker than one of its own."""

import runpy
from typing import Any

import pytest

from portal.core import limits
from portal.files import renditions


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the work of `core.limits` done in this process, by its file alone as there; its limits have tests of their own."""

    def call(target: str, argument: Any, **_: float) -> Any:
        module, _, name = target.partition(":")
        return runpy.run_path(limits._file_of(module))[name](argument)

    monkeypatch.setattr(renditions, "call", call)
