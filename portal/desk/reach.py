"""Which pieces whoever asks has before them: an author those of the own unit, who reaches everything all."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from flask_login import current_user
from sqlalchemy import Select, false

from portal.core.staff import Permission, may
from portal.publishing.models import Piece

Rows: TypeAlias = "Select[*tuple[Any, ...]]"


@dataclass(frozen=True, slots=True)
class Nobodys:
    """A thing of no unit: within reach of who reaches everything, and of nobody else."""

    unit_id: None = None


def reaches_everything() -> bool:
    """Tell whether the pieces of all units are before whoever asks."""
    return may(Permission.WRITE, Nobodys())


def within_reach(chosen: Rows) -> Rows:
    """Leave of a selection of pieces those that whoever asks may write."""
    if reaches_everything():
        return chosen
    unit: int | None = current_user.unit_id
    return chosen.where(false() if unit is None else Piece.unit_id == unit)
