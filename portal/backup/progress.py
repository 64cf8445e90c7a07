"""How far something has come, told to whoever waits for it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol, TypeAlias

Step: TypeAlias = Callable[[int], object]
"""Called with how much further it has come."""


class Progress(Protocol):
    """Begins to tell of a part of the work: what it is, and how long, in whatever its steps are counted in."""

    def __call__(self, what: str, length: int, /) -> AbstractContextManager[Step]: ...


@contextmanager
def silent(_what: str, _length: int) -> Iterator[Step]:
    """Tell nobody."""
    yield lambda _further: None
