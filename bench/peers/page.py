"""The article page as the portal answered it, which the peers give back: its bytes and its headers."""

import json
import os
from pathlib import Path

kept = Path(os.environ.get("BENCH_PAGE", "."))


def keep(folder: Path, headers: list[tuple[str, str]], body: bytes) -> None:
    """Keep an answer in a folder for the peers, to whom BENCH_PAGE names it."""
    (folder / "headers.json").write_text(json.dumps(headers), "utf-8")
    (folder / "body").write_bytes(body)


def answer() -> tuple[list[tuple[str, str]], bytes]:
    """Return the headers and bytes that were kept."""
    headers = [(name, value) for name, value in json.loads((kept / "headers.json").read_text("utf-8"))]
    return headers, (kept / "body").read_bytes()
