"""The test client: a browser without scripts that looks at every page it opens."""

import gzip
import re
from contextvars import Context
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any

import brotli
from flask import has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.core.db import db
from portal.core.headers import CSP

READER = "Mozilla/5.0 (Linux; Android 10) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36"
FIELDS = {"input", "select", "textarea", "button"}
STAFF = ("/ban-bien-tap", "/en/ban-bien-tap")
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial", **SAME_ORIGIN}


class Elements(HTMLParser):
    """The start tags of a page with their attributes, and its forms with the fields that stand in them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.forms: list[tuple[dict[str, str | None], list[dict[str, str | None]]]] = []
        self._is_in_form = False
        self.feed(html)

    def updatepos(self, i: int, j: int) -> int:
        """Count no lines: nobody asks where something stands, and counting takes as long as reading."""
        return j

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag == "form":
            self.forms.append((dict(attrs), []))
            self._is_in_form = True
        elif tag in FIELDS and self._is_in_form:
            self.forms[-1][1].append(dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_in_form = False

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


class PortalClient(FlaskClient):
    """Checks each HTML page: one h1, a title, nothing inline, links and forms behind every htmx attribute.

    On staff pages also the headers, and one token in each form that writes.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        headers = dict(kwargs.pop("headers", None) or {})
        headers.setdefault("User-Agent", READER)
        headers.setdefault("Host", "localhost")
        kwargs.setdefault("buffered", True)  # a file that is answered is read and closed here
        # In a context of its own, as a server answers: nothing that one request keeps in `g` reaches the next.
        response = Context().run(super().open, *args, headers={k: v for k, v in headers.items() if v is not None}, **kwargs)
        check(response)
        if has_app_context():
            db.session.rollback()  # what the test reads from here on is as the request left it
        return response

    def submit(self, path: str, data: dict[str, Any] | None = None, **kwargs: Any) -> TestResponse:
        """Post a form as one of our own pages does."""
        headers = {**SAME_ORIGIN, **kwargs.pop("headers", {})}
        return self.post(path, data=data or {}, headers=headers, **kwargs)

    def swap(self, path: str, data: dict[str, Any] | None = None, **kwargs: Any) -> TestResponse:
        """Post a form as htmx does."""
        return self.submit(path, data, headers={**HTMX, **kwargs.pop("headers", {})}, **kwargs)


def check(response: TestResponse) -> None:
    """Fail where a page or fragment breaks what holds for all of them."""
    if not (response.content_type or "").startswith("text/html") or not response.data:
        return
    read = {"br": brotli.decompress, "gzip": gzip.decompress}.get(response.headers.get("Content-Encoding", ""), bytes)
    html = read(response.data).decode("utf-8")
    where = f"{response.request.method} {response.request.path}"
    is_staff = response.request.path.startswith(STAFF) and not 300 <= response.status_code < 400
    digest = sha256(html.encode()).digest()
    if not is_staff and digest in _found_good:
        return
    elements = Elements(html)
    if is_staff:
        _check_staff(response, elements, where)
    if digest not in _found_good:
        _check_html(html, elements, where=where)
        _found_good.add(digest)


_found_good = set[bytes]()
"""The hashes of pages without a fault; whoever opens the same text again need not wait for the same answer."""


def _check_html(html: str, elements: Elements, *, where: str) -> None:
    if html.lstrip().startswith("<!doctype html>"):
        assert len(elements.of("h1")) == 1, f"{where}: one h1"
        assert re.search(r"<title>\s*[^\s<]", html), f"{where}: a title"
        assert elements.of("html")[0].get("lang") in {"vi", "en"}, f"{where}: a language"
    ids = [attributes["id"] for _, attributes in elements.found if "id" in attributes]
    assert len(ids) == len(set(ids)), f"{where}: ids are unique"
    for tag, attributes in elements.found:
        assert "style" not in attributes, f"{where}: no inline style"
        assert tag != "style", f"{where}: no style element"
        assert not any(name.startswith("on") for name in attributes), f"{where}: no inline script"
        assert tag != "script" or "src" in attributes or attributes.get("type") == "application/ld+json", where
        if "hx-get" in attributes:
            plain = attributes.get("action" if tag == "form" else "href")
            assert plain == attributes["hx-get"], f"{where}: every hx-get has its href, or the action of its form"
        if "hx-post" in attributes:
            assert tag == "form", f"{where}: every hx-post stands on a form"
            assert attributes.get("action") == attributes["hx-post"], f"{where}: form and htmx post to one address"


def _check_staff(response: TestResponse, elements: Elements, where: str) -> None:
    """Fail where a staff page may be kept, is not strict about what it loads, or has a form that our own check would refuse."""
    assert "no-store" in response.headers.get("Cache-Control", ""), f"{where}: kept nowhere"
    assert response.headers.get("Content-Security-Policy") == CSP, f"{where}: the strict policy"
    for form, fields in elements.forms:
        tokens = [field for field in fields if field.get("name") == "token"]
        posts = (form.get("method") or "get").lower() == "post"
        assert len(tokens) == posts, f"{where}: one token in each form that writes, none in others: {form}"
        assert not posts or re.fullmatch("[0-9a-f]{64}", tokens[0].get("value") or ""), f"{where}: a token"
