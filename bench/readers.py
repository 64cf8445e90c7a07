"""What readers send: the article's address, its forms, and a new browser for each vote and each hit."""

import itertools
import re
import secrets
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlencode

from bench.servers import HOST, Server

AGENT = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36"
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial", "Sec-Fetch-Site": "same-origin", "User-Agent": AGENT}
LEFT_OUT = {"connection", "date", "server", "transfer-encoding", "x-request-id"}


@dataclass(frozen=True, slots=True)
class Article:
    """The article page as it was answered, and what its forms carry."""

    path: str
    headers: list[tuple[str, str]]
    body: bytes
    vote_path: str
    choices: list[str]
    version: str
    page_key: str


def read(portal: Server) -> Article:
    """Find the demo's article from the home page, and read it."""
    home = get(portal, "/")[1].decode()
    path = re.findall(r'href="(/bai-viet/[^"]+-1)"', home)[0]
    headers, body = get(portal, path)
    html = body.decode()
    return Article(
        path=path,
        headers=[(name, value) for name, value in headers if name.lower() not in LEFT_OUT],
        body=body,
        vote_path=re.findall(r'action="(/tham-do/\d+)"', html)[0],
        choices=re.findall(r'name="choice" value="(\d+)"', html),
        version=re.findall(r'name="version" value="(\d+)"', html)[0],
        page_key=re.findall(r'name="page" value="([^"]+)"', html)[0],
    )


def votes(portal: Server, article: Article) -> Callable[[], bytes]:
    """Return what makes the next vote: each by a browser that has none of our cookies, with a request id of its own."""
    choices = itertools.cycle(article.choices)

    def request() -> bytes:
        form = {"version": article.version, "request": secrets.token_hex(16), "back": article.path, "choice": next(choices)}
        return _post(portal, article.vote_path, form, HTMX)

    return request


def frame_of(article: Article) -> str:
    """Return the path of the frame in which other sites show the article's poll."""
    return article.vote_path.replace("/tham-do/", "/embed/polls/")


def framed_votes(portal: Server, article: Article) -> Callable[[], bytes]:
    """Return what makes the next vote through that frame, each by a browser that has none of our cookies."""
    html = get(portal, frame_of(article))[1].decode()
    path, choices = unescape(re.findall(r'action="([^"]+)"', html)[0]), itertools.cycle(article.choices)

    def request() -> bytes:
        form = {"version": article.version, "request": secrets.token_hex(16), "choice": next(choices)}
        return _post(portal, path, form, HTMX)

    return request


def hits(portal: Server, article: Article) -> Callable[[], bytes]:
    """Return what makes the next load's report: each by another visitor, told apart by the address a proxy forwards."""
    visitors = itertools.count(secrets.randbelow(2**20) << 4)

    def request() -> bytes:
        number = next(visitors)
        address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        form = {"page": article.page_key, "load": secrets.token_hex(16)}
        return _post(portal, "/so-lieu", form, HTMX | {"X-Forwarded-For": address})

    return request


def updates(server: Server) -> Callable[[], bytes]:
    """Return what makes the next plain UPDATE."""
    request = _post(server, "/", {"choice": "1"}, {"User-Agent": AGENT})
    return lambda: request


def get(server: Server, path: str) -> tuple[list[tuple[str, str]], bytes]:
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(server.url + path, timeout=10) as answer:
        return list(answer.headers.items()), answer.read()


def _post(server: Server, path: str, form: dict[str, str], headers: dict[str, str]) -> bytes:
    body = urlencode(form)
    own = {"Host": f"{HOST}:{server.port}", "Content-Type": "application/x-www-form-urlencoded", "Content-Length": len(body)}
    lines = "".join(f"{name}: {value}\r\n" for name, value in (own | headers).items())
    return f"POST {path} HTTP/1.1\r\n{lines}\r\n{body}".encode()
