"""Numbers that look like personal data (dữ liệu cá nhân): found before publishing, with their place, and masked. Pure functions.

What is found is a question to the editor, never a verdict.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from itertools import accumulate
from typing import Literal

from portal.core.blocks import LINE_TAG, PICTURE, Block, blocks, outermost
from portal.core.elements import TAG
from portal.core.text import fold

Kind = Literal["citizen", "identity_card", "telephone", "account", "tax"]

BEFORE, AFTER = 60, 40
"""How far a word counts, in letters."""
KEPT_FIRST, KEPT_LAST = 3, 2
"""The figures that masking leaves."""

GAP = r"[ .\u00a0\u202f-]?"
LEFT = r"(?<![\w+])(?<![0-9][.,–-])(?<![^\W0-9]/)"
RIGHT = r"(?!\w|[.,–-][0-9]|/[^\W0-9]|/[0-9]{1,4}(?![0-9]))"
"""A number is no part of a longer one, of a symbol (923/QĐ-TTg) or of a decimal."""
CITIZEN = re.compile(f"{LEFT}[0-9](?:{GAP}[0-9]){{11}}{RIGHT}")
IDENTITY_CARD = re.compile(f"{LEFT}[0-9](?:{GAP}[0-9]){{8}}{RIGHT}")
TELEPHONE = re.compile(rf"(?:{LEFT}\(?0|(?<![\w+])\(?(?:\+84|0084)\)?){GAP}[35789](?:\)?{GAP}[0-9]){{8}}{RIGHT}")
TAX = re.compile(f"{LEFT}[0-9](?:{GAP}[0-9]){{9}}{RIGHT}")
ACCOUNT = re.compile(f"{LEFT}[0-9](?:{GAP}[0-9]){{7,18}}{RIGHT}")

PIECE = re.compile(rf"(?P<tag>{TAG.pattern})|(?P<entity>&#?[A-Za-z0-9]{{1,31}};)|[^<&]+|[<&]")
FIGURES = frozenset("0123456789")
GROUPS = re.compile("[0-9]+")
AMOUNT = re.compile(r"[1-9][0-9]{0,2}(?:[. \u00a0\u202f][0-9]{3})+")
UNIT = re.compile(r"\W{0,2}(?:dong|d|vnd|usd|trieu|ty|nghin|nguoi|ha|m2|km|tan|luot)\b")
IN_ROW = re.compile(r"[0-9]\W?$")
NEAR_ZERO = re.compile(r"\(?0\.[0-9]+")

# Words on the folded text that ends where the number begins.
IDENTITY_WORDS = re.compile(r"\b(?:cmnd|cmt|cmtnd|cccd|chung minh (?:nhan dan|thu)|can cuoc|dinh danh)\b")
TAX_WORDS = re.compile(r"\b(?:mst|ma so thue)\b")
PERSON_WORDS = re.compile(r"\bca nhan\b")
ACCOUNT_WORD = re.compile(r"\b(?:stk|tk|tai khoan)\b")
ACCOUNT_WORDS = re.compile(ACCOUNT_WORD.pattern + "[^0-9]{0,40}$")
BANK_WORDS = re.compile(r"\bngan hang\b")
OTHER_WORDS = re.compile(
    r"\b(?:ma so|ma ho so|giay phep|mst|so hieu|van ban|quyet dinh|hotline|dien thoai|tong dai|dt|tel|fax)\b[^0-9]{0,30}$"
)
TREASURY_WORDS = re.compile(r"\bkho bac\b")


@dataclass(frozen=True, slots=True)
class Found:
    """A number that may be somebody's own."""

    kind: Kind
    text: str
    """As a reader sees it."""
    start: int
    end: int
    """Where it stands in the source."""
    paragraph: int
    """The block of the body or the line of the text, from 1. A table is one block."""


def found(source: str) -> list[Found]:
    """Return what looks like personal data in clean HTML or in plain text, in order.

    Citizen numbers and private telephones are known by themselves; identity cards, tax codes of persons and bank accounts by
    words near: before them in the paragraph, at the head of the column, or in the cell at their left.
    """
    return [one for part in _parts(source) for one in _found_in(part)]


def masked(source: str, some: Iterable[Found]) -> str:
    """Return the source with the figures of what was found as asterisks, the first three and the last two aside."""
    for one in sorted(some, key=lambda one: one.start, reverse=True):
        source = source[: one.start] + _masked(source[one.start : one.end]) + source[one.end :]
    return source


@dataclass(frozen=True, slots=True)
class _Part:
    """A run of source that is read as one, and the words that stand over it or beside it."""

    source: str
    start: int
    paragraph: int
    context: str = ""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A number with its surroundings, folded."""

    text: str
    before: str
    after: str

    @property
    def figures(self) -> str:
        return "".join(GROUPS.findall(self.text))

    @property
    def groups(self) -> list[int]:
        return [len(group) for group in GROUPS.findall(self.text)]

    @property
    def is_amount(self) -> bool:
        return bool(AMOUNT.fullmatch(self.text) or UNIT.match(self.after))


def _parts(source: str) -> Iterator[_Part]:
    if not TAG.search(source):
        lines = source.split("\n")
        starts = accumulate((len(line) + 1 for line in lines), initial=0)
        yield from (_Part(line, start, number) for number, (line, start) in enumerate(zip(lines, starts, strict=False), 1))
        return
    for number, block in enumerate(blocks(source), 1):
        for part in _cells(block, number) if block.tag == "table" else [_Part(block.html, block.start, number)]:
            yield from _descriptions(part)
            yield part


def _descriptions(part: _Part) -> Iterator[_Part]:
    """Yield what is said of the pictures in a part to those who do not see them."""
    for picture in PICTURE.finditer(part.source):
        yield _Part(picture[2], part.start + picture.start(2), part.paragraph, part.context)


def _cells(table: Block, number: int) -> Iterator[_Part]:
    """Yield the cells of a table, each with the head of its column; in a row of two, also with the cell at its left."""
    inside = len("<table>")
    heads = list[str]()
    for row in outermost(table.html[inside:-inside], frozenset({"tr", "caption"})):
        start = table.start + inside + row.start + len(row.tag) + 2
        cells = outermost(row.html[len(row.tag) + 2 :], frozenset({"td", "th"})) if row.tag == "tr" else [row]
        texts = [cell.text for cell in cells]
        for place, cell in enumerate(cells):
            context = [heads[place]] if place < len(heads) else []
            context += texts[:place] if len(cells) == 2 else []
            at = start + cell.start if row.tag == "tr" else table.start + inside + row.start
            yield _Part(cell.html, at, number, " ".join(context))
        heads = heads or (texts if row.tag == "tr" else [])


def _found_in(part: _Part) -> Iterator[Found]:
    if sum(map(len, GROUPS.findall(part.source))) < 8:
        return
    text, place = _read(part.source)
    folded, context = _folded(text), fold(part.context) + " : "
    used, taken = bytearray(len(text)), list[tuple[int, int, Kind]]()
    for kind, pattern, words, rule in RULES:
        if words and not words.search(context + folded):
            continue
        for match in pattern.finditer(text):
            start, end = match.span()
            if used.find(1, start, end) >= 0:
                continue
            if rule(_Candidate(match[0], context + folded[max(0, start - BEFORE) : start], folded[end : end + AFTER])):
                taken.append((start, end, kind))
                used[start:end] = b"\1" * (end - start)
    for start, end, kind in sorted(taken):
        yield Found(kind, text[start:end], part.start + place(start), part.start + place(end - 1) + 1, part.paragraph)


def _folded(text: str) -> str:
    """Return the text folded, each letter in its place."""
    folded = fold(text)
    return folded if len(folded) == len(text) else "".join(fold(letter)[:1] or " " for letter in text)


def _is_citizen(number: _Candidate) -> bool:
    """Return whether twelve figures are built as Decree 137/2015/NĐ-CP, article 13, says: province, sex and century, year."""
    figures, groups = number.figures, number.groups
    if number.is_amount or groups[0] < 3 or len(groups) > 5:
        return False
    if IDENTITY_WORDS.search(number.before):
        return True
    is_of_this_century = figures[3] in "23" and int(figures[4:6]) < 50
    return 1 <= int(figures[:3]) <= 96 and (figures[3] in "01" or is_of_this_century)


def _is_identity_card(number: _Candidate) -> bool:
    return bool(IDENTITY_WORDS.search(number.before)) and not UNIT.match(number.after) and min(number.groups) > 1


def _is_telephone(number: _Candidate) -> bool:
    """Return whether it may be a private one: its ten figures in few groups, no date, no decimal."""
    groups = number.groups
    is_plain = number.text[0] not in "+(" and not number.text.startswith("00")
    is_in_row = groups[0] == 2 and IN_ROW.search(number.before)
    if is_plain and (min(groups) < 2 or groups[:3] == [2, 2, 4] or is_in_row or NEAR_ZERO.match(number.text)):
        return False
    return len(groups) <= 6 and not number.is_amount


def _is_tax_code(number: _Candidate) -> bool:
    if not TAX_WORDS.search(number.before):
        return False
    return number.figures[0] == "8" or bool(PERSON_WORDS.search(number.before))


def _is_account(number: _Candidate) -> bool:
    figures, around = number.figures, number.before + number.after
    if number.is_amount or TREASURY_WORDS.search(around) or OTHER_WORDS.search(number.before) or number.groups[:3] == [2, 2, 4]:
        return False
    if ACCOUNT_WORDS.search(number.before):
        return True
    return len(figures) > 8 and not figures.startswith(("02", "1800", "1900")) and bool(BANK_WORDS.search(around))


RULES: tuple[tuple[Kind, re.Pattern[str], re.Pattern[str] | None, Callable[[_Candidate], bool]], ...] = (
    ("citizen", CITIZEN, None, _is_citizen),
    ("tax", TAX, TAX_WORDS, _is_tax_code),
    ("account", ACCOUNT, ACCOUNT_WORD, lambda number: bool(ACCOUNT_WORDS.search(number.before)) and _is_account(number)),
    ("telephone", TELEPHONE, None, _is_telephone),
    ("identity_card", IDENTITY_CARD, IDENTITY_WORDS, _is_identity_card),
    ("account", ACCOUNT, BANK_WORDS, _is_account),
)
"""A kind, its form, words without which a paragraph has none, the rule; in the order in which they take a number."""


def _read(html: str) -> tuple[str, Callable[[int], int]]:
    """Return the text that a reader sees, and what tells the place in the source of each of its letters."""
    parts, begins, places, length = list[str](), list[int](), list[int](), 0
    for piece in PIECE.finditer(html):
        shown = ("\n" if LINE_TAG.match(piece[0]) else "") if piece["tag"] else unescape(piece[0])
        if shown:
            parts.append(shown)
            begins.append(length)
            places.append(piece.start())
            length += len(shown)

    def place(letter: int) -> int:
        nth = bisect_right(begins, letter) - 1
        return places[nth] + letter - begins[nth]

    return "".join(parts), place


def _masked(written: str) -> str:
    """Return a number as it is written, between tags and entities, with its figures hidden but the first and the last."""
    pieces = [(piece[0], not piece["tag"] and not piece["entity"]) for piece in PIECE.finditer(written)]
    last = sum(character in FIGURES for piece, is_text in pieces if is_text for character in piece) - KEPT_LAST
    nth, out = 0, list[str]()
    for piece, is_text in pieces:
        for character in piece:
            is_figure = is_text and character in FIGURES
            out.append("*" if is_figure and KEPT_FIRST <= nth < last else character)
            nth += is_figure
    return "".join(out)
