"""Logs: JSON lines on standard error with a request id; never an address, a cookie, a query string or a vote.

A vote or a page load that went well leaves no line: beside a proxy's log, which knows addresses, its time would tell too much.
"""

import json
import logging
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from secrets import token_hex
from typing import Any, TextIO, TypeVar

from flask import Flask, Response, current_app, g, has_request_context, request

logger = logging.getLogger("portal.requests")
_encode = json.JSONEncoder(ensure_ascii=False).encode


SLOW_MS = 1_000

View = TypeVar("View", bound=Callable[..., Any])


def quiet(view: View) -> View:
    """Declare that this view's answers leave no line unless something is wrong: refused, failed or slow."""
    view.is_quiet = True  # type: ignore[attr-defined]
    return view


def request_id() -> str:
    """Return the id of the request being answered; made at the first call."""
    if not has_request_context():
        return ""
    if "request_id" not in g:
        g.request_id = token_hex(8)
    return str(g.request_id)


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, message, request id, and what the call put in `extra["fields"]`."""

    def format(self, record: logging.LogRecord) -> str:
        fields = dict(getattr(record, "fields", {}))
        if record.exc_info:
            fields["error"] = self.formatException(record.exc_info)
        return _json(record.created, record.levelname, record.name, record.getMessage(), fields)


def _json(at: float, level: str, name: str, message: str, fields: dict[str, Any]) -> str:
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at)) + f".{int(at % 1 * 1000):03d}Z"
    line = {"time": stamp, "level": level.lower(), "logger": name, "message": message, **fields}
    if has_request_context():
        line["request"] = request_id()
    return _encode(line)


class Stderr(logging.StreamHandler[TextIO]):
    """Writes to what standard error is at the time of writing."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)
        self.setFormatter(JsonLines())

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        return sys.stderr


def init_app(app: Flask) -> None:
    root = logging.getLogger()
    if not any(isinstance(handler, Stderr) for handler in root.handlers):
        handler = Stderr()
        root.addHandler(handler)
        root.setLevel(logging.INFO)
    for chatty in ("alembic.runtime.plugins", "_granian"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    app.before_request(_begin)
    app.after_request(_line)


def _begin() -> None:
    g.began = time.perf_counter()


def _line(response: Response) -> Response:
    response.headers["X-Request-Id"] = request_id()
    ms = round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1)
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "is_quiet", False) and response.status_code < 400 and ms < SLOW_MS:
        return response
    fields = {
        "method": request.method if request.method in {"GET", "HEAD", "POST"} else "other",
        "endpoint": request.endpoint,
        "status": response.status_code,
        "ms": ms,
    }
    level = logging.WARNING if response.status_code >= 500 else logging.INFO
    if logger.isEnabledFor(level):  # written past the logging machinery, which looks for the calling line each time
        with suppress(OSError):  # what was done is done: a full disk of logs must not answer otherwise
            sys.stderr.write(_json(time.time(), logging.getLevelName(level), logger.name, "answered", fields) + "\n")
    return response
