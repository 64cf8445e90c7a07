"""Finished pages: bytes with their codings and headers, and until when they are right."""

import gzip
import hashlib
from dataclasses import dataclass, field
from typing import TypeAlias

import brotli

Headers: TypeAlias = "list[tuple[str, str]]"
Asked: TypeAlias = "tuple[str | None, ...]"
"""How a client asked: host, path, query, codings, method, scheme."""

KEPT_BY_304 = {"Cache-Control", "ETag", "Vary", "Access-Control-Allow-Origin"}


@dataclass(slots=True)
class Page:
    """A finished page: its variants by coding, what it depends on, and until when it is right (monotonic seconds)."""

    variants: dict[str, tuple[Headers, list[bytes], str]]
    made_from: dict[str, int]
    made_at: float
    right_until: float
    octets: int
    ended_by_ballots: bool = False
    """No longer right only because of votes: it may stand in for a moment while its successor is made."""
    asked: set[Asked] = field(default_factory=set)
    """The ways in which clients have asked for it."""

    def end(self, instant: float, *, by_ballots: bool) -> None:
        """Let the page be right no longer than until an instant (monotonic seconds)."""
        if not by_ballots:
            self.ended_by_ballots = False
        if instant < self.right_until:
            self.right_until, self.ended_by_ballots = instant, by_ballots


@dataclass(slots=True)
class Shape:
    """One way in which clients ask for a page, with the answer ready."""

    page: Page
    headers: Headers
    body: list[bytes]


def finish(body: bytes, headers: Headers, made_from: dict[str, int], *, made_at: float, right_until: float) -> Page:
    """Return a page made from a rendered body: compressed, with a strong ETag for each coding."""
    digest = hashlib.sha256(body).hexdigest()[:20]
    bodies = {"identity": body, "br": brotli.compress(body, quality=5), "gzip": gzip.compress(body, 6, mtime=0)}
    kept = [(n, v) for n, v in headers if n.lower() not in {"content-length", "etag", "vary", "x-request-id"}]
    variants = {}
    for coding, octets in bodies.items():
        etag = f"{digest}-{coding}"
        own = [("Content-Length", str(len(octets))), ("ETag", f'"{etag}"'), ("Vary", "Accept-Encoding")]
        own += [] if coding == "identity" else [("Content-Encoding", coding)]
        variants[coding] = ([*kept, *own], [octets], etag)
    return Page(variants, made_from, made_at, right_until, sum(map(len, bodies.values())))
