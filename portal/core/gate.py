"""The gate before Flask: Host, path, query and body are well formed, and a language's prefix becomes its mount point.

What it refuses is marked in the WSGI environment and answered by Flask, so that the visitor gets our page (or fragment),
not a server's. Pure WSGI; everything here runs before routing and before any cookie is read.
"""

import io
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any, TypeAlias
from urllib.parse import unquote_to_bytes

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import ClientDisconnected
from werkzeug.wsgi import LimitedStream

from portal.core import errors, formats, language
from portal.core.language import _

WSGI: TypeAlias = Callable[[dict[str, Any], Any], Iterable[bytes]]
Network: TypeAlias = IPv4Network | IPv6Network

LARGEST_PORT = 65_535
LONGEST_PATH = 1_024
LONGEST_QUERY = 2_048
DRAINED_BYTES = 32 * 1024 * 1024
"""How much of a refused body is read away: a server that closes on unread bytes resets the connection, and the answer is lost."""

LARGEST_TEXT = 12 * 1024 * 1024
"""What a form may hold besides files where larger bodies are taken: the longest article, escaped as a form escapes it."""

REFUSED = "portal.refused"
TOO_LARGE = "portal.too_large"
"""In the WSGI environment of a body that is: how many bytes were announced (0: nobody said), and how many are taken."""
PATH = re.compile(r"(?:/[!-.0-~]+)*/?")
"""Addresses are printable ASCII without empty parts: Vietnamese ones are written without marks."""

HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::([1-9][0-9]{0,4}))?")
LOCAL_NAMES = {"localhost", "127.0.0.1", "[::1]"}


class Gate:
    """WSGI middleware: check a request's outer form, then pass it on."""

    def __init__(
        self, app: WSGI, *, hosts: Iterable[str], proxies: Iterable[str], max_body: int, larger: Mapping[str, int] | None = None
    ) -> None:
        self._app = app
        self._larger = {} if larger is None else larger  # features say theirs later
        self._hosts = LOCAL_NAMES | {host.lower() for host in hosts if host}
        self._proxies = tuple(ip_network(proxy) for proxy in proxies)
        self._max_body = max_body

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self._believe_proxies(environ)
        refusal = self._refusal(environ)
        if refusal:
            environ[REFUSED] = refusal
            environ[errors.ASKED], most = environ.get("PATH_INFO", ""), self._most(environ)
            environ[TOO_LARGE] = _announced(environ), most
            environ["HTTP_HOST"] = "localhost"  # a foreign name must reach no template
            environ["PATH_INFO"] = "/"
            environ["QUERY_STRING"] = ""
            _drain(environ, max(DRAINED_BYTES, 2 * most))
        else:
            _mount(environ)
        if not refusal and _most(self._larger, environ["PATH_INFO"]):
            return self._answer_large(environ, start_response)
        return self._app(environ, start_response)

    def _answer_large(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer, and read away what nobody read: who was refused before the form was looked at is told so."""
        environ["wsgi.input"] = body = LimitedStream(environ["wsgi.input"], int(environ.get("CONTENT_LENGTH") or 0))
        answer = self._app(environ, start_response)
        with suppress(ClientDisconnected):  # then nobody is left to be told
            while body.read(65_536):
                pass
        return answer

    def _refusal(self, environ: dict[str, Any]) -> int | None:
        if not self.knows(environ.get("HTTP_HOST", "")):
            return 400
        path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
        if len(path) > LONGEST_PATH or len(query) > LONGEST_QUERY:
            return 414
        if not PATH.fullmatch(path):
            return 404
        if not _is_readable(query):
            return 400
        return 413 if self._body_is_too_large(environ) else None

    def knows(self, host: str) -> bool:
        """Tell whether a Host header names this site."""
        match = HOST.fullmatch(host)
        return match is not None and match[1].lower() in self._hosts and int(match[2] or 0) <= LARGEST_PORT

    def _body_is_too_large(self, environ: dict[str, Any]) -> bool:
        length = environ.get("CONTENT_LENGTH") or ""
        if length:
            return not length.isascii() or not length.isdigit() or int(length[:12]) > self._most(environ)
        if "chunked" not in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
            return False
        body = environ["wsgi.input"].read(self._max_body + 1)
        if len(body) > self._max_body:
            return True  # the rest stays where it is, to be read away
        environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(body), str(len(body))
        return False

    def _most(self, environ: dict[str, Any]) -> int:
        path = environ.get("PATH_INFO", "")
        return max(self._max_body, *(_most(self._larger, path.removeprefix(mount)) for mount in ("", *language.PREFIXES)))

    def _believe_proxies(self, environ: dict[str, Any]) -> None:
        """Take the visitor's address and scheme from forwarded headers, from right to left, while proxies are trusted."""
        if not self._proxies:
            return
        hops = [*environ.get("HTTP_X_FORWARDED_FOR", "").split(","), environ.get("REMOTE_ADDR", "")]
        address = hops.pop().strip()
        if not self._is_proxy(address):
            return
        if environ.get("HTTP_X_FORWARDED_PROTO") in {"http", "https"}:
            environ["wsgi.url_scheme"] = environ["HTTP_X_FORWARDED_PROTO"]
        while hops and self._is_proxy(address):
            address = hops.pop().strip() or address
        environ["REMOTE_ADDR"] = address

    def _is_proxy(self, address: str) -> bool:
        return _lies_in(address, self._proxies)


def _most(larger: Mapping[str, int], path: str) -> int:
    """Return how many bytes a path takes beyond what all take, 0 where none."""
    return max((octets for beginning, octets in larger.items() if path.startswith(beginning)), default=0)


@lru_cache(maxsize=1_024)
def _lies_in(address: str, networks: tuple[Network, ...]) -> bool:
    try:
        return any(ip_address(address) in network for network in networks)
    except ValueError:
        return False


def _mount(environ: dict[str, Any]) -> None:
    path = environ["PATH_INFO"]
    for prefix in language.PREFIXES:
        if path.startswith(prefix + "/"):
            environ["SCRIPT_NAME"], environ["PATH_INFO"] = prefix, path[len(prefix) :]


def _is_readable(query: str) -> bool:
    """Tell whether a query string decodes to text without NUL, line ends or broken UTF-8."""
    if not query.isascii():
        return False
    raw = unquote_to_bytes(query)
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not any(octet < 32 for octet in raw)


def _announced(environ: dict[str, Any]) -> int:
    length = environ.get("CONTENT_LENGTH") or ""
    return int(length[:12]) if length.isascii() and length.isdigit() else 0


def _drain(environ: dict[str, Any], left: int) -> None:
    stream = environ["wsgi.input"]
    if environ.get("CONTENT_LENGTH") or environ.get("HTTP_TRANSFER_ENCODING"):
        while left > 0 and (chunk := stream.read(min(left, 65_536))):
            left -= len(chunk)
    environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(), "0"


def take_larger(app: Flask, path: str, octets: int) -> None:
    """Have addresses that begin with `path` take bodies of so many bytes; of these LARGEST_TEXT may be no file."""
    app.extensions["larger_bodies"][path] = octets


def init_app(app: Flask) -> None:
    app.extensions["larger_bodies"] = {}
    app.before_request(_answer_refused)


def _answer_refused() -> Response | None:
    code = request.environ.get(REFUSED)
    larger = _most(current_app.extensions["larger_bodies"], request.path)
    if larger:
        request.max_content_length, request.max_form_memory_size = larger, min(larger, LARGEST_TEXT)
    return errors.answer(code, text=_too_large(*request.environ[TOO_LARGE]) if code == 413 else None) if code else None


def _too_large(announced: int, most: int) -> str | None:
    if announced <= most:
        return None
    said = {"sent": formats.size(announced), "most": formats.size(most)}
    return _("%(sent)s were sent at once, at most %(most)s are accepted. Nothing was kept. Send fewer or smaller files.", **said)
