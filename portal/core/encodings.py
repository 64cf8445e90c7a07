"""Which of the codings that we prepare a client takes."""

from functools import lru_cache

from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

OURS = ("br", "gzip")


LONGEST = 256


def accepted(header: str) -> str:
    """Return "br", "gzip" or "identity" for an Accept-Encoding header; q=0 means refused."""
    return _accepted(header[:LONGEST])


@lru_cache(maxsize=256)
def _accepted(header: str) -> str:
    accept = parse_accept_header(header, Accept)
    return next((coding for coding in OURS if accept.quality(coding) > 0), "identity")
