"""Settings as features declare them: each is one form over real rows, with what reads, checks, stores and shows it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import Any, TypeAlias

from flask import Flask, current_app
from sqlalchemy.orm import Session

from portal.core.language import NAMES
from portal.settings.fields import Choice, Field, Text

Values: TypeAlias = dict[str, Any]
"""By the names of fields; under ROWS a list of the same for each line, with its "id" (0: new) and "level"."""
Finder: TypeAlias = Callable[[int], "Setting | None"]

ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong beyond one field: where, and a sentence. `row` is a line's place, None where it is none's."""

    sentence: str
    field: str = ""
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a setting that is a list."""

    fields: tuple[Field, ...]
    noun: Text
    """What one line is called."""
    most: int
    levels: int = 1
    is_kept: bool = False
    """Whether a line that is stored can only be hidden, since other things hang on it."""
    url_of: Callable[[int], str] | None = None
    """Where more of a stored line is changed."""
    url_label: Text = ""


def _nothing_wrong(_session: Session, _values: Values) -> Iterable[Fault]:
    return ()


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting. `name` stands in its address, `code` in the log, `thing` is what the log says it was done to."""

    name: str
    code: str
    title: Text
    fields: tuple[Field, ...]
    read: Callable[[Session], Values]
    store: Callable[[Session, Values], None]
    """Put checked values into the rows, within the write. Raises Refused."""
    stands: Callable[[Values], str]
    """Say in one sentence what stands now."""
    preview: Callable[[Values, Values], str] | None
    """Return a public page as it would be with the values; the second are what the template needs for its way back.
    None: readers see nothing of it."""
    lines: Lines | None = None
    check: Callable[[Session, Values], Iterable[Fault]] = _nothing_wrong
    language: str = ""
    """The language whose readers see it; "" for all."""
    note: Text = ""
    """What whoever changes it has to know."""
    thing: str = "site:1"
    above: str = ""
    """The setting to which its page leads back, "" for the index."""
    helpers: dict[str, str] = field(default_factory=dict)
    """What its fields need, as endpoints: "pictures", where pictures for a text are listed; "upload", where one is put up."""

    @property
    def named(self) -> str:
        """Return its title with its language, where it is one language's."""
        return f"{self.title} ({NAMES[self.language]})" if self.language else str(self.title)


def declare(app: Flask, *settings: Setting) -> None:
    """Add settings to the index, in this order."""
    known: dict[str, Setting] = app.extensions.setdefault("settings", {})
    for one in settings:
        known[one.name] = one
        _say_in_log(app, one.code, partial(getattr, one, "named"))


def declare_family(app: Flask, prefix: str, find: Finder, *, code: str, title: Text) -> None:
    """Have settings named "<prefix>-<number>" found by their number; the index does not list them. All have one code."""
    app.extensions.setdefault("settings_families", {})[prefix] = find
    _say_in_log(app, code, lambda: str(title))


def find(name: str) -> Setting | None:
    """Return a setting by its name, whose lines ask once what can be chosen, however many they are."""
    known: dict[str, Setting] = current_app.extensions["settings"]
    families: dict[str, Finder] = current_app.extensions.get("settings_families", {})
    prefix, _, number = name.rpartition("-")
    if prefix in families and number.isascii() and number.isdigit() and str(int(number)) == number and 0 < int(number) < 2**31:
        return families[prefix](int(number))
    found = known.get(name)
    lines = found.lines if found else None
    if found is None or lines is None:
        return found
    return replace(found, lines=replace(lines, fields=tuple(map(_asked_once, lines.fields))))


def all_of_them() -> Iterator[Setting]:
    """Yield what the index lists."""
    known: dict[str, Setting] = current_app.extensions["settings"]
    yield from known.values()


def _say_in_log(app: Flask, code: str, title: Callable[[], str]) -> None:
    app.extensions.setdefault("audit_words", {})[code] = title


def _asked_once(one: Field) -> Field:
    return replace(one, options=cache(one.options)) if isinstance(one, Choice) else one
