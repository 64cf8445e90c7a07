"""What a field of an entry can hold: numbers, names, words of our own. Nothing that a browser or a device sends fits in.

Values are shown as text in the language of the request.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, TypeAlias

from flask import current_app

from portal.core import formats
from portal.core.language import _
from portal.core.text import clean_line
from portal.core.web import LARGEST_ID

Text: TypeAlias = Any
"""A lazy interface text; Flask-Babel has no types."""

LONGEST_NAME = 120
LONGEST_WORD_OF_NAME = 40
"""Shorter than a session's key, a token or a hash."""
LONGEST_EMAIL = 254
LONGEST_CODE = 60

CODE = re.compile("[a-z]+(?:[._][a-z]+)*")
EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"/]{1,64}@(?:[\w-]{1,63}\.)*(?!\d+$)[\w-]{1,63}")


class Kind(ABC):
    """A type of values."""

    @abstractmethod
    def accepts(self, value: object) -> bool:
        """Tell whether a field may hold the value."""

    def shown(self, value: Any) -> str:
        """Return an accepted value as a person reads it."""
        return str(value)


@dataclass(frozen=True, slots=True)
class Number(Kind):
    """A whole number, 0 or more."""

    least: int = 0

    def accepts(self, value: object) -> bool:
        return type(value) is int and self.least <= value <= LARGEST_ID


class Id(Number):
    """A row's id."""

    def __init__(self) -> None:
        super().__init__(least=1)

    def shown(self, value: Any) -> str:
        return f"#{value}"


class Flag(Kind):
    """Yes or no."""

    def accepts(self, value: object) -> bool:
        return type(value) is bool

    def shown(self, value: Any) -> str:
        return _("yes") if value else _("no")


class At(Kind):
    """An instant."""

    def accepts(self, value: object) -> bool:
        return type(value) is int and 0 <= value < 2**53

    def shown(self, value: Any) -> str:
        return formats.moment(value)


class Name(Kind):
    """The name of a person or a unit: one line, no key, no address of a network."""

    def accepts(self, value: object) -> bool:
        return isinstance(value, str) and is_name(value)


class Email(Kind):
    """A person's e-mail address."""

    def accepts(self, value: object) -> bool:
        return _is_line(value, LONGEST_EMAIL) and EMAIL.fullmatch(str(value)) is not None


class Code(Kind):
    """A name out of our source: an endpoint, a setting. No figures, so no key either."""

    def accepts(self, value: object) -> bool:
        return isinstance(value, str) and len(value) <= LONGEST_CODE and CODE.fullmatch(value) is not None


class Named(Code):
    """A name out of our source that people know by other words: whoever owns it says them in extensions["audit_words"]."""

    def shown(self, value: Any) -> str:
        words: Mapping[str, Callable[[], str]] = current_app.extensions.get("audit_words", {})
        return words[value]() if value in words else str(value)


@dataclass(frozen=True, slots=True)
class OneOf(Kind):
    """One of a few words, each with the text that stands for it."""

    words: Mapping[str, Text]

    def accepts(self, value: object) -> bool:
        return isinstance(value, str) and value in self.words

    def shown(self, value: Any) -> str:
        return str(self.words.get(value, value))


@dataclass(frozen=True, slots=True)
class Maybe(Kind):
    """A value of a kind, or None."""

    kind: Kind

    def accepts(self, value: object) -> bool:
        return value is None or self.kind.accepts(value)

    def shown(self, value: Any) -> str:
        return "–" if value is None else self.kind.shown(value)


@dataclass(frozen=True, slots=True)
class Field:
    """A field's label, None where its values say enough, and the kind of these."""

    label: Text
    kind: Kind

    def shown(self, value: Any) -> str:
        text = self.kind.shown(value)
        return text if self.label is None else f"{self.label}: {text}"


@dataclass(frozen=True, slots=True)
class Changes(Kind):
    """Which columns changed, each from an old value to a new one; never none."""

    columns: Mapping[str, Field]

    def accepts(self, value: object) -> bool:
        return isinstance(value, dict) and value != {} and all(self._is_change(*item) for item in value.items())

    def shown(self, value: Any) -> str:
        return "; ".join(self._shown(column, old, new) for column, (old, new) in value.items())

    def _is_change(self, column: object, change: object) -> bool:
        if not isinstance(column, str) or column not in self.columns or not isinstance(change, (tuple, list)) or len(change) != 2:
            return False
        old, new = change
        return old != new and all(self.columns[column].kind.accepts(one) for one in change)

    def _shown(self, column: str, old: Any, new: Any) -> str:
        field = self.columns.get(column)
        kind = field.kind if field else Code()
        return f"{field.label if field else column}: {kind.shown(old)} → {kind.shown(new)}"


def is_name(text: str) -> bool:
    """Tell whether a text can be recorded as the name of a person or a unit; forms ask before they store one."""
    words = text.split(" ")
    return _is_line(text, LONGEST_NAME) and all(len(word) <= LONGEST_WORD_OF_NAME and not _is_network(word) for word in words)


def _is_line(value: object, longest: int) -> bool:
    if not isinstance(value, str) or not 0 < len(value) <= longest or value != clean_line(value):
        return False
    return not any("\ud800" <= sign <= "\udfff" for sign in value)


def _is_network(word: str) -> bool:
    try:
        ip_address(word.strip("[](),;"))
    except ValueError:
        return False
    return True
