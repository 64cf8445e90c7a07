"""Measure uploads of large files beside readers: memory of the server, and how long readers wait meanwhile.

Prints markdown. Says so and fails where memory grows, or readers wait longer than they may.
"""

import argparse
import json
import os
import secrets
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from psutil import Process

from bench.__main__ import program
from bench.desk import COOKIE
from bench.meter import family, megabytes
from bench.servers import HOST, Server, Servers

MOST_GROWTH_MB = 30
MOST_TIMES_IDLE = 3.0
SIZE = 20_000_000
PIECE = 2 * 1024 * 1024
IDLE_S = 10.0
PAUSE_S = 0.01
"""Between two pages of a reader, who is one of several."""
READERS = 4


@dataclass(slots=True)
class Waits:
    """How long pages took, in milliseconds."""

    took: list[float] = field(default_factory=list)

    def p99(self) -> float:
        ordered = sorted(self.took)
        return ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.uploads", description=__doc__)
    parser.add_argument("--files", type=int, default=100)
    parser.add_argument("--at-once", type=int, default=2)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, Servers(Path(folder)) as servers:
        instance = servers.folder / "instance"
        instance.mkdir()
        said = json.loads(program(servers, "bench.uploads_piece", instance=instance).splitlines()[-1])
        server = servers.portal(instance)
        with _read(server, said["page"]) as idle:
            time.sleep(IDLE_S)
        _send_all(server, said, 4, asked.at_once)  # what is loaded once is loaded
        processes = family([server.process.pid])  # not those that come and go to look into a file
        before = megabytes(processes)
        with _watched(processes) as seen, _read(server, said["page"]) as meanwhile:
            _send_all(server, said, asked.files, asked.at_once)
    growth, times = max(seen) - before, meanwhile.p99() / idle.p99()
    print(f"{asked.files} files of {SIZE // 1_000_000} MB, {asked.at_once} at once.\n")
    print("| what | measured | at most |\n| --- | --- | --- |")
    print(f"| memory of all processes, growth in MB | {growth:.0f} | {MOST_GROWTH_MB} |")
    print(f"| readers' p99 in ms (idle {idle.p99():.1f}) | {meanwhile.p99():.1f}, {times:.1f} times | {MOST_TIMES_IDLE} times |")
    if growth > MOST_GROWTH_MB or times > MOST_TIMES_IDLE:
        sys.exit("Too much.")


def _send_all(server: Server, said: dict[str, str], number: int, at_once: int) -> None:
    """Send files of random bytes from several threads, each to an article of its own kind of names."""
    left, lock, failed = list(range(number)), threading.Lock(), list[str]()

    def work() -> None:
        while True:
            with lock:
                if not left or failed:
                    return
                left.pop()
            try:
                _send(server, said)
            except RuntimeError as error:
                failed.append(str(error))

    threads = [threading.Thread(target=work) for _ in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        sys.exit(failed[0])


def _send(server: Server, said: dict[str, str]) -> None:
    """Send one file piece by piece, as the page's script does."""
    content, key = b"%PDF-1.7\n" + os.urandom(SIZE - 9), secrets.token_hex(16)
    base = f"/ban-bien-tap/tep/bai/{said['piece']}/gui"
    form = {"key": key, "name": f"{key[:8]}.pdf", "size": str(SIZE), "modified": "1"}
    _post(server, base, said, urlencode(form).encode(), "application/x-www-form-urlencoded")
    for at in range(0, SIZE, PIECE):
        _post(server, f"{base}/{key}?tu={at}", said, content[at : at + PIECE], "application/octet-stream")
    _post(server, f"{base}/{key}/xong", said, b"", "application/x-www-form-urlencoded")


def _post(server: Server, path: str, said: dict[str, str], body: bytes, kind: str) -> None:
    connection = HTTPConnection(HOST, server.port, timeout=120)
    headers = {"Cookie": f"{COOKIE}={said['key']}", "Sec-Fetch-Site": "same-origin", "X-Form-Token": said["token"]}
    connection.request("POST", path, body=body, headers={**headers, "Content-Type": kind})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path} was answered {answer.status}: {text[:200]}")


@contextmanager
def _read(server: Server, path: str) -> Iterator[Waits]:
    """Have readers open a page one after the other until the end, and note how long each waits."""
    waits, stop = Waits(), threading.Event()

    def work() -> None:
        connection = HTTPConnection(HOST, server.port, timeout=30)
        while not stop.wait(PAUSE_S):
            began = time.perf_counter()
            connection.request("GET", path)
            connection.getresponse().read()
            waits.took.append((time.perf_counter() - began) * 1_000)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(READERS)]
    for thread in threads:
        thread.start()
    try:
        yield waits
    finally:
        stop.set()
        for thread in threads:
            thread.join()


@contextmanager
def _watched(processes: list[Process]) -> Iterator[list[float]]:
    """Note the memory of processes four times a second."""
    seen, stop = list[float](), threading.Event()

    def work() -> None:
        while not stop.wait(0.25):
            seen.append(megabytes(processes))

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield seen
    finally:
        stop.set()
        thread.join()


if __name__ == "__main__":
    main()
