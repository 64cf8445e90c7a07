"""Which paragraphs are headings: by their style, or by how they look and how they begin. No level is left out."""

import re
from collections.abc import Sequence

from portal.articles.docx.blocks import Block, Paragraph

LONGEST = 200
LONGEST_PLAIN = 100
BEGINNINGS = (
    (re.compile(r"(?:PHẦN|PHỤ LỤC)\b", re.IGNORECASE), 12),
    (re.compile(r"CHƯƠNG\s+(?:[IVXLC]+|\d+)\b", re.IGNORECASE), 14),
    (re.compile(r"[IVXLC]+[.)]\s"), 18),
    (re.compile(r"MỤC\s+(?:[IVXLC]+|\d+)\b", re.IGNORECASE), 22),
    (re.compile(r"TIỂU MỤC\s+(?:[IVXLC]+|\d+)\b", re.IGNORECASE), 24),
    (re.compile(r"\d+\.\d+\.\d"), 38),
    (re.compile(r"\d+\.\d+"), 34),
    (re.compile(r"\d+[.)]\s"), 28),
    (re.compile(r"ĐIỀU\s+\d+[a-zđ]?\b", re.IGNORECASE), 36),
    (re.compile(r"[a-zđ][.)]\s"), 38),
)
"""How bold paragraphs begin, and where they stand in the order of headings: Word's first level is 10, its second 20."""
CENTRED, PLAIN = 16, 39
NUMBER_ALONE = re.compile(r"(?:PHẦN|CHƯƠNG|MỤC|TIỂU MỤC|PHỤ LỤC)(?:\s+(?:THỨ\s+\w+|[IVXLC]+|\d+))?\s*[.:]?", re.IGNORECASE)
NO_HEADING = re.compile(r"(?:Kính gửi|Nơi nhận|Căn cứ|Xét đề nghị|Theo đề nghị|KT\.|TM\.|TL\.|TUQ\.|Ảnh:|Nguồn:)", re.IGNORECASE)
LEVELS = ("h2", "h3", "h4")


def give_levels(blocks: Sequence[Block]) -> None:
    """Make headings of the paragraphs that are such; what nothing follows, such as who signs, is none."""
    found = {number: rank for number, one in enumerate(blocks) if isinstance(one, Paragraph) and (rank := _rank(one))}
    last = max((number for number, one in enumerate(blocks) if number not in found and _has_text(one)), default=-1)
    found = {number: rank for number, rank in found.items() if number < last or _is_styled(blocks[number])}
    above = list[int]()
    for number, rank in found.items():
        before, one = blocks[number - 1] if number - 1 in found else None, blocks[number]
        if not (isinstance(before, Paragraph) and NUMBER_ALONE.fullmatch(before.said)):
            above = [*(other for other in above if other < rank), rank]
        if isinstance(one, Paragraph):
            one.role = LEVELS[min(len(above), len(LEVELS)) - 1]


def goes_on(one: Paragraph, after: Paragraph) -> bool:
    """Tell whether a heading is the number of a chapter alone, and the next one its name."""
    return one.role in LEVELS and after.role in LEVELS and NUMBER_ALONE.fullmatch(one.said) is not None


def is_numbered(one: Paragraph) -> bool:
    """Tell whether a paragraph begins as a part of a text does: "Chương I", "Điều 1.", "I."."""
    return any(beginning.match(f"{one.said} ") for beginning, _ in BEGINNINGS)


def _rank(one: Paragraph) -> int:
    """Return where a paragraph stands in the order of headings, 0 where it is none."""
    if not one.text or one.pictures:
        return 0
    if one.outline is not None:
        return 10 * one.outline
    is_striking = one.is_bold or (one.is_centred and one.is_capital)
    if not is_striking or len(one.said) > LONGEST or NO_HEADING.match(one.said) or (one.mark and one.mark.is_bullet):
        return 0
    begun = next((rank for beginning, rank in BEGINNINGS if beginning.match(f"{one.said} ")), 0)
    if begun:
        return begun
    if one.text.endswith((":", ";", ",", ".")) and not one.is_capital:
        return 0
    if one.is_capital or one.is_centred:
        return CENTRED
    return PLAIN if len(one.said) <= LONGEST_PLAIN else 0


def _is_styled(one: Block) -> bool:
    return isinstance(one, Paragraph) and one.outline is not None


def _has_text(one: Block) -> bool:
    return not isinstance(one, Paragraph) or bool(one.text or one.pictures)
