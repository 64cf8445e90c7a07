"""What the tests of articles share: a clock that stands until it is turned."""

from tests.core.conftest import Clock, standing

__all__ = ["Clock", "standing"]
