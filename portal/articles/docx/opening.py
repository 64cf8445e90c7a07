"""Title and lead: what stands first, taken off the body."""

import re

from portal.articles.docx.blocks import Block, Paragraph
from portal.articles.docx.headings import is_numbered
from portal.articles.docx.letterhead import KINDS, RULE, drop_rules
from portal.articles.docx.proposals import Proposals

LONGEST_TITLE = 300
MOST_LINES = 4
SHORTEST_LEAD, LONGEST_LEAD = 40, 1_000
NO_LEAD = re.compile(r"(?:Căn cứ|Kính gửi|Xét đề nghị|Theo đề nghị|Điều|Chương)\b", re.IGNORECASE)
NAMES = {name.upper(): name for name in KINDS.values()}


def title(blocks: list[Block], head: Proposals | None) -> str:
    """Take the title off the body, and return it; "" where nothing looks like one."""
    if head is not None:
        return _official(blocks, head)
    drop_rules(blocks)
    first = blocks[0] if blocks else None
    if not isinstance(first, Paragraph) or first.pictures or first.mark or not first.text or len(first.text) > LONGEST_TITLE:
        return ""
    if is_numbered(first):
        return ""
    is_title = first.style in {"title", "tiêu đề"} or first.outline == 1 or first.is_bold
    if not is_title and not (first.is_centred and not first.text.endswith((".", ";", ","))):
        return ""
    return _joined(_taken(blocks))


def lead(blocks: list[Block]) -> str:
    """Take the lead off the body, and return it: a first paragraph that is set apart from the others as a whole."""
    drop_rules(blocks)
    first = blocks[0] if blocks else None
    if not isinstance(first, Paragraph) or first.pictures or first.mark or first.outline is not None or NO_LEAD.match(first.text):
        return ""
    is_apart = (first.is_bold or first.is_italic) and not first.is_centred and not first.is_capital
    if not SHORTEST_LEAD <= len(first.text) <= LONGEST_LEAD or not (first.is_lead or (is_apart and len(blocks) > 1)):
        return ""
    return " ".join(blocks.pop(0).text.split())


def _official(blocks: list[Block], head: Proposals) -> str:
    """Return "Kế hoạch …" of the two or more centred lines below the head; a letter's title is what it is about."""
    drop_rules(blocks)
    first = blocks[0] if blocks else None
    named = NAMES.get(" ".join(first.text.upper().split())) if isinstance(first, Paragraph) else None
    if named is None or not isinstance(first, Paragraph) or not first.is_centred:
        return head.subject[:1].upper() + head.subject[1:]
    head.kind = named
    head.other = "; ".join(filter(None, [head.other, head.subject]))
    del blocks[0]
    return _joined([named, *_taken(blocks)])


def _taken(blocks: list[Block]) -> list[str]:
    """Take off the lines of a title: centred or bold as the first, and all in capitals or none."""
    lines = list[str]()
    first: Paragraph | None = None
    while blocks and len(lines) < MOST_LINES:
        one = blocks[0]
        if not isinstance(one, Paragraph) or one.pictures or one.mark or not one.text:
            break
        if (first is not None and not _is_like(one, first)) or len(_joined([*lines, one.text])) > LONGEST_TITLE:
            break
        if first is None and lines == [] and not (one.is_centred or one.is_bold or one.outline == 1 or "title" in one.style):
            break
        first = first or one
        lines.append(one.text)
        del blocks[0]
    drop_rules(blocks)
    return lines


def _is_like(one: Paragraph, first: Paragraph) -> bool:
    """Tell whether a line goes on with a title."""
    is_same = all(getattr(one, name) == getattr(first, name) for name in ("is_centred", "is_bold", "is_capital", "style"))
    return is_same and first.is_centred and not RULE.fullmatch(one.text)


def _joined(lines: list[str]) -> str:
    return " ".join(" ".join(lines).split())
