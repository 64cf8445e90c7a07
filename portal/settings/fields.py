"""What a field of a setting can hold, how it is typed, and the sentence that says why something cannot be kept.

A value is what JSON holds: text, a whole number, True or False. Text is refused rather than mended: whoever typed it decides.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, TypeAlias

from portal.core import clock
from portal.core.bearable import is_bearable
from portal.core.errors import Refused
from portal.core.html import clean
from portal.core.language import _
from portal.core.text import CONTROLS, nfc, slug

Text: TypeAlias = Any
"""A lazy interface text; Flask-Babel has no types."""
Value: TypeAlias = str | int | bool
Options: TypeAlias = Sequence[tuple[str, str]]

BROKEN = re.compile(r"[\r\n\t\v\f\x1c-\x1e\x85\u2028\u2029]")
ADDRESS = re.compile(
    r"(?:https?://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?(?:[/?#][!-\[\]-~]*)?|/(?![/\\])[!-\[\]-~]*)", re.IGNORECASE
)
"""A path of this site or a page of another: printable ASCII without a backslash, as the address bar copies it."""
EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")
TELEPHONE = re.compile(r"\+?[0-9][0-9 .()-]{2,38}")
MOMENT = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?")
NUMBER = re.compile("[0-9]{1,9}")
EARLIEST, LATEST = date(1945, 9, 2), 2100
"""What a date of this site can be: from the country's first day, to a year that nobody types by mistake."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field with its name in the form, its label and a line of help."""

    name: str
    label: Text
    help: Text = ""
    required: bool = field(default=False, kw_only=True)
    kind: ClassVar[str] = "line"
    """How the form shows it."""

    def value(self, typed: str) -> Value:
        """Return what is kept of what was typed. Raises Refused with a sentence for whoever typed it."""
        raise NotImplementedError

    def typed(self, value: Value) -> str:
        """Return a value as the form shows it."""
        return str(value)

    def shown(self, value: Value) -> str:
        """Return a value as the history tells it."""
        return self.typed(value)


@dataclass(frozen=True, slots=True)
class Line(Field):
    """One line of text."""

    longest: int = 200

    def value(self, typed: str) -> Value:
        if len(typed) > 10 * self.longest:  # before anything else is done with it
            raise Refused(_too_long(len(typed), self.longest))
        text = nfc(typed).strip(" ")
        if CONTROLS.search(text) or BROKEN.search(text):
            raise Refused(_("It holds a line break or a character that cannot be seen. Type it again by hand."))
        text = " ".join(text.split())
        if len(text) > self.longest:
            raise Refused(_too_long(len(text), self.longest))
        if self.required and not text:
            raise Refused(_("Fill this in."))
        return self.formed(text)

    def formed(self, text: str) -> str:
        """Return the text in its one form. Raises Refused where it is none of this kind; "" never is asked for."""
        return text


@dataclass(frozen=True, slots=True)
class Address(Line):
    """An address: a path of this site, or a page of another."""

    longest: int = 300

    def formed(self, text: str) -> str:
        if text and not ADDRESS.fullmatch(text):
            begins = _("This is no address. It begins with / for a page of this site, or with https:// or http://.")
            holds = _("It holds no spaces and no letters with marks: copy it from the browser's address bar.")
            raise Refused(f"{begins} {holds}")
        scheme, mark, rest = text.partition("://")
        return f"{scheme.lower()}{mark}{rest}" if mark and not text.startswith("/") else text


@dataclass(frozen=True, slots=True)
class Slug(Line):
    """The part of an address that names something."""

    longest: int = 80

    def formed(self, text: str) -> str:
        if text and text != slug(text):
            meant = slug(text)
            said = _("Use letters a to z, figures and single hyphens only.")
            hint = _("For instance: %(slug)s", slug=meant) if meant else ""
            raise Refused(f"{said} {hint}".strip())
        return text


@dataclass(frozen=True, slots=True)
class Email(Line):
    longest: int = 254

    def formed(self, text: str) -> str:
        if text and not EMAIL.fullmatch(text):
            raise Refused(_("This is no e-mail address. Write it like so-khcn@example.vn."))
        return text


@dataclass(frozen=True, slots=True)
class Telephone(Line):
    longest: int = 40

    def formed(self, text: str) -> str:
        if text and not TELEPHONE.fullmatch(text):
            raise Refused(_("This is no telephone number. Write figures and spaces, such as 0255 382 2222."))
        return text


@dataclass(frozen=True, slots=True)
class Day(Field):
    """A day, kept as "2026-03-17"; "" for none."""

    kind: ClassVar[str] = "day"

    def value(self, typed: str) -> Value:
        if not typed.strip():
            return _demanded("", required=self.required)
        try:
            day = date.fromisoformat(typed.strip())
        except ValueError as error:
            raise Refused(_("There is no such day. Write it as year-month-day, such as 2026-03-17.")) from error
        return _likely(day).isoformat()

    def shown(self, value: Value) -> str:
        return date.fromisoformat(str(value)).strftime("%d/%m/%Y") if value else ""


@dataclass(frozen=True, slots=True)
class Moment(Field):
    """A day with its time in the site's zone, kept as "2026-03-17T08:00"; "" for none."""

    kind: ClassVar[str] = "moment"

    def value(self, typed: str) -> Value:
        if not typed.strip():
            return _demanded("", required=self.required)
        no_such = Refused(_("There is no such date and time. Write it as 2026-03-17T08:00."))
        if not MOMENT.fullmatch(typed.strip()):
            raise no_such
        try:
            at = clock.local(clock.instant_at(typed.strip()))
        except (ValueError, OverflowError) as error:
            raise no_such from error
        _likely(at.date())
        return at.strftime("%Y-%m-%dT%H:%M")

    def shown(self, value: Value) -> str:
        if not value:
            return ""
        at = clock.local(clock.instant_at(str(value)))
        return _("%(time)s on %(day)s", time=at.strftime("%H:%M"), day=at.strftime("%d/%m/%Y"))


@dataclass(frozen=True, slots=True)
class Number(Field):
    """A whole number; where `empty` is allowed, 0 stands for none."""

    least: int = 1
    most: int = 1_000
    kind: ClassVar[str] = "number"

    def value(self, typed: str) -> Value:
        text = typed.strip()
        if not text and not self.required:
            return 0
        if not text.isascii() or not NUMBER.fullmatch(text) or not self.least <= int(text) <= self.most:
            raise Refused(_("Write a whole number from %(least)s to %(most)s.", least=self.least, most=self.most))
        return int(text)

    def typed(self, value: Value) -> str:
        return str(value or "")


@dataclass(frozen=True, slots=True)
class Tick(Field):
    kind: ClassVar[str] = "tick"

    def value(self, typed: str) -> Value:
        return typed == "y"

    def typed(self, value: Value) -> str:
        return "y" if value else ""

    def shown(self, value: Value) -> str:
        return _("yes") if value else _("no")


@dataclass(frozen=True, slots=True)
class Choice(Field):
    """One of a list that is asked for when the form is shown and when it is read."""

    options: Callable[[], Options] = tuple
    kind: ClassVar[str] = "choice"

    def value(self, typed: str) -> Value:
        if typed not in {value for value, _label in self.options()}:
            raise Refused(_("Choose one of the list."))
        return typed

    def shown(self, value: Value) -> str:
        return next((str(label) for key, label in self.options() if key == value), str(value))


@dataclass(frozen=True, slots=True)
class Rich(Field):
    """A text with headings, lists, tables and pictures: clean HTML."""

    longest: int = 500_000
    kind: ClassVar[str] = "rich"

    def value(self, typed: str) -> Value:
        if len(typed) > self.longest:
            raise Refused(_("The text is too long. Divide it into several pages."))
        if not is_bearable(typed):
            raise Refused(_("The text cannot be put in order: too many elements are not closed or stand in each other."))
        return clean(typed)


def _too_long(number: int, most: int) -> str:
    return _("It is too long: %(number)s characters, at most %(most)s are possible. Shorten it.", number=number, most=most)


def _demanded(text: str, *, required: bool) -> str:
    if required and not text:
        raise Refused(_("Fill this in."))
    return text


def _likely(day: date) -> date:
    """Return a day that this site can have to do with. Raises Refused."""
    if not day >= EARLIEST or day.year > LATEST:
        raise Refused(_("Check the year: %(year)s.", year=day.year))
    return day
