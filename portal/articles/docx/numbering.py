"""The numbers that Word shows before paragraphs: I., 1., a), Điều 1. They are part of what an official text says."""

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from portal.articles.docx.trees import child, is_on, value

TYPES = {"decimal": "1", "upperRoman": "I", "lowerRoman": "i", "upperLetter": "A", "lowerLetter": "a"}
"""Kinds of numbers that a list of HTML has too."""
ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"))
ROMAN_ONES = ((5, "V"), (4, "IV"), (1, "I"))
PLACE = re.compile("%([1-9])")
HIGHEST = 30_000
LEVELS = 9
DASHES = {"-", "–", "+", "*"}
"""Bullets that are letters; all others are drawn by fonts of their own."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands before a paragraph: its text, and how a list of HTML would count it."""

    text: str
    level: int
    list_key: str
    """Lists that are counted together have the same."""
    number: int = 0
    type: str = ""
    """One of TYPES' values where a list of HTML shows the very same, "" where it cannot."""
    is_bullet: bool = False


@dataclass(slots=True)
class Numbering:
    """A document's lists, and how far each was counted."""

    lists: dict[str, tuple[str, Element]]
    """By the number that paragraphs name: the key of the list, and its row with what it says anew."""
    levels: dict[str, dict[int, Element]]
    """By the key: its levels."""
    counted: dict[str, dict[int, int]] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)

    def mark(self, number: str, level: int) -> Mark | None:
        """Count on, and return what stands before the paragraph; None where that is nothing."""
        if number not in self.lists or not 0 <= level < LEVELS:
            return None
        key, row = self.lists[number]
        changed = next((one for one in row if one.get("w:ilvl") == str(level)), None)
        said = child(changed, "w:lvl") if child(changed, "w:lvl") is not None else self.levels.get(key, {}).get(level)
        if said is None:
            return None
        self._count(number, key, level, _number(value(changed, "w:startOverride"), -1), said)
        shape, text = value(said, "w:numFmt") or "decimal", value(said, "w:lvlText")
        if shape == "bullet":
            return Mark(text.strip() if text.strip() in DASHES else "•", level, key, is_bullet=True) if text.strip() else None
        shown = PLACE.sub(lambda place: self._said(key, int(place[1]) - 1, is_legal=bool(is_on(said, "w:isLgl"))), text).strip()
        kind = TYPES.get(shape, "") if text.strip() == f"%{level + 1}." else ""
        return Mark(shown, level, key, self.counted[key][level], kind) if shown else None

    def _count(self, number: str, key: str, level: int, anew: int, said: Element) -> None:
        counted = self.counted.setdefault(key, {})
        is_first = anew >= 0 and (number, level) not in self.begun
        self.begun.add((number, level))
        start = _number(value(said, "w:start"), 1)
        counted[level] = anew if is_first else min(HIGHEST, counted[level] + 1) if level in counted else start
        for deeper in [one for one in counted if level < one and level < self._restarted_by(key, one)]:
            del counted[deeper]

    def _restarted_by(self, key: str, level: int) -> int:
        """Return how many levels, from the first, have a level begin anew: all above it, where nothing else is said."""
        return _number(value(self.levels.get(key, {}).get(level), "w:lvlRestart"), level)

    def _said(self, key: str, level: int, *, is_legal: bool) -> str:
        said = self.levels.get(key, {}).get(level)
        number = self.counted[key].get(level, _number(value(said, "w:start"), 1))
        return str(number) if is_legal else _written(number, value(said, "w:numFmt"))


def read(tree: Element | None) -> Numbering:
    """Return the lists of a document."""
    rows = list(tree) if tree is not None else []
    whole = {one.get("w:abstractNumId", ""): one for one in rows if one.tag == "w:abstractNum"}
    named = {value(one, "w:styleLink"): key for key, one in whole.items() if value(one, "w:styleLink")}
    lists = {}
    for one in rows:
        if one.tag == "w:num":
            key = value(one, "w:abstractNumId")
            lists[one.get("w:numId", "")] = named.get(value(whole.get(key), "w:numStyleLink"), key), one
    levels = {
        key: {_number(level.get("w:ilvl", ""), -1): level for level in one if level.tag == "w:lvl"} for key, one in whole.items()
    }
    return Numbering(lists, levels)


def _written(number: int, shape: str) -> str:
    if shape in {"upperRoman", "lowerRoman"}:
        roman = _roman(number)
        return roman if shape == "upperRoman" else roman.lower()
    if shape in {"upperLetter", "lowerLetter"} and number > 0:
        letter = chr(ord("A") + (number - 1) % 26) * min(9, 1 + (number - 1) // 26)
        return letter if shape == "upperLetter" else letter.lower()
    if shape == "none":
        return ""
    return f"{number:02}" if shape == "decimalZero" else str(number)


def _roman(number: int) -> str:
    written = ""
    for worth, letters in (*ROMAN, *ROMAN_ONES):
        written += letters * (number // worth)
        number %= worth
    return written


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else otherwise
