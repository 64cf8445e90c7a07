"""The page cache: finished public pages as bytes, in front of Flask.

The quick path is one dictionary look-up by what the client sent (host, path, query, codings); it is taken only while the
page is known to be right. Everything else takes the careful path: the gate, the versions, one render at a time for
each page. Why, and what it costs: docs/decisions/0004-page-cache.md.
"""

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, urlencode

import brotli
from flask import Flask
from sqlalchemy.exc import DBAPIError, TimeoutError
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_etags

from portal.core import caching, clock
from portal.core.encodings import accepted
from portal.core.gate import REFUSED, WSGI

CHECK_AFTER_S = 0.5
"""Age of the last look at the versions from which one thread looks again, while the others go on."""
TRUST_S = 1.0
"""Age from which nobody is answered from the cache before the versions have been looked at."""
MOST_SHAPES = 4_096

Headers: TypeAlias = "list[tuple[str, str]]"
Key: TypeAlias = "tuple[str, str, str]"


@dataclass(slots=True)
class Page:
    """A finished page: its variants by coding, what it depends on, and until when it is right (monotonic seconds)."""

    variants: dict[str, tuple[Headers, list[bytes], str]]
    versions: dict[str, int]
    right_until: float
    octets: int
    replaced_by_ballots: bool = False
    """Stale only because of a vote: it may stand in for a moment while its successor is made."""
    known_right_at: float = 0.0


@dataclass(slots=True)
class Shape:
    """One way in which clients ask for a page, with the answer ready."""

    page: Page
    headers: Headers
    body: list[bytes]


@dataclass(slots=True)
class Renders:
    """One lock for each page that is being made now."""

    guard: threading.Lock = field(default_factory=threading.Lock)
    locks: dict[Key, threading.Lock] = field(default_factory=dict)

    def of(self, key: Key) -> threading.Lock:
        with self.guard:
            return self.locks.setdefault(key, threading.Lock())


class PageCache:
    """WSGI middleware. `app` is Flask behind the assets; `gate` wraps the careful path."""

    def __init__(self, flask: Flask, app: WSGI, gate: Callable[[WSGI], WSGI], *, octets: int) -> None:
        self._flask = flask
        self._app = app
        self._careful = gate(self._answer)
        self._most_octets = octets
        self._staff_cookie = ""
        self._shapes: dict[tuple[Any, ...], Shape] = {}
        self._pages: OrderedDict[Key, Page] = OrderedDict()
        self._octets = 0
        self._versions: dict[str, int] = {}
        self._looked_at = float("-inf")
        self._quick_until = float("-inf")
        self._looking = threading.Lock()
        self._storing = threading.Lock()
        self._renders = Renders()

    def protect_from(self, staff_cookie: str) -> None:
        """Name the cookie whose bearers are always answered from versions looked at just now."""
        self._staff_cookie = staff_cookie + "="

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        shape = self._shapes.get(
            (
                environ.get("HTTP_HOST"),
                environ["PATH_INFO"],
                environ.get("QUERY_STRING"),
                environ.get("HTTP_ACCEPT_ENCODING"),
                environ["REQUEST_METHOD"],
            )
        )
        if shape is not None:
            now = monotonic()
            if (
                now < self._quick_until
                and now < shape.page.right_until
                and "HTTP_IF_NONE_MATCH" not in environ
                and self._staff_cookie not in environ.get("HTTP_COOKIE", "")
            ):
                start_response("200 OK", shape.headers)
                return shape.body
        return self._careful(environ, start_response)

    def recheck(self) -> None:
        """Look at the versions again before the next answer."""
        self._quick_until = self._looked_at = float("-inf")

    def clear(self) -> None:
        """Forget every page."""
        with self._storing:
            self._pages.clear()
            self._shapes.clear()
            self._octets = 0
        self.recheck()

    # The careful path

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        names = None if REFUSED in environ else self._query_names(environ)
        if names is None:
            return self._app(environ, start_response)
        asked = parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)
        known = [(name, value) for name, value in asked if name in names]
        if len(dict(known)) < len(known):  # said twice: the view refuses
            return self._app(environ, start_response)
        query = urlencode(sorted(known))
        key = (environ["HTTP_HOST"].lower(), environ.get("SCRIPT_NAME", "") + environ["PATH_INFO"], query)
        try:
            self._look(force=self._staff_cookie in environ.get("HTTP_COOKIE", ""))
        except (DBAPIError, TimeoutError):
            return self._app({**environ, REFUSED: 503}, start_response)
        page = self._right_page(key)
        if page is None:
            made = self._make(key, {**environ, "QUERY_STRING": query, "REQUEST_METHOD": "GET"})
            if not isinstance(made, Page):
                status, headers, body = made
                start_response(status, headers)
                return body if environ["REQUEST_METHOD"] == "GET" else [b""]
            page = made
        return self._send(page, environ, start_response, memorable=environ.get("QUERY_STRING", "") == query)

    def _query_names(self, environ: dict[str, Any]) -> tuple[str, ...] | None:
        """Return the query names that the page at this address reads; None where there is no cached page."""
        if self._most_octets == 0 or environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return None
        routes = self._flask.url_map.bind("localhost")
        try:
            endpoint, _ = routes.match(environ["PATH_INFO"], method="GET")
        except HTTPException:
            return None
        return getattr(self._flask.view_functions[endpoint], "cache_query", None)

    def _look(self, *, force: bool) -> None:
        """Have versions that are at most TRUST_S old; one thread asks, others wait only when they must."""
        began = monotonic()
        age = began - self._looked_at
        if age < CHECK_AFTER_S and not force:
            return
        if not self._looking.acquire(blocking=force or age >= TRUST_S):
            return
        try:
            if monotonic() - self._looked_at < CHECK_AFTER_S and not (force and self._looked_at < began):
                return
            now = monotonic()
            with self._flask.app_context():
                self._retire(caching.versions(), now)
            self._looked_at, self._quick_until = now, now + CHECK_AFTER_S
        finally:
            self._looking.release()

    def _retire(self, versions: dict[str, int], now: float) -> None:
        changed = {tag for tag in versions if versions[tag] != self._versions.get(tag, 0)}
        with self._storing:
            if changed:
                for page in self._pages.values():
                    stale = {tag for tag in page.versions if page.versions[tag] != versions.get(tag, 0)}
                    if stale and page.right_until > now:
                        page.right_until = now
                        page.replaced_by_ballots = caching.CONTENT not in stale
                        page.known_right_at = self._looked_at
                    elif caching.CONTENT in stale:
                        page.replaced_by_ballots = False
            self._versions = versions

    def _right_page(self, key: Key) -> Page | None:
        page = self._pages.get(key)
        return page if page is not None and monotonic() < page.right_until else None

    def _make(self, key: Key, environ: dict[str, Any]) -> "Page | tuple[str, Headers, Iterable[bytes]]":
        """Render a page, one thread at a time; return the answer as it came where it may not be kept."""
        lock = self._renders.of(key)
        if not lock.acquire(blocking=False):
            old = self._pages.get(key)
            if old is not None and old.replaced_by_ballots and monotonic() - old.known_right_at <= TRUST_S:
                return old
            lock.acquire()
        try:
            return self._right_page(key) or self._render(key, environ)
        finally:
            lock.release()
            if key not in self._pages:
                self._renders.locks.pop(key, None)

    def _render(self, key: Key, environ: dict[str, Any]) -> "Page | tuple[str, Headers, Iterable[bytes]]":
        versions, began, instant = self._versions, monotonic(), clock.now_ms()
        for header in ("HTTP_COOKIE", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE"):
            environ.pop(header, None)
        said: list[Any] = []

        def start_response(status: str, headers: Headers, exc_info: Any = None) -> None:
            said[:] = [status, headers]

        chunks = self._app(environ, start_response)
        body = b"".join(chunks)
        if hasattr(chunks, "close"):
            chunks.close()
        plan: caching.Plan | None = environ.get(caching.PLAN)
        status, headers = said
        if plan is None or any(name.lower() == "set-cookie" for name, _ in headers):
            return status, headers, [body]
        seconds = float(plan.seconds) if plan.until is None else min(plan.seconds, (plan.until - instant) / 1000)
        page = _page(body, headers, {tag: versions.get(tag, 0) for tag in plan.tags}, began + seconds)
        self._store(key, page)
        return page

    def _store(self, key: Key, page: Page) -> None:
        with self._storing:
            old = self._pages.pop(key, None)
            self._octets += page.octets - (old.octets if old else 0)
            self._pages[key] = page
            # A change seen while the page was being made ends it at once.
            if any(self._versions.get(tag, 0) != version for tag, version in page.versions.items()):
                page.right_until = float("-inf")
            while self._octets > self._most_octets and self._pages:
                _, evicted = self._pages.popitem(last=False)
                evicted.right_until = float("-inf")
                self._octets -= evicted.octets

    def _send(self, page: Page, environ: dict[str, Any], start_response: Any, *, memorable: bool) -> Iterable[bytes]:
        codings = environ.get("HTTP_ACCEPT_ENCODING")
        headers, body, etag = page.variants[accepted(codings or "")]
        wanted = environ.get("HTTP_IF_NONE_MATCH")
        if wanted and parse_etags(wanted).contains_weak(etag):
            start_response("304 Not Modified", [pair for pair in headers if pair[0] in KEPT_BY_304])
            return [b""]
        start_response("200 OK", headers)
        if environ["REQUEST_METHOD"] == "HEAD":
            return [b""]
        if memorable:
            self._remember(environ, Shape(page, headers, body))
        return body

    def _remember(self, environ: dict[str, Any], shape: Shape) -> None:
        with self._storing:
            if len(self._shapes) >= MOST_SHAPES:
                self._shapes.clear()
            path = environ.get("SCRIPT_NAME", "") + environ["PATH_INFO"]
            asked = (
                environ["HTTP_HOST"],
                path,
                environ.get("QUERY_STRING"),
                environ.get("HTTP_ACCEPT_ENCODING"),
                "GET",
            )
            self._shapes[asked] = shape


KEPT_BY_304 = {"Cache-Control", "ETag", "Vary"}


def _page(body: bytes, headers: Headers, versions: dict[str, int], right_until: float) -> Page:
    digest = hashlib.sha256(body).hexdigest()[:20]
    bodies = {"identity": body, "br": brotli.compress(body, quality=5), "gzip": gzip.compress(body, 6, mtime=0)}
    kept = [(n, v) for n, v in headers if n.lower() not in {"content-length", "etag", "vary", "x-request-id"}]
    variants = {}
    for coding, octets in bodies.items():
        etag = f"{digest}-{coding}"
        own = [("Content-Length", str(len(octets))), ("ETag", f'"{etag}"'), ("Vary", "Accept-Encoding")]
        own += [] if coding == "identity" else [("Content-Encoding", coding)]
        variants[coding] = ([*kept, *own], [octets], etag)
    return Page(variants, versions, right_until, sum(map(len, bodies.values())))


def init_app(app: Flask, wsgi: WSGI, gate: Callable[[WSGI], WSGI], *, staff_cookie: str) -> None:
    """Put the cache before `wsgi`, and the gate between."""
    cache = PageCache(app, wsgi, gate, octets=app.config["PAGE_CACHE_BYTES"])
    cache.protect_from(staff_cookie)
    app.extensions["page_cache"] = cache
    app.wsgi_app = cache  # type: ignore[method-assign]
