"""Signs that fonts of symbols draw (Symbol, Wingdings, Webdings) as letters of Unicode, and breaks by one name each."""

import re
from collections import Counter
from xml.etree.ElementTree import Element

from mammoth.docx.dingbats import dingbats

from portal.articles.docx.trees import within

FONTS = {font.lower(): font for font, _ in dingbats}
OWN, OWN_END = 0xF000, 0xF0FF
"""Where Word puts the signs of such fonts: the code of the font's own letter, above OWN."""
OWN_SIGN = re.compile(f"[{chr(OWN)}-{chr(OWN_END)}]")
NAMES = {"w:cr": "w:br", "w:ptab": "w:tab"}


def write_out(run: Element, font: str, left: Counter[str]) -> None:
    """Write the signs of a run as letters; count those that nobody knows, which are left out."""
    for one in run:
        one.tag = NAMES.get(one.tag, one.tag)
        if one.tag == "w:sym":
            one.tag, one.text = "w:t", _sign(one.get("w:font", ""), OWN | _code(one.get("w:char", "")), left)
    is_drawn = font.lower() in FONTS
    for text in within(run, "w:t"):
        if is_drawn or OWN_SIGN.search(text.text or ""):
            text.text = "".join(_sign(font, ord(one), left) for one in text.text or "")


def _sign(font: str, code: int, left: Counter[str]) -> str:
    is_own = OWN <= code <= OWN_END
    known = dingbats.get((FONTS.get(font.lower(), ""), code - OWN if is_own else code))
    if known is None and not is_own:
        return chr(code)
    left["symbols"] += known is None
    return chr(known) if known is not None else ""


def _code(said: str) -> int:
    """Return the place of a sign in its font, however its file writes it; 0 where there is none."""
    try:
        return int(said, 16) & 0xFF
    except ValueError:
        return 0
