"""Ballot codes (mã kiểm phiếu): eight letters and figures that only the browser which cast a ballot is told.

A code is made from the ballot's request and the poll's secret, so that nobody else can reckon it, and nobody at all once that
secret is erased. The letters are Crockford's base 32 (https://www.crockford.com/base32.html): none is taken for another.
"""

import hashlib
import hmac
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TAKEN_FOR = str.maketrans("OIL", "011")
CODE_BITS = 40
BITS = 5
LETTERS = CODE_BITS // BITS
LONGEST_TYPED = 40


def code_of(secret: bytes, request_key: bytes) -> str:
    """Return the code of a ballot, such as "K7QF-2M9D"; `request_key` as `Ballot.request_id`."""
    digest = hmac.digest(secret, b"code:" + request_key, hashlib.sha256)
    number = int.from_bytes(digest[: CODE_BITS // 8], "big")
    letters = (ALPHABET[number >> shift & 31] for shift in range(CODE_BITS - BITS, -1, -BITS))
    return _parted("".join(letters))


def read(typed: str) -> str | None:
    """Return the code that somebody means: in small letters, without the dash, with O for 0; None where it is no code."""
    text = unicodedata.normalize("NFKC", typed).upper()
    letters = "".join(letter for letter in text if letter.isalnum()).translate(TAKEN_FOR)
    return _parted(letters) if len(letters) == LETTERS and set(letters) <= set(ALPHABET) else None


def _parted(letters: str) -> str:
    return f"{letters[:4]}-{letters[4:]}"
