"""Static files: read once, joined, compressed, named by content, kept by browsers for ever.

`asset("css")` is the joined stylesheet, `asset("js")` the joined script; `asset("img/emblem.svg")` any other file under
static/. A changed file has a new address, so an old page with an old address gets 404 for nothing but its decoration.
"""

import gzip
import hashlib
from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import brotli
from flask import Flask

from portal.core.encodings import accepted
from portal.core.gate import WSGI

STYLESHEETS = ("tokens", "page", "site", "articles", "files", "polls", "visits", "front", "print")
"""The order in which the features' stylesheets are joined into one."""

JOINED = {"css": "site", "js": "site", "staff-css": "staff", "staff-js": "staff", "writing-css": "writing", "embed-css": "embed"}
"""What files that are joined of several are called in their addresses."""

STAFF_STYLESHEETS = (
    *("tokens", "page", "staff", "accounts", "audit", "publishing"),
    *("desk", "settings", "backup", "polls", "polls-staff", "print"),
)
"""Those of staff pages, joined too."""

WRITING_STYLESHEETS = ("articles", "files", "writing", "editor")
"""Those of the pages on which articles are written, joined too; they come after the staff's."""

EMBED_STYLESHEETS = ("tokens", "page", "polls", "embed")
"""Those of what stands in other sites' frames, joined too."""

JOINED_STYLESHEETS = {
    "css": STYLESHEETS,
    "staff-css": STAFF_STYLESHEETS,
    "writing-css": WRITING_STYLESHEETS,
    "embed-css": EMBED_STYLESHEETS,
}

STAFF_SCRIPTS = ("typing", "staff", "password")
"""Those of staff pages."""

SCRIPTS = ("site", "tools")
"""What runs after a page is there, joined too: one request for all pages."""

SERVED = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".png": "image/png",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
}
"""What is served, and as what; the machine's own table of types differs from one to the next."""
COMPRESSED = {".css", ".js", ".svg"}
SOURCES = "js/writing/"
"""Scripts that are bundled into another, and not served by themselves."""
LARGE = 100_000
"""Bytes from which the last few percent of compression are not worth a second of each start."""
FONT = "fonts/be-vietnam-pro-600.woff2"

HEADERS = [
    ("Cache-Control", "public, max-age=31536000, immutable"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
    ("Access-Control-Allow-Origin", "*"),
]
"""Whoever asks gets the same. A frame in another site's sandbox has no origin, and a script with integrity needs this leave."""


class Assets:
    """The files under static/ with their addresses; WSGI middleware that answers for these and passes on the rest."""

    def __init__(self, folder: Path) -> None:
        self.urls: dict[str, str] = {}
        self._answers: dict[tuple[str, str], tuple[list[tuple[str, str]], bytes]] = {}
        joined = [f"js/{noun}.js" for noun in (*SCRIPTS, *STAFF_SCRIPTS)]
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.suffix in SERVED and path.suffix != ".css" and name not in joined and not name.startswith(SOURCES):
                self._add(name, path.read_bytes())
        for name, nouns in JOINED_STYLESHEETS.items():
            sheets = [(folder / "css" / f"{noun}.css") for noun in nouns]
            css = "\n".join(sheet.read_text("utf-8") for sheet in sheets if sheet.exists())
            self._add(name, css.replace("/static/" + FONT, self.urls.get(FONT, "")).encode(), suffix=".css")
        for name, scripts_of in (("js", SCRIPTS), ("staff-js", STAFF_SCRIPTS)):
            scripts = [folder / f"js/{noun}.js" for noun in scripts_of]
            self._add(name, b"".join(script.read_bytes() for script in scripts if script.exists()), suffix=".js")

    def url(self, name: str) -> str:
        """Return the address of a file; KeyError when there is none of that name."""
        return self.urls[name]

    def integrity(self, name: str) -> str:
        """Return the hash of a file by which another site's page tells that it is ours; KeyError when there is none."""
        _, body = self._answers[self.urls[name], "identity"]
        return "sha384-" + b64encode(hashlib.sha384(body).digest()).decode()

    def _add(self, name: str, content: bytes, suffix: str = "") -> None:
        suffix = suffix or Path(name).suffix
        digest = hashlib.sha256(content).hexdigest()[:12]
        stem = JOINED.get(name, Path(name).name.removesuffix(suffix))
        url = self.urls[name] = f"/static/{stem}.{digest}{suffix}"
        bodies = _compressed(content) if suffix in COMPRESSED else {"identity": content}
        for coding, body in bodies.items():
            headers = [*HEADERS, ("Content-Type", SERVED[suffix]), ("Content-Length", str(len(body)))]
            if suffix in COMPRESSED:
                headers.append(("Vary", "Accept-Encoding"))
            if coding != "identity":
                headers.append(("Content-Encoding", coding))
            self._answers[url, coding] = headers, body

    def before(self, app: WSGI) -> WSGI:
        """Return a WSGI application that serves the files and hands everything else to `app`."""

        def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            path = environ["PATH_INFO"]
            if not path.startswith("/static/") or environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
                return app(environ, start_response)
            coding = accepted(environ.get("HTTP_ACCEPT_ENCODING", ""))
            found = self._answers.get((path, coding)) or self._answers.get((path, "identity"))
            if found is None or environ.get("SCRIPT_NAME"):
                return app(environ, start_response)
            headers, body = found
            start_response("200 OK", list(headers))
            return [body if environ["REQUEST_METHOD"] == "GET" else b""]

        return serve


@cache
def _compressed(content: bytes) -> dict[str, bytes]:
    """Return the content by coding; compressed as well as is worth it, once for all applications of a process."""
    br, gz = brotli.compress(content, quality=9 if len(content) > LARGE else 11), gzip.compress(content, 9, mtime=0)
    return {"identity": content, "br": br, "gzip": gz}


def init_app(app: Flask, folder: Path) -> None:
    app.extensions["assets"] = assets = Assets(folder)
    app.jinja_env.globals["asset"] = assets.url
