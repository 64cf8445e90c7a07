"""Every kind of page that a reader can come to is valid HTML, by the rules of the standard's own parser."""

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import html5lib
import pytest
from flask import Flask
from html5lib.html5parser import ParseError

from portal import create_app
from tests.client import HTMX, PortalClient

OF_A_KIND = 6
LINK = re.compile(r'href="(/[^"#]*)')


@pytest.fixture
def app(demo_instance: Path, tmp_path: Path) -> Iterator[Flask]:
    """A portal with demo content and its pictures."""
    app = create_app({"INSTANCE": str(shutil.copytree(demo_instance, tmp_path / "demo")), "TESTING": True})
    app.test_client_class = PortalClient
    with app.app_context():
        yield app
        app.extensions["sqlalchemy"].session.remove()
        app.extensions["sqlalchemy"].engine.dispose()


def faults(html: str) -> list[str]:
    """Return what a strict parser finds wrong with a page."""
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(html)
    return [f"{position}: {code} {values}" for position, code, values in parser.errors]


def kinds(app: Flask, client: PortalClient) -> dict[str, str]:
    """Follow every link from the home pages; return some pages of each kind, by their address."""
    seen, waiting, taken, pages = {"/", "/en/"}, ["/", "/en/"], Counter[str](), dict[str, str]()
    routes = app.url_map.bind("localhost")
    while waiting:
        path = waiting.pop(0)
        endpoint, _ = routes.match(path.removeprefix("/en").split("?")[0] or "/", method="GET")
        kind = endpoint + path[:3] * path.startswith("/en") + ("?" if "?" in path else "")
        if taken[kind] >= OF_A_KIND and endpoint != "front.home":
            continue
        answer = client.get(path)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        taken[kind] += 1
        pages[path] = answer.text
        fresh = {unescape(link) for link in LINK.findall(answer.text) if not link.startswith("/static/")} - seen
        seen |= fresh
        waiting += sorted(fresh)
    return pages


@pytest.mark.slow(why="opens every kind of page of the demo and parses it strictly")
def test_every_kind_of_page_is_valid(app: Flask, client: PortalClient) -> None:
    pages = kinds(app, client)
    assert len(pages) > 60
    assert {path: found for path, html in pages.items() if (found := faults(html))} == {}


@pytest.mark.parametrize(
    "path", ["/khong-co", "/en/khong-co", "/bai-viet/x-2147483647", "/trang/khong-co", "/en/trang/lich-tiep-cong-dan"]
)
def test_what_is_not_there_is_valid_too(app: Flask, client: PortalClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert faults(answer.text) == []


def test_a_fragment_is_valid_within_a_page(app: Flask, client: PortalClient) -> None:
    fragment = client.get("/tham-do/1/ket-qua", headers=HTMX).text
    assert faults(f"<!doctype html><title>x</title><body>{fragment}</body>") == []


def test_the_parser_finds_what_is_wrong() -> None:
    with pytest.raises(ParseError):
        html5lib.HTMLParser(strict=True).parse("<!doctype html><title>x</title><p><div></p></div>")
    assert faults("<!doctype html><title>x</title><p><div></p></div>") != []
