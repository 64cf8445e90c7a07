"""The head of an official document (Decree 30/2020/NĐ-CP): the table with the name of the state, symbol, issuer and day.

It is taken off the body. What it says is proposed as it is written; nothing is corrected.
"""

import re
from dataclasses import asdict, dataclass
from datetime import date

from portal.articles.docx.blocks import Block, Cell, Table

STATE = re.compile(r"CỘNG\s+H(?:ÒA|OÀ)\s+XÃ\s+HỘI\s+CHỦ\s+NGHĨA\s+VIỆT\s+NAM", re.IGNORECASE)
SYMBOL = re.compile(r"Số\s*:?\s*(\d[\w]*\s*/\s*[\wĐ][^\s,;]*(?:\s*-\s*[\wĐ][^\s,;]*)*)", re.IGNORECASE)
NUMBER_LINE = re.compile(r"\s*Số\s*:", re.IGNORECASE)
DAY = re.compile(r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})", re.IGNORECASE)
ABOUT = re.compile(r"\s*(?:V/v|Về việc)\b[\s:.]*(.*)", re.IGNORECASE | re.DOTALL)
RULE = re.compile(r"[\s\-_–—=*.]*")
SIGNED = re.compile(r"Nơi\s+nhận", re.IGNORECASE)
NAME = re.compile(r"[^\W\d_]+(?:[ .'-]+[^\W\d_]+){1,6}")
WITHIN = 6
"""Blocks at the beginning among which it stands."""
KINDS = {
    "NQ": "Nghị quyết", "QĐ": "Quyết định", "CT": "Chỉ thị", "QC": "Quy chế", "QYĐ": "Quy định", "TC": "Thông cáo",
    "TB": "Thông báo", "HD": "Hướng dẫn", "CTr": "Chương trình", "KH": "Kế hoạch", "PA": "Phương án", "ĐA": "Đề án",
    "DA": "Dự án", "BC": "Báo cáo", "BB": "Biên bản", "TTr": "Tờ trình", "HĐ": "Hợp đồng", "CĐ": "Công điện",
    "GM": "Giấy mời", "TT": "Thông tư", "NĐ": "Nghị định",
}  # fmt: skip
"""Kinds of documents by the letters in their symbols (Decree 30/2020/NĐ-CP, appendix III)."""
LETTER = "Công văn"


@dataclass(slots=True)
class Proposals:
    """What the first page of a document says of it, "" where it says nothing."""

    symbol: str = ""
    issuer: str = ""
    day: str = ""
    """ISO, where there is such a day."""
    written_day: str = ""
    """As it is written."""
    kind: str = ""
    signer: str = ""
    subject: str = ""
    """What a letter is about ("V/v …")."""

    def told(self) -> dict[str, str]:
        """Return what there is."""
        return {name: said for name, said in asdict(self).items() if said}


def take_off(blocks: list[Block]) -> Proposals | None:
    """Take the head off the body and return what it says, None where there is none."""
    for place, one in enumerate(blocks[:WITHIN]):
        if isinstance(one, Table) and STATE.search(one.text):
            del blocks[: place + 1]
            drop_rules(blocks)
            return _read(one, blocks)
    return None


def drop_rules(blocks: list[Block]) -> None:
    """Take empty paragraphs, and those that are lines of dashes, off the beginning."""
    first = (place for place, one in enumerate(blocks) if isinstance(one, Table) or one.pictures or not RULE.fullmatch(one.text))
    del blocks[: next(first, len(blocks))]


def _read(head: Table, blocks: list[Block]) -> Proposals:
    cells = [cell for row in head.rows for cell in row.cells]
    text = head.text
    symbol, day = SYMBOL.search(text), DAY.search(text)
    found = Proposals(
        symbol=re.sub(r"\s+", "", symbol[1]).rstrip(".") if symbol else "",
        issuer=_issuer(next((cell for cell in cells if cell.lines and not STATE.search(_text(cell))), None)),
        written_day=" ".join(day[0].split()) if day else "",
        day=_iso(*day.groups()) if day else "",
        signer=_signer(blocks),
        subject=next((" ".join(about[1].split()) for cell in cells if (about := _about(cell))), ""),
    )
    code = re.split(r"[/-]", found.symbol)[1:2]
    found.kind = KINDS.get(code[0], "") if code else ""
    if found.subject and not found.kind:
        found.kind = LETTER
    return found


def _issuer(cell: Cell | None) -> str:
    """Return who issues it: the bold lines above the number, where some are; all of them where none is."""
    lines = []
    for one in cell.lines if cell is not None else ():
        if NUMBER_LINE.match(one.text) or ABOUT.match(one.text):
            break
        if not RULE.fullmatch(one.text):
            lines.append(one)
    bold = [one for one in lines if one.is_bold]
    return " ".join(" ".join(one.text.split()) for one in bold or lines)


def _about(cell: Cell) -> re.Match[str] | None:
    """Return what follows "V/v" in a cell, to its end."""
    texts = [line.text for line in cell.lines]
    start = next((place for place, text in enumerate(texts) if ABOUT.match(text)), None)
    return ABOUT.match("\n".join(texts[start:])) if start is not None else None


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
