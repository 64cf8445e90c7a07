"""Static files are named by their content, kept for ever, and answered in the coding that the client reads."""

import gzip
import re
from pathlib import Path

import brotli
import pytest
from flask import Flask

from portal.core.assets import JOINED_STYLESHEETS, SCRIPTS, STAFF_STYLESHEETS, STYLESHEETS, Assets
from tests.client import PortalClient


@pytest.fixture
def database() -> str:
    """Static files need none."""
    return "sqlite"


def css(app: Flask) -> str:
    url: str = app.extensions["assets"].url("css")
    return url


def test_every_file_may_be_kept_for_ever(app: Flask, client: PortalClient) -> None:
    for url in app.extensions["assets"].urls.values():
        answer = client.get(url)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Set-Cookie" not in answer.headers


def test_every_file_says_truly_what_it_is(app: Flask, client: PortalClient) -> None:
    kinds = {
        ".css": "text/css; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".svg": "image/svg+xml",
        ".woff2": "font/woff2",
    }
    for url in app.extensions["assets"].urls.values():
        assert client.get(url).headers["Content-Type"] == kinds[Path(url).suffix]


def test_a_changed_file_has_another_address(tmp_path: Path) -> None:
    for folder in ("css", "js"):
        (tmp_path / folder).mkdir()
    names = ("css/page.css", "css/writing.css", "js/site.js", "js/staff.js", "a.js")
    before, after = (_written(tmp_path, names, text).urls for text in ("a", "b"))
    assert set(before) == set(after) == {"css", "staff-css", "writing-css", "embed-css", "js", "staff-js", "a.js"}
    assert all(before[name] != after[name] for name in before)
    assert re.fullmatch(r"/static/a\.[0-9a-f]{12}\.js", after["a.js"])


def _written(folder: Path, names: tuple[str, ...], text: str) -> Assets:
    for name in names:
        (folder / name).write_text(text)
    return Assets(folder)


def test_the_scripts_of_every_page_are_served_joined(app: Flask, client: PortalClient) -> None:
    folder = Path(__file__).resolve().parent.parent.parent / "static" / "js"
    joined = client.get(app.extensions["assets"].urls["js"]).text
    assert joined == "".join((folder / f"{noun}.js").read_text("utf-8") for noun in SCRIPTS)


def test_the_stylesheets_are_served_joined_in_their_order(
    app: Flask,
    client: PortalClient,
) -> None:
    folder = Path(__file__).resolve().parent.parent.parent / "static" / "css"
    joined = client.get(css(app)).text
    places = [joined.index((folder / f"{noun}.css").read_text("utf-8")[-400:]) for noun in STYLESHEETS if noun != "tokens"]
    assert places == sorted(places)
    staff = client.get(app.extensions["assets"].urls["staff-css"]).text
    places = [staff.index((folder / f"{noun}.css").read_text("utf-8")[-200:]) for noun in STAFF_STYLESHEETS if noun != "tokens"]
    assert places == sorted(places)
    assert {path.stem for path in folder.glob("*.css")} == {noun for nouns in JOINED_STYLESHEETS.values() for noun in nouns}


@pytest.mark.parametrize(
    ("accepts", "coding"), [("br", "br"), ("gzip", "gzip"), ("br;q=0,gzip", "gzip"), ("", None), ("x", None)]
)
def test_text_is_coded_as_the_client_can_read_it(app: Flask, client: PortalClient, accepts: str, coding: str | None) -> None:
    plain = client.get(css(app)).data
    answer = client.get(css(app), headers={"Accept-Encoding": accepts})
    assert answer.headers.get("Content-Encoding") == coding
    assert {"br": brotli.decompress, "gzip": gzip.decompress}.get(coding or "", bytes)(answer.data) == plain
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert int(answer.headers["Content-Length"]) == len(answer.data)


def test_a_font_is_not_coded_again(app: Flask, client: PortalClient) -> None:
    answer = client.get(app.extensions["assets"].url("fonts/be-vietnam-pro-600.woff2"), headers={"Accept-Encoding": "br, gzip"})
    assert "Content-Encoding" not in answer.headers


def test_head_has_the_headers_without_the_body(app: Flask, client: PortalClient) -> None:
    answer = client.head(css(app))
    assert answer.data == b""
    assert answer.headers["Content-Length"] == client.get(css(app)).headers["Content-Length"]


@pytest.mark.parametrize(
    "path",
    [
        "/static/site.000000000000.css",
        "/static/site.css",
        "/static/css/page.css",
        "/static/",
        "/static",
        "/static/..%2fportal/config.py",
        "/static/../portal/config.py",
        "/static/%2e%2e/portal/config.py",
        "/static/vendor/README.md",
        "/portal/config.py",
        "/instance/secret_key",
        "/instance/portal.db",
        "/.git/config",
    ],
)
def test_nothing_else_is_served(client: PortalClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_file_is_not_answered_to_a_form(app: Flask, client: PortalClient) -> None:
    assert client.post(css(app)).status_code in {404, 405}


def test_a_static_file_lies_under_one_address_in_all_languages(app: Flask, client: PortalClient) -> None:
    assert css(app) in client.get("/en/").text
    assert client.get("/en" + css(app)).status_code == 404


def test_a_foreign_host_gets_no_file(app: Flask, client: PortalClient) -> None:
    assert client.get(css(app), headers={"Host": "evil.example"}).status_code == 400


def test_the_stylesheet_names_the_font_by_its_content(app: Flask, client: PortalClient) -> None:
    font = app.extensions["assets"].url("fonts/be-vietnam-pro-600.woff2")
    assert f'url("{font}")' in client.get(css(app)).text


def test_a_file_that_a_template_asks_for_must_exist(app: Flask) -> None:
    with pytest.raises(KeyError):
        app.extensions["assets"].url("css/nothing.css")


def test_what_is_bundled_into_another_script_is_not_served_by_itself(app: Flask) -> None:
    names = app.extensions["assets"].urls
    assert "vendor/editor/editor.min.js" in names
    assert [name for name in names if name.startswith("js/writing/")] == []
