"""A clock that tests turn."""

from portal.core import clock


class Clock:
    """A clock that stands until it is turned; what the portal sees of time follows it."""

    def __init__(self) -> None:
        self._passed = 0.0
        self._began_ms = clock.now_ms()

    def turn(self, seconds: float) -> None:
        self._passed += seconds

    def monotonic(self) -> float:
        return 1_000_000.0 + self._passed

    def now_ms(self) -> int:
        return self._began_ms + round(self._passed * 1000)
