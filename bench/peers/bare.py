"""The ceiling: a WSGI function that returns constant bytes."""

from collections.abc import Iterable
from typing import Any

from bench.peers import page

headers, body = page.answer()
chunks = [body]


def app(_environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("200 OK", headers)
    return chunks
