"""Bodies that are too large are refused after they were read away, so that the answer arrives."""

import io
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from portal.core import gate
from portal.core.gate import DRAINED_BYTES
from tests.client import SAME_ORIGIN

LIMIT = 1_000


@pytest.fixture
def database() -> str:
    """The gate stands before the database."""
    return "sqlite"


@pytest.fixture
def settings(settings: dict[str, Any]) -> dict[str, Any]:
    """A portal that takes a thousand bytes."""
    return {**settings, "MAX_BODY_BYTES": LIMIT}


class Stream(io.BytesIO):
    """A body that knows how much of it was read."""

    def __init__(self, size: int) -> None:
        super().__init__(b"a" * size)
        self.read_bytes = 0

    def read(self, size: int | None = -1, /) -> bytes:
        part = super().read(size)
        self.read_bytes += len(part)
        return part


def post(app: Flask, stream: Stream, path: str = "/so-lieu", **environ: Any) -> int:
    builder = EnvironBuilder(path, method="POST", headers=SAME_ORIGIN, content_type="application/x-www-form-urlencoded")
    sent = {**builder.get_environ(), "CONTENT_LENGTH": "", "wsgi.input": stream, **environ}
    _, status, _ = run_wsgi_app(app.wsgi_app, sent, buffered=True)
    return int(status[:3])


def test_a_body_that_is_announced_too_large_is_refused_and_read_away(app: Flask) -> None:
    stream = Stream(LIMIT + 1)
    assert post(app, stream, CONTENT_LENGTH=str(LIMIT + 1)) == 413
    assert stream.read_bytes == LIMIT + 1


def test_a_chunked_body_that_grows_too_large_is_refused_and_read_away(app: Flask) -> None:
    stream = Stream(50 * LIMIT)
    environ = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    assert post(app, stream, **environ) == 413
    assert stream.read_bytes == 50 * LIMIT


def test_a_chunked_body_within_the_limit_is_read(app: Flask) -> None:
    stream = io.BytesIO(b"page=x&load=" + b"a" * 32)
    environ = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    assert post(app, stream, **environ) == 400  # type: ignore[arg-type] # a page key that is none of ours


def test_a_body_within_the_limit_reaches_the_view(app: Flask) -> None:
    assert post(app, Stream(LIMIT), CONTENT_LENGTH=str(LIMIT)) == 400


@pytest.mark.parametrize("length", ["-1", "1e3", "١", "9" * 40, "x"])
def test_a_length_that_is_no_number_is_refused(app: Flask, length: str) -> None:
    assert post(app, Stream(0), CONTENT_LENGTH=length) == 413


def test_only_so_much_of_a_refused_body_is_read_away(app: Flask) -> None:
    class Endless(Stream):
        def read(self, size: int | None = -1, /) -> bytes:
            assert size is not None
            assert size > 0
            self.read_bytes += size
            return b"a" * size

    stream = Endless(0)
    assert post(app, stream, CONTENT_LENGTH=str(10**12)) == 413
    assert stream.read_bytes == DRAINED_BYTES


def test_too_large_a_body_is_refused_whatever_it_asks_for(app: Flask) -> None:
    assert post(app, Stream(LIMIT + 1), path="/no/such/page", CONTENT_LENGTH=str(LIMIT + 1)) == 413


def test_it_says_how_much_was_sent_and_how_much_is_taken(app: Flask) -> None:
    stream, large = Stream(2_000_000), gate.DRAINED_BYTES + 2_000_000
    app.extensions["larger_bodies"]["/lon"] = gate.DRAINED_BYTES
    for path, content, said in (
        ("/so-lieu", stream, "2 MB cùng lúc, chỉ nhận tối đa 1 kB"),
        ("/lon", Stream(large), "tối đa 33,6 MB"),
    ):
        builder = EnvironBuilder(path, method="POST", headers=SAME_ORIGIN, content_type="multipart/form-data; boundary=a")
        sent = {**builder.get_environ(), "CONTENT_LENGTH": str(len(content.getvalue())), "wsgi.input": content}
        page, status, _headers = run_wsgi_app(app.wsgi_app, sent, buffered=True)
        assert (status[:3], said in b"".join(page).decode()) == ("413", True)
        assert content.read_bytes == len(content.getvalue()), "a browser that cannot send all hears no answer"
