"""Places: keys such as "article:12". The feature that owns a kind of thing says what holds for it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from flask import Flask, current_app

Guard: TypeAlias = Callable[[int], bool]
Naming: TypeAlias = Callable[[int], "Where | None"]


@dataclass(frozen=True, slots=True)
class Where:
    """The thing that a place is, as a link back to it."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Kind:
    is_public: Guard
    name: Naming | None
    is_clear: bool


def guard(app: Flask, noun: str, is_public: Guard, name: Naming | None = None, *, is_clear: bool = False) -> None:
    """Say what tells of places "noun:id" whether the public may see the thing, and, if it likes, what it is called.

    Where `is_clear`, pictures keep what is transparent in them; elsewhere it is made white.
    """
    app.extensions["file_places"][noun] = Kind(is_public, name, is_clear)


def is_public(place: str) -> bool:
    """Tell whether the public may see what stands at a place; what nobody guards, nobody may see."""
    kind, number = _of(place)
    return kind is not None and kind.is_public(number)


def where(place: str) -> Where | None:
    """Return the name and address of the thing at a place, None where its feature does not say."""
    kind, number = _of(place)
    return kind.name(number) if kind is not None and kind.name is not None else None


def is_clear(place: str) -> bool:
    """Tell whether what is transparent stays so in pictures at a place."""
    kind, _number = _of(place)
    return kind is not None and kind.is_clear


def number_of(place: str) -> int:
    """Return the id of the thing that a place is."""
    return int(place.rpartition(":")[2])


def _of(place: str) -> tuple[Kind | None, int]:
    return current_app.extensions["file_places"].get(place.partition(":")[0]), number_of(place)
