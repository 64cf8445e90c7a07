"""Where a page stands below others, so that menus can mark what leads to it."""

from flask import g, request


def stand_under(*urls: str) -> None:
    """Say that the page being made stands below these addresses, which are paths as links have them."""
    g.trail = (*trail(), *urls)


def trail() -> tuple[str, ...]:
    """Return the addresses below which the page being made stands."""
    said: tuple[str, ...] = g.get("trail", ())
    return said


def here() -> str:
    """Return the path of the page being made as links have it: with its language's prefix, without a query."""
    return request.script_root + request.path
