"""Vietnamese text: one normal form, a folded form for comparing, words, and addresses without marks. Pure functions."""

import re
import unicodedata

CONTROLS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u034f\u061c\u115f\u1160\u180e"
    r"\u200b-\u200f\u202a-\u202e\u2060-\u2069\u3164\ufeff\uffa0\ufffe\uffff]"
)
"""What is no part of a word and cannot be seen: controls, marks of direction, letters and spaces of no width, and
what no XML may hold.

Not the soft hyphen (U+00AD): in a text in TCVN3 it is the letter ư, until somebody has it converted."""
SLUG_LENGTH = 80


def nfc(text: str) -> str:
    """Return the text in normal form C, the one form in which the portal stores and compares text."""
    return unicodedata.normalize("NFC", text)


def clean_line(text: str) -> str:
    """Return one line: NFC, no controls, no marks of direction, white space folded to single spaces."""
    return nfc(" ".join(CONTROLS.sub("", text).split()))


def fold(text: str) -> str:
    """Return the text in lower case without marks, đ as d: "Đề án" and "DE AN" fold to "de an".

    Unicode does not decompose đ (U+0111) or the ð (U+00F0) typed in its place, so both are replaced by hand.
    """
    decomposed = unicodedata.normalize("NFD", text)
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", bare).lower().replace("đ", "d").replace("ð", "d")


def words(text: str) -> list[str]:
    """Return the folded words of a text: runs of letters and digits."""
    return re.findall(r"[^\W_]+", fold(text))


def slug(text: str) -> str:
    """Return an address part of a-z, 0-9 and single hyphens, at most 80 long, cut between words; "" where nothing is left."""
    parts = re.findall(r"[a-z0-9]+", fold(text))
    whole = "-".join(parts)
    if len(whole) <= SLUG_LENGTH:
        return whole
    return whole[: SLUG_LENGTH + 1].rpartition("-")[0] or whole[:SLUG_LENGTH]
