"""Whether HTML that somebody sent can be put in order in a moment, or would keep the server busy for minutes.

Marks that nobody closes (`<b>`, `<font>`) are opened anew in each paragraph that follows, and each element is looked for through
all that it stands in: fifty thousand letters of such text take half a minute. So do a letter with a hundred thousand accents,
which are sorted one by one, and a million ampersands.
"""

import re
import unicodedata
from collections import Counter

from portal.core.elements import VOID
from portal.core.html import TAGS

MARKS = frozenset({"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"})
"""What a browser opens again in each paragraph until it is closed."""
FLAT = frozenset({"p", "li", "td", "th", "tr", "thead", "tbody", "tfoot", *VOID})
"""What the next one of its kind closes, or what holds nothing."""
KNOWN = TAGS | MARKS | {"div", "span", "colgroup", "col"}
MOST_NESTED = 10_000
DEEPEST = 200
MOST_WORK = 2_000_000
"""Open marks by elements: less than a second."""

MOST_ENTITIES = 200_000
ACCENTS = "".join(chr(code) for code in range(0x300, 0x20000) if unicodedata.combining(chr(code)))
ACCENTED = re.compile(f"[{ACCENTS}]{{1000}}")

OPENED = re.compile("<([A-Za-z][^\\s/>]*)")
TOKEN = re.compile(r'<(?:(/?)([a-z][a-z0-9]*)(?: [a-z-]+="[^"]*")*>|[A-Za-z/!?])')


def is_bearable(html: str) -> bool:
    """Tell whether HTML is small, or its elements are closed in their order and do not stand too deep in each other."""
    html = html.replace("\x00", "").replace("\ufeff", "")
    if html.count("&") > MOST_ENTITIES or not is_composable(html):
        return False
    names = Counter(name.lower() for name in OPENED.findall(html))
    number, marks = names.total(), sum(names[name] for name in MARKS)
    if marks * number <= MOST_WORK and number - sum(names[name] for name in FLAT) <= MOST_NESTED:
        return True
    marks_open = _most_open(html)
    return marks_open is not None and marks_open * number <= MOST_WORK


def is_composable(text: str) -> bool:
    """Tell whether a text can be brought into its composed form in a moment."""
    return unicodedata.is_normalized("NFC", text) or ACCENTED.search(text) is None


def _most_open(html: str) -> int | None:
    """Return how many marks are open at once at most; None where an element is not closed in its order, or too deep."""
    within, marks, most = list[str](), 0, 0
    for token in TOKEN.finditer(html):
        is_end, name = token[1], token[2]
        if name not in KNOWN or (is_end and (not within or within.pop() != name)) or len(within) >= DEEPEST:
            return None
        if name in MARKS:
            marks += -1 if is_end else 1
            most = max(most, marks)
        if not is_end and name not in {*VOID, "col"}:
            within.append(name)
    return None if within else most
