"""The form in which an editor makes a poll: its fields, its choices as lines, and what cannot stand together."""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _l

from portal.core import clock
from portal.core.errors import Refused
from portal.core.language import NAMES, _
from portal.polls.models import MOST_CHOICES, Poll, Visibility
from portal.polls.velocity import DEFAULT_ALLOWANCE
from portal.settings.fields import Choice, Field, Line, Moment, Number, Tick
from portal.settings.groups import ROWS, Fault, Lines, Values

MOST_SITES = 50
VISIBILITIES = [
    (Visibility.ALWAYS, _l("Always")),
    (Visibility.VOTED, _l("After voting")),
    (Visibility.CLOSED, _l("After the poll closes")),
]


@dataclass(frozen=True, slots=True)
class Sites(Line):
    """Origins of other sites, parted by spaces, kept as browsers and `frame-ancestors` have them."""

    longest: int = 2_000

    def formed(self, text: str) -> str:
        origins = list(dict.fromkeys(map(origin_of, text.split())))
        if len(origins) > MOST_SITES:
            raise Refused(_("There are at most %(most)s sites. Remove one first.", most=MOST_SITES))
        return " ".join(origins)


FIELDS: tuple[Field, ...] = (
    Line("question", _l("Question"), required=True, longest=300),
    Line("help", _l("Explanation below the question"), longest=500),
    Choice("language", _l("Language of the text"), options=lambda: list(NAMES.items())),
    Number("min_choices", _l("Choose at least"), required=True, most=MOST_CHOICES),
    Number("max_choices", _l("Choose at most"), _l("1 and 1: one answer for each voter."), required=True, most=MOST_CHOICES),
    Moment("opens_at", _l("Opens at"), _l("Empty: as soon as it is published.")),
    Moment("closes_at", _l("Closes at"), _l("Empty: until you close it.")),
    Choice("visibility", _l("The result can be seen"), options=lambda: VISIBILITIES),
    Tick("may_change", _l("A vote may be changed while the poll is open")),
    Tick("on_home", _l("Show it on the home page")),
    Tick(
        "checkable",
        _l("Voters get a code to check their vote by"),
        _l("After the end the codes and choices of all votes are published, from 30 votes on."),
    ),
    Number(
        "allowance",
        _l("Votes of one network that count within an hour"),
        _l(
            "Empty: nobody looks. Hundreds may share one address; %(usual)s is usual.",
            usual=DEFAULT_ALLOWANCE,
        ),
        most=1_000_000,
    ),
    Sites(
        "sites",
        _l("Sites that may embed it"),
        _l("Such as https://xa-a.example.vn, parted by spaces. Empty: none."),
    ),
)
LINES = Lines((Line("label", _l("Choice"), required=True, longest=200),), _l("Choice"), MOST_CHOICES)
COLUMNS = tuple(field.name for field in FIELDS)
TIMES = ("opens_at", "closes_at")


@dataclass(frozen=True, slots=True)
class PollSheet:
    """What is asked of whoever makes a poll."""

    fields: tuple[Field, ...] = FIELDS
    lines: Lines | None = LINES


SHEET = PollSheet()


def blank(language: str) -> Values:
    """Return what stands in the form of a poll that is begun."""
    texts: Values = dict.fromkeys(("question", "help", "opens_at", "closes_at", "sites"), "")
    ticks: Values = dict.fromkeys(("may_change", "on_home", "checkable"), False)
    numbers = {"min_choices": 1, "max_choices": 1, "allowance": 0}
    rows = [{"id": 0, "level": 1, "label": ""} for _place in range(2)]
    return {**texts, **ticks, **numbers, "language": language, "visibility": Visibility.ALWAYS.value, ROWS: rows}


def values_of(poll: Poll) -> Values:
    """Return a poll as its form has it."""
    values: Values = {name: getattr(poll, name) for name in COLUMNS}
    values |= {name: _local(values[name]) for name in TIMES} | {"allowance": poll.allowance or 0}
    values[ROWS] = [{"id": choice.id, "level": 1, "label": choice.label} for choice in poll.current_choices()]
    return values


def columns_of(values: Values, poll: Poll | None) -> Values:
    """Return a form's values as columns of a poll; a time that was not touched keeps its seconds."""
    times = {name: _instant(values[name], getattr(poll, name, None)) for name in TIMES}
    return {**{name: values[name] for name in COLUMNS}, **times, "allowance": values["allowance"] or None}


def faults(values: Values, poll: Poll | None, *, now: int) -> Iterator[Fault]:
    """Yield what cannot stand together in a poll; None for one that is new."""
    rows, columns = values[ROWS], columns_of(values, poll)
    if len(rows) < 2:
        yield Fault(_("A poll has at least two choices."))
    seen = dict[str, int]()
    for place, row in enumerate(rows):
        if row["label"].casefold() in seen:
            yield Fault(_("This choice stands there already."), "label", place)
        seen.setdefault(row["label"].casefold(), place)
    if values["max_choices"] > max(2, len(rows)):
        yield Fault(_("There are not so many choices."), "max_choices")
    if values["max_choices"] < values["min_choices"]:
        yield Fault(_("This is less than what has to be chosen at least."), "max_choices")
    opens, closes = columns["opens_at"], columns["closes_at"]
    is_new = poll is None or closes != poll.closes_at
    if closes is not None and is_new and closes <= max(opens or 0, now):
        yield Fault(_("It has to close after it opens, and not before now."), "closes_at")


def origin_of(typed: str) -> str:
    """Return a site's origin as browsers write it, such as "https://xa-a.example.vn". Raises Refused with a sentence."""
    wrong = Refused(_("“%(typed)s” is no site. Write it such as https://xa-a.example.vn, without a path.", typed=typed[:80]))
    try:
        parts = urlsplit(typed)
        host, port = (parts.hostname or "").rstrip(".").encode("idna").decode("ascii").lower(), parts.port
    except (ValueError, UnicodeError) as error:
        raise wrong from error
    if parts.path not in {"", "/"} or parts.query or parts.fragment or parts.username is not None or not _is_host(host):
        raise wrong
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_here(host)):
        raise Refused(_("“%(typed)s” does not begin with https://: votes could be read on the way.", typed=typed[:80]))
    usual = {"https": 443, "http": 80}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in {None, usual} else "")


def _is_host(host: str) -> bool:
    named = all(label and len(label) <= 63 and label.replace("-", "").isalnum() for label in host.split("."))
    return named and len(host) <= 253 and ("." in host or _is_here(host)) and not _is_address(host, here=False)


def _is_here(host: str) -> bool:
    return host == "localhost" or _is_address(host, here=True)


def _is_address(host: str, *, here: bool) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback is here
    except ValueError:
        return False


def _instant(typed: str, before: int | None) -> int | None:
    return before if typed == _local(before) else clock.instant_at(typed) if typed else None


def _local(instant: int | None) -> str:
    return clock.local(instant).strftime("%Y-%m-%dT%H:%M") if instant is not None else ""
