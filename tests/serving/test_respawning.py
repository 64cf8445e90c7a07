"""When the server gives up on a worker that dies again and again."""

from portal.core import respawning
from portal.core.respawning import MOST_DEATHS, Deaths


def test_some_deaths_in_a_row_are_no_loop() -> None:
    deaths = Deaths()

    for _ in range(MOST_DEATHS - 1):
        deaths[0] = respawning.monotonic()
        assert deaths.get(0, 0) == 0
        deaths.clear()


def test_many_deaths_in_a_short_time_are_a_loop() -> None:
    deaths = Deaths()

    for _ in range(MOST_DEATHS):
        deaths.clear()
        deaths[0] = respawning.monotonic()

    assert deaths.get(0, 0) == deaths[0] > 0


def test_many_deaths_over_a_long_time_are_no_loop() -> None:
    deaths = Deaths()

    for second in range(MOST_DEATHS):
        deaths[0] = respawning.monotonic() - (MOST_DEATHS - second) * respawning.WITHIN_S
    deaths[0] = respawning.monotonic()

    assert deaths.get(0, 0) == 0
