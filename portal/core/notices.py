"""What a feature has to say at the top of staff pages, to those whom it concerns."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app

from portal.core.staff import Permission, may


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence in the language of the request, the address that tells more, and whether something must be done."""

    text: str
    url: str
    is_bad: bool


def announce(app: Flask, permission: Permission, say: Callable[[], Notice]) -> None:
    """Have what `say` returns stand on the staff pages of whoever has the permission."""
    app.extensions.setdefault("staff_notices", []).append((permission, say))


def notices() -> list[Notice]:
    """Return what is to be said to whoever asks."""
    known: list[tuple[Permission, Callable[[], Notice]]] = current_app.extensions.get("staff_notices", [])
    return [say() for permission, say in known if may(permission)]


def init_app(app: Flask) -> None:
    app.jinja_env.globals |= {"staff_notices": notices}
