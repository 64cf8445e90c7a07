"""Small words of the web that all views share: strict numbers in addresses and queries, ids in the page, safe ways back."""

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any

from flask import Flask, Request, Response, abort, current_app, redirect, request, url_for
from werkzeug.routing import BaseConverter

LARGEST_ID = 2**31 - 1
SPOOLED = 16 * 1024
"""Bytes up to which a file of a form needs no disk."""
BACK = re.compile(r"/(?:[A-Za-z0-9][A-Za-z0-9/_.-]{0,300})?")


class IdConverter(BaseConverter):
    """A row's id in an address: 1 to 2147483647 in ASCII figures without a leading zero, so each page has one address."""

    regex = "[1-9][0-9]{0,9}"

    def to_python(self, value: str) -> int:
        if int(value) > LARGEST_ID:
            abort(404)
        return int(value)

    def to_url(self, value: Any) -> str:
        return str(int(value))


class SlugConverter(BaseConverter):
    """Words in an address: a-z, 0-9 and hyphens."""

    regex = "[a-z0-9]+(?:-[a-z0-9]+)*"


def query_number(name: str, *, default: int = 1, largest: int = 100_000) -> int:
    """Return the whole number of a query parameter. Aborts with 400 where it stands twice, 404 where it is no number in range."""
    values = request.args.getlist(name)
    if len(values) > 1:
        abort(400)
    if not values:
        return default
    if not re.fullmatch("[1-9][0-9]{0,5}", values[0]) or int(values[0]) > largest:
        abort(404)
    return int(values[0])


def query_value(name: str, *, longest: int) -> str:
    """Return a query parameter, "" where absent. Aborts with 400 where it stands twice, is too long or holds controls."""
    return _one(request.args.getlist(name), longest)


def form_value(name: str, *, longest: int) -> str:
    """Return a form field, "" where absent. Aborts with 400 where it stands twice, is too long or holds controls."""
    return _one(request.form.getlist(name), longest)


def _one(values: list[str], longest: int) -> str:
    if len(values) > 1 or any(len(value) > longest or not value.isprintable() for value in values):
        abort(400)
    return values[0] if values else ""


def safe_back(path: str) -> str | None:
    """Return a path of this site that a form may lead back to, or None.

    One slash, then a letter or figure: nothing that a browser could take for another host ("//x", "/\\t/x", "http:x").
    """
    return path if BACK.fullmatch(path) else None


def see_other(url: str) -> Response:
    """Return the answer to a written form without htmx: 303, read the result there."""
    return redirect(url, 303)  # type: ignore[return-value]


def fragment(template: str, **values: Any) -> str:
    """Return a fragment's HTML. It gets its own values and nothing of the page around it, which it does not print."""
    environment = current_app.jinja_env
    found = environment.get_template(template)
    context = found.new_context(environment.globals | values, shared=True)  # one plain dict; Jinja walks a chain of three
    return environment.concat(found.root_render_func(context))


def dom_id(noun: str, number: int | None = None) -> str:
    """Return the id of a fragment's root element: dom_id("poll", 5) is "poll-5"."""
    return noun if number is None else f"{noun}-{number}"


def absolute(path: str) -> str:
    """Return the full address of a path: under SITE_URL where the installation says it, else as the request came."""
    return (current_app.config["SITE_URL"] or request.host_url).rstrip("/") + path


class Application(Flask):
    """Flask without coroutines: it looks at every hook and view of every request for one, and we have none."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


class Waiting(Request):
    """A request whose files wait, while its form is read, on the disk where they will stay."""

    def _get_file_stream(self, *_: Any, **__: Any) -> Any:
        stream: Any = SpooledTemporaryFile(SPOOLED, mode="w+b", dir=str(waiting_folder()))  # noqa: SIM115 - closed with the request
        self.__dict__.setdefault("spooled", []).append(stream)
        return stream

    def close(self) -> None:
        """Close what waits too, also of a form that was refused before its end."""
        for stream in self.__dict__.get("spooled", ()):
            stream.close()
        super().close()


def waiting_folder() -> Path:
    """Return the folder of what is under way: on the same disk as the files, so that nothing is copied at the end."""
    folder = Path(current_app.instance_path, "uploads")
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


class Whole(Response):
    """An answer that is whole leaves as one piece, a list; only files stay iterators, which granian sends piece by piece."""

    def get_app_iter(self, environ: Any) -> Iterable[bytes]:
        if self.direct_passthrough or not self.is_sequence:
            return super().get_app_iter(environ)
        empty = environ["REQUEST_METHOD"] == "HEAD" or self.status_code in {204, 304}
        body = b"" if empty else b"".join(self.iter_encoded())
        self.close()
        return [body]


def init_app(app: Flask) -> None:
    app.response_class = Whole
    app.request_class = type("Asked", (Waiting, app.request_class), {})  # htmx-flask has one of its own
    app.url_map.converters |= {"id": IdConverter, "slug": SlugConverter}
    app.url_map.strict_slashes = True
    app.url_map.merge_slashes = False
    app.jinja_env.globals |= {"dom_id": dom_id, "absolute": absolute}
    app.context_processor(lambda: {"home_url": url_for("front.home")})
