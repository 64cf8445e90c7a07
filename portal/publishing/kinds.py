"""Kinds of pieces: what a feature above says of the things that it publishes, called within the step's own transaction."""

from dataclasses import dataclass
from typing import Protocol

from flask import Flask, current_app
from sqlalchemy.orm import Session

from portal.publishing.models import Content, Piece


@dataclass(frozen=True, slots=True)
class Change:
    """What the public is told of a change of what it sees: a sentence, or nothing where it is a minor one."""

    note: str = ""


@dataclass(frozen=True, slots=True)
class Concern:
    """Something in a text that somebody should look at before it is published, with the place where it stands."""

    text: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a content as people see it: a line of text, or clean HTML."""

    name: str
    label: str
    text: str
    is_html: bool = False


class Kind(Protocol):
    """What the workflow asks of the feature whose things are published. What writes gets the step's own session."""

    def cleaned(self, content: Content) -> Content:
        """Return a content with exactly the kind's fields, each in its one form. Raises Refused where one cannot be kept."""

    def title_of(self, content: Content) -> str:
        """Return what lists call it, "" where it has no title yet."""

    def shelf_of(self, content: Content) -> int | None:
        """Return where lists file it."""

    def parts_of(self, content: Content) -> list[Part]:
        """Return all that stands in a content, to read and to compare."""

    def missing(self, content: Content) -> list[str]:
        """Return a sentence for each thing without which it cannot be published."""

    def concerns(self, content: Content) -> list[Concern]:
        """Return what is published only with a reason, such as numbers that look like somebody's own."""

    def put(self, session: Session, piece: Piece, content: Content, *, at: int, change: Change | None) -> int:
        """Have the public see a content from the instant `at` on, and return the row's id. `change` is None at first."""

    def kept(self, session: Session, piece: Piece, content: Content) -> None:
        """Note what the present text shows, whenever it is another."""

    def take_down(self, session: Session, piece: Piece, *, at: int, reason: str, instead: int | None) -> None:
        """Have the public see it no longer but the reason, and the thing to read instead. Raises Refused."""

    def put_back(self, session: Session, piece: Piece) -> None:
        """Have the public see again what was taken down."""

    def thing_at(self, text: str) -> int | None:
        """Return the row that an address of this site, or a number, names; None where it names none."""

    def url_of(self, piece: Piece) -> str | None:
        """Return the public address, None where nothing stands there."""

    def edit_url_of(self, piece: Piece) -> str:
        """Return the address of the page where it is written."""

    def choose_url_of(self, piece: Piece, number: int) -> str:
        """Return the address where a revision that was kept beside is chosen from, part by part."""

    def page_of(self, piece: Piece, content: Content, key: str) -> str:
        """Return the page as readers will see a content, for whoever has the preview link of a key."""


def declare(app: Flask, name: str, kind: Kind) -> None:
    """Say what answers for pieces of a kind."""
    app.extensions.setdefault("piece_kinds", {})[name] = kind


def of(piece: Piece) -> Kind:
    """Return what answers for a piece."""
    return named(piece.kind)


def named(name: str) -> Kind:
    """Return what answers for pieces of a kind."""
    kind: Kind = current_app.extensions["piece_kinds"][name]
    return kind
