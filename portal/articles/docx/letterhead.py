"""The head of an official document (Decree 30/2020/NĐ-CP): the table, or lines, with state, symbol, issuer and day.

It is taken off the body. What it says is proposed as it is written; nothing is corrected, and what is no field is told too.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby

from portal.articles.docx.blocks import Block, Cell, Paragraph, Row, Table
from portal.articles.docx.proposals import Proposals

STATE = re.compile(r"CỘNG\s+H(?:ÒA|OÀ)\s+XÃ\s+HỘI\s+CHỦ\s+NGHĨA\s+VIỆT\s+NAM", re.IGNORECASE)
MOTTO = re.compile(r"Độc\s+lập\s*[-–—]\s*Tự\s+do\s*[-–—]\s*Hạnh\s+phúc", re.IGNORECASE)
SYMBOL = re.compile(r"Số\s*:?\s*(\d[\w]*\s*/\s*[\wĐ][^\s,;]*(?:\s*-\s*[\wĐ][^\s,;]*)*)", re.IGNORECASE)
NUMBER_LINE = re.compile(r"^\s*Số\s*:", re.IGNORECASE | re.MULTILINE)
DAY = re.compile(r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})", re.IGNORECASE)
DAY_LINE = re.compile(rf"(?:[^\W\d_][^,\n]*,\s*)?{DAY.pattern}", re.IGNORECASE)
ABOUT = re.compile(r"^\s*(?:V/v|Về việc)\b[\s:.]*(.*)", re.IGNORECASE | re.DOTALL | re.MULTILINE)
"""What follows it is the subject, to the end of the cell."""
RULE = re.compile(r"[\s\-_–—=*.]*")
SIGNED = re.compile(r"Nơi\s+nhận", re.IGNORECASE)
NAME = re.compile(r"[^\W\d_]+(?:[ .'-]+[^\W\d_]+){1,6}")
WITHIN = 6
"""Blocks at the beginning among which it stands."""
LONGEST = 800
"""Characters of one of its rows; more is text."""
LONGEST_ABOVE = 300
"""Characters of what stands above it ("DỰ THẢO"); more is text."""
KINDS = {
    "NQ": "Nghị quyết", "QĐ": "Quyết định", "CT": "Chỉ thị", "QC": "Quy chế", "QYĐ": "Quy định", "TC": "Thông cáo",
    "TB": "Thông báo", "HD": "Hướng dẫn", "CTr": "Chương trình", "KH": "Kế hoạch", "PA": "Phương án", "ĐA": "Đề án",
    "DA": "Dự án", "BC": "Báo cáo", "BB": "Biên bản", "TTr": "Tờ trình", "HĐ": "Hợp đồng", "CĐ": "Công điện",
    "GM": "Giấy mời", "TT": "Thông tư", "NĐ": "Nghị định",
}  # fmt: skip
"""Kinds of documents by the letters in their symbols (Decree 30/2020/NĐ-CP, appendix III)."""
LETTER = "Công văn"


def take_off(blocks: list[Block], left: Counter[str]) -> Proposals | None:
    """Take the head off the body and return what it says, None where there is none; count its pictures as left."""
    place = next((place for place, one in enumerate(blocks[:WITHIN]) if STATE.search(one.text)), None)
    if place is None:
        return None
    one, below = blocks[place], blocks[place + 1 :]
    if isinstance(one, Table):
        number = _length(Table([row]).text for row in one.rows)
        cells, below = [cell for row in one.rows[:number] for cell in row.cells], _rest(one.rows[number:]) + below
    else:
        number = _length(line.text if isinstance(line, Paragraph) else None for line in blocks[place:])
        lines = [line for line in blocks[place : place + number] if isinstance(line, Paragraph)]
        cells, below = [Cell(lines, 1, "")], blocks[place + number :]
    if number == 0:
        return None
    above = [before for before in blocks[:place] if isinstance(before, Paragraph)]
    is_short = len(above) == place and sum(len(before.text) for before in above) <= LONGEST_ABOVE
    blocks[:] = below if is_short else blocks[:place] + below
    taken = [*(above if is_short else []), *(line for cell in cells for line in cell.blocks)]
    left["emblems"] += sum(len(line.pictures) for line in taken)
    drop_rules(blocks)
    found = _read(cells, blocks)
    found.other = "; ".join(_other([text for line in taken for text in line.text.split("\n")], found))
    return found


def _length(texts: Iterable[str | None]) -> int:
    """Return how many rows of a table, or paragraphs, are the head; the others are text, in a table too."""
    number, signs = 0, [STATE, MOTTO, NUMBER_LINE, DAY, ABOUT]
    for text in texts:
        if text is None or len(text) > LONGEST or not (RULE.fullmatch(text) or any(sign.search(text) for sign in signs)):
            break
        number += 1
        signs = [ABOUT] if DAY.search(text) else signs
    return number


def _rest(rows: list[Row]) -> list[Block]:
    """Return the rows below a head: those that are one cell across as paragraphs, the others as tables."""
    found = list[Block]()
    for is_alone, some in groupby(rows, lambda row: sum(bool(cell.blocks) for cell in row.cells) == 1):
        together = list(some)
        found += [one for row in together for cell in row.cells for one in cell.blocks] if is_alone else [Table(together)]
    return found


def drop_rules(blocks: list[Block]) -> None:
    """Take empty paragraphs, and those that are lines of dashes, off the beginning."""
    first = (place for place, one in enumerate(blocks) if isinstance(one, Table) or one.pictures or not RULE.fullmatch(one.text))
    del blocks[: next(first, len(blocks))]


def _read(cells: list[Cell], blocks: list[Block]) -> Proposals:
    text = "\n".join(map(_text, cells))
    symbol, day = SYMBOL.search(text), DAY.search(text)
    found = Proposals(
        symbol=re.sub(r"\s+", "", symbol[1]).rstrip(".") if symbol else "",
        issuer=_issuer(next((cell for cell in cells if cell.lines and not STATE.search(_text(cell))), None)),
        written_day=" ".join(day[0].split()) if day else "",
        day=_iso(*day.groups()) if day else "",
        signer=_signer(blocks),
        subject=next((" ".join(about[1].split()) for cell in cells if (about := ABOUT.search(_text(cell)))), ""),
    )
    code = re.split(r"[/-]", found.symbol)[1:2]
    found.kind = KINDS.get(code[0], "") if code else ""
    if found.subject and not found.kind:
        found.kind = LETTER
    return found


def _other(lines: list[str], found: Proposals) -> Iterator[str]:
    """Yield what of the head's lines is in no field."""
    for line in lines:
        rest = line
        for known in (STATE, MOTTO, SYMBOL, DAY_LINE) if found.symbol else (STATE, MOTTO, DAY_LINE):
            rest = known.sub(" ", rest, count=1)
        rest = " ".join(rest.split())
        about = ABOUT.match(rest)
        said = " ".join(about[1].split()) if about else rest
        if not RULE.fullmatch(rest) and said not in found.issuer and said not in found.subject:
            yield rest


def _issuer(cell: Cell | None) -> str:
    """Return who issues it: the bold lines above the number, where some are; all of them where none is."""
    lines = list[tuple[bool, str]]()
    for is_bold, text in ((one.is_bold, text) for one in (cell.lines if cell else ()) for text in one.text.split("\n")):
        if NUMBER_LINE.match(text) or ABOUT.match(text):
            break
        if not RULE.fullmatch(text):
            lines.append((is_bold, " ".join(text.split())))
    is_some_bold = any(is_bold for is_bold, _ in lines)
    return " ".join(text for is_bold, text in lines if is_bold or not is_some_bold)


def _iso(day: str, month: str, year: str) -> str:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""


def _signer(blocks: list[Block]) -> str:
    """Return the name below the signature: the last line beside "Nơi nhận"."""
    for one in reversed(blocks):
        if isinstance(one, Table) and SIGNED.search(one.text):
            beside = [cell for row in one.rows for cell in row.cells if cell.lines and not SIGNED.search(_text(cell))]
            name = " ".join(beside[-1].lines[-1].text.split()) if beside else ""
            return name if NAME.fullmatch(name) and name.upper() != name else ""
    return ""


def _text(cell: Cell) -> str:
    return "\n".join(line.text for line in cell.lines)
