"""Addresses, ids and classes avoid the words that ad blockers match."""

import re
from pathlib import Path

import pytest
from flask import Flask

from portal.demo.content import fill_if_empty
from tests.client import Elements, PortalClient

WHOLE = {"hit", "hits", "ad", "ads", "stat", "stats", "popup", "popups"}
BEGINNINGS = ("count", "track", "view", "metric", "banner", "social", "share", "popup", "statistic", "analytic", "sponsor")

KEY = re.compile(r"\b[0-9a-f]{12,}\b")
"""A random key or a hash of content."""


def blocked(words: str) -> list[str]:
    """Return those words of a name that a blocker may match; letter runs are words, whatever joins them, but keys are none."""
    parts = re.findall("[a-z]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", KEY.sub(" ", words)).lower())
    return [part for part in parts if part in WHOLE or part.startswith(BEGINNINGS)]


def names(html: str) -> set[str]:
    """Return every id, class, address and target of a page."""
    wanted = ("id", "class", "href", "src", "action", "hx-get", "hx-post", "hx-target")
    return {value for _, attributes in Elements(html).found for name in wanted if (value := attributes.get(name))}


def test_no_address_uses_a_blocked_word(app: Flask) -> None:
    assert [rule.rule for rule in app.url_map.iter_rules() if blocked(rule.rule)] == []


def test_no_static_address_uses_a_blocked_word(app: Flask) -> None:
    urls = [url.removeprefix("/static/") for url in app.extensions["assets"].urls.values()]
    assert [url for url in urls if blocked(url)] == []


def test_no_template_uses_a_blocked_word(root: Path) -> None:
    for path in root.glob("templates/**/*.html"):
        source = path.read_text("utf-8")
        said = re.findall(r"""\b(?:id|class|hx-target|hx-trigger)=["']([^"'{]*)""", source)
        assert [word for words in said for word in blocked(words)] == [], path.name


def test_no_stylesheet_or_script_uses_a_blocked_word(root: Path) -> None:
    for path in [*root.glob("static/css/*.css"), *root.glob("static/js/*.js")]:
        source = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text("utf-8"), flags=re.DOTALL)
        said = (
            re.findall(r"[.#](-?[a-zA-Z][\w-]*)(?=[^{};]*{)", source)
            if path.suffix == ".css"
            else re.findall(r'"([\w-]+)"', source)
        )
        assert [word for words in said for word in blocked(words)] == [], path.name


@pytest.mark.slow(why="fills the database and opens pages of the whole site")
def test_no_page_uses_a_blocked_word(app: Flask, client: PortalClient) -> None:
    fill_if_empty()
    pages = ["/", "/en/", "/so-lieu/cach-tinh", "/tham-do/1", "/tham-do/1/ket-qua", "/chuyen-muc/cai-cach-hanh-chinh", "/nothing"]
    opened = re.findall(r'href="(/bai-viet/[^"]+)"', client.get("/").text)
    for page in [*pages, *opened[:2]]:
        # Titles are the editors' words, and a file's key is random.
        own = {name for name in names(client.get(page).text) if not name.startswith(("/bai-viet/", "/tep/", "http"))}
        assert [name for name in own if blocked(name)] == [], page


@pytest.mark.parametrize(
    "name", ["view-box", "poll-count", "pageHits", "/tracking/1", "ads", "shareButton", "counter", "x_stats"]
)
def test_a_blocked_word_is_found_out(name: str) -> None:
    assert blocked(name)


@pytest.mark.parametrize("name", ["state", "heads", "status", "account", "review", "white", "static", "hitch"])
def test_a_word_that_only_holds_one_is_not_blamed(name: str) -> None:
    assert not blocked(name)
