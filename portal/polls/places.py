"""Where a frame stands: which sites may embed a poll, and from whose page a frame was asked for.

The browser holds to the list (`frame-ancestors`). A place's key carries the site's origin, signed, from the frame to the vote,
where the list is looked at again; it holds no date, as a frame may stay open for days.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import current_app, request

from portal.core.web import query_value
from portal.polls.models import Poll

ORIGIN = re.compile(r"https?://([a-z0-9.-]{1,253})(?::[1-9][0-9]{0,4})?")
LONGEST_KEY = 320
SIGNATURE_LENGTH = 32
USUAL_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Place:
    """A site in whose page a frame stands. `origin` is "" where the browser kept it to itself."""

    origin: str
    may_vote: bool

    @property
    def host(self) -> str:
        """Return the site's name, as ballots keep it."""
        return urlsplit(self.origin).hostname or ""

    @property
    def is_ours(self) -> bool:
        """Tell whether the page is one of our own."""
        return bool(self.origin) and self.origin == _origin(request.host_url)


NOWHERE = Place("", may_vote=False)


def allowed(poll: Poll) -> tuple[str, ...]:
    """Return the origins that may embed a poll; what is no origin reaches no header."""
    return tuple(origin for origin in poll.sites.split() if ORIGIN.fullmatch(origin))


def of_request(poll: Poll) -> Place:
    """Return the place of a frame that is asked for now."""
    return _place(poll, _origin(request.headers.get("Referer", "")))


def of_key(poll: Poll) -> Place:
    """Return the place that the address says by its signed key; NOWHERE without one that we made for this poll."""
    origin, _, signature = query_value("place", longest=LONGEST_KEY).rpartition(".")
    if not signature.isascii() or not hmac.compare_digest(signature, _signature(poll.id, origin)):
        return NOWHERE
    return _place(poll, origin)


def key_of(poll_id: int, place: Place) -> str:
    """Return a place's key in one poll."""
    return f"{place.origin}.{_signature(poll_id, place.origin)}"


def _place(poll: Poll, origin: str) -> Place:
    # Without a name the browser has looked at the list nevertheless: it showed the frame.
    sites = allowed(poll)
    return Place(origin, may_vote=origin in sites if origin else bool(sites))


def _origin(address: str) -> str:
    """Return the origin of an address as browsers write it, "" where it has none that could be on a list."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return ""
    usual = port is None or port == USUAL_PORTS.get(parts.scheme)
    origin = f"{parts.scheme}://{parts.hostname or ''}" + ("" if usual else f":{port}")
    return origin if ORIGIN.fullmatch(origin) else ""


def _signature(poll_id: int, origin: str) -> str:
    secret = current_app.config["SECRET_KEY"].encode()
    said = f"polls.place:{poll_id}:{origin}".encode("utf-8", "surrogatepass")
    return hmac.new(secret, said, hashlib.sha256).hexdigest()[:SIGNATURE_LENGTH]
