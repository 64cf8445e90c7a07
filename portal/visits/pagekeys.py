"""Signed names of pages: what a page carries so that only real pages are counted.

A key holds no date, so a page that a browser kept for a month is still counted. Its signature is hexadecimal: in other
alphabets chance spells words that ad blockers match.
"""

import hashlib
import hmac
import re

from flask import current_app

NAME = re.compile(r"[a-z]{1,20}(?::[1-9][0-9]{0,9})?")
LONGEST = 80
SIGNATURE_LENGTH = 32


def sign(page: str) -> str:
    """Return the key of a page such as "article:12" or "home"."""
    return f"{page}.{_signature(page)}"


def verify(key: str) -> str | None:
    """Return the page that a key names, or None where we did not make it."""
    page, _, signature = key[:LONGEST].rpartition(".")
    if not NAME.fullmatch(page) or not signature.isascii():
        return None
    return page if hmac.compare_digest(signature, _signature(page)) else None


def _signature(page: str) -> str:
    secret = current_app.config["SECRET_KEY"].encode()
    return hmac.new(secret, b"visits.page:" + page.encode(), hashlib.sha256).hexdigest()[:SIGNATURE_LENGTH]
