"""The page cache: finished public pages as bytes, in front of Flask.

The quick path is one dictionary look-up by what the client sent (host, path, query, codings); it is taken only while the
page is known to be right. Everything else takes the careful path: the gate, the versions, one render at a time for
each page. Why, and what it costs: docs/decisions/0004-page-cache.md.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, urlencode

from flask import Flask
from sqlalchemy.exc import DBAPIError, TimeoutError
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_etags

from portal.core import caching, clock
from portal.core.encodings import accepted
from portal.core.finished_pages import KEPT_BY_304, Asked, Headers, Page, Shape, finish
from portal.core.gate import REFUSED, WSGI
from portal.core.versions import CONTENT, TRUST_S, Versions

REMADE_AFTER_S = 1.0
"""A page that only ballots outdate is remade at most this often."""
MOST_SHAPES = 4_096
LONGEST_CODINGS = 100
"""A longer Accept-Encoding header is no browser's, and not remembered."""

Key: TypeAlias = "tuple[str, str, str, str]"


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
        self._shapes: dict[Asked, Shape] = {}
        self._pages: OrderedDict[Key, Page] = OrderedDict()
        self._octets = 0
        self._versions: Versions = flask.extensions["versions"]
        self._versions.listener = self._retire
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
                environ["wsgi.url_scheme"],
            )
        )
        if shape is not None:
            now = monotonic()
            if (
                now < self._versions.quick_until
                and now < shape.page.right_until
                and "HTTP_IF_NONE_MATCH" not in environ
                and self._staff_cookie not in environ.get("HTTP_COOKIE", "")
            ):
                start_response("200 OK", shape.headers)
                return shape.body
        return self._careful(environ, start_response)

    def clear(self) -> None:
        """Forget every page."""
        with self._storing:
            self._pages.clear()
            self._shapes.clear()
            self._octets = 0

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
        path = environ.get("SCRIPT_NAME", "") + environ["PATH_INFO"]
        key = (environ["wsgi.url_scheme"], environ["HTTP_HOST"].lower(), path, query)
        try:
            self._versions.look(force=self._staff_cookie in environ.get("HTTP_COOKIE", ""))
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

    def _retire(self) -> None:
        """End the pages that were made from other versions than those known now."""
        with self._storing:
            for page in self._pages.values():
                self._end_if_stale(page)

    def _end_if_stale(self, page: Page) -> None:
        """End a page that shows what has changed: at once after a publishing change, by ballots not within a second."""
        stale = self._versions.changed(page.made_from)
        if CONTENT in stale:
            page.end(monotonic(), by_ballots=False)
        elif stale:
            page.end(max(monotonic(), page.made_at + REMADE_AFTER_S), by_ballots=True)

    def _right_page(self, key: Key) -> Page | None:
        page = self._pages.get(key)
        if page is None or monotonic() >= page.right_until:
            return None
        with self._storing:
            if key in self._pages:
                self._pages.move_to_end(key)  # what is asked for least goes first
        return page

    def _make(self, key: Key, environ: dict[str, Any]) -> "Page | tuple[str, Headers, Iterable[bytes]]":
        """Render a page, one thread at a time; return the answer as it came where it may not be kept."""
        lock = self._renders.of(key)
        if not lock.acquire(blocking=False):
            old = self._pages.get(key)
            if old is not None and old.ended_by_ballots and monotonic() - old.right_until <= TRUST_S:
                return old
            lock.acquire()
        try:
            return self._right_page(key) or self._render(key, environ)
        finally:
            self._renders.locks.pop(key, None)  # who waits for it finds the page, or makes it next
            lock.release()

    def _render(self, key: Key, environ: dict[str, Any]) -> "Page | tuple[str, Headers, Iterable[bytes]]":
        before, began, now = self._versions.snapshot(), monotonic(), clock.now_ms()
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
        made_from = {tag: before.get(tag, 0) for tag in plan.tags}
        page = finish(body, headers, made_from, made_at=began, right_until=began + plan.seconds_from(now))
        self._store(key, page)
        return page

    def _store(self, key: Key, page: Page) -> None:
        with self._storing:
            if key in self._pages:
                self._drop(self._pages.pop(key))
            self._pages[key] = page
            self._octets += page.octets
            self._end_if_stale(page)  # what changed while it was being made
            while self._octets > self._most_octets and self._pages:
                self._drop(self._pages.popitem(last=False)[1])

    def _forget_shapes(self) -> None:
        self._shapes.clear()
        for page in self._pages.values():
            page.asked.clear()

    def _drop(self, page: Page) -> None:
        """Let go of a page that is kept no longer, with all ways to it."""
        page.right_until = float("-inf")
        self._octets -= page.octets
        for asked in page.asked:
            self._shapes.pop(asked, None)

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
        if memorable and len(codings or "") <= LONGEST_CODINGS:
            self._remember(environ, Shape(page, headers, body))
        return body

    def _remember(self, environ: dict[str, Any], shape: Shape) -> None:
        path = environ.get("SCRIPT_NAME", "") + environ["PATH_INFO"]
        query, codings = environ.get("QUERY_STRING"), environ.get("HTTP_ACCEPT_ENCODING")
        asked = (environ["HTTP_HOST"], path, query, codings, "GET", environ["wsgi.url_scheme"])
        with self._storing:
            if monotonic() >= shape.page.right_until:
                return
            if len(self._shapes) >= MOST_SHAPES:
                self._forget_shapes()
            self._shapes[asked] = shape
            shape.page.asked.add(asked)


def init_app(app: Flask, wsgi: WSGI, gate: Callable[[WSGI], WSGI], *, staff_cookie: str) -> None:
    """Put the cache before `wsgi`, and the gate between."""
    cache = PageCache(app, wsgi, gate, octets=app.config["PAGE_CACHE_BYTES"])
    cache.protect_from(staff_cookie)
    app.extensions["page_cache"] = cache
    app.wsgi_app = cache  # type: ignore[method-assign]
