"""What somebody looks for in the list of pieces, read from an address or a form; what no form of ours sends is refused."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from flask import abort
from flask_login import current_user

from portal.core.language import NAMES as LANGUAGES
from portal.core.web import LARGEST_ID
from portal.desk import scopes
from portal.desk.listing import NUMBER, Filters, Sort
from portal.desk.scopes import Scope

NAMES = ("tim", "trang-thai", "chuyen-muc", "don-vi", "nguoi", "ngon-ngu", "sap")
"""Of the fields: words, scope, section, unit, author, language, order; an address with them can be sent to a colleague."""

LONGEST = 100
MINE = "toi"

Word = TypeVar("Word", bound=Enum)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: as it was typed, and as filters."""

    typed: dict[str, str]
    filters: Filters

    @property
    def given(self) -> dict[str, str]:
        """Return the fields that say anything, as an address or a form carries them on."""
        return {name: value for name, value in self.typed.items() if value}


def asked(read: Callable[..., str]) -> Asked:
    """Read the filters with `query_value` or `form_value`. Aborts with 404 where a list's value is none of the list."""
    typed = {name: read(name, longest=LONGEST).strip() for name in NAMES}
    scope, language = _word(Scope, typed["trang-thai"]), typed["ngon-ngu"] or None
    if (scope is not None and scope not in scopes.offered()) or (language is not None and language not in LANGUAGES):
        abort(404)
    filters = Filters(
        text=typed["tim"],
        scope=scope,
        section=_id(typed["chuyen-muc"]),
        unit=_id(typed["don-vi"]),
        author=current_user.id if typed["nguoi"] == MINE else _id(typed["nguoi"]),
        language=language,
        sort=_word(Sort, typed["sap"]) or Sort.CHANGED,
    )
    return Asked(typed, filters)


def _word(words: type[Word], text: str) -> Word | None:
    found = next((word for word in words if word.value == text), None)
    return abort(404) if text and found is None else found


def _id(text: str) -> int | None:
    if text and not (NUMBER.fullmatch(text) and int(text) <= LARGEST_ID):
        abort(404)
    return int(text) if text else None
