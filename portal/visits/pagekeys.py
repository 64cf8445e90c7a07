"""Signed names of pages: what a page carries so that only real pages are counted.

A key holds no date, so a page that a browser kept for a month is still counted.
"""

import hashlib
import re

from flask import current_app
from itsdangerous import BadSignature, Signer

NAME = re.compile(r"[a-z]{1,20}(?::[1-9][0-9]{0,9})?")
LONGEST = 80


def sign(page: str) -> str:
    """Return the key of a page such as "article:12" or "home"."""
    return _signer().sign(page).decode("ascii")


def verify(key: str) -> str | None:
    """Return the page that a key names, or None where we did not make it."""
    try:
        page = _signer().unsign(key[:LONGEST]).decode("ascii")
    except (BadSignature, UnicodeError):
        return None
    return page if NAME.fullmatch(page) else None


def _signer() -> Signer:
    return Signer(current_app.secret_key or "", salt="visits.page", digest_method=hashlib.sha256)
