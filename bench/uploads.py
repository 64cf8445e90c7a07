"""Measure uploads of large files beside readers: memory of the server, and how long readers wait meanwhile.

Ten files at a time go to an article, two at once and as fast as they are taken; readers read alone before each ten, once nothing
of the last is left to do, so that whatever else the machine does meets both. Who sends is a process of its own that gives way
(bench.uploads_sender): senders have machines of their own. Prints markdown. Says so and fails where memory grows, or readers wait
longer than they may.
"""

import argparse
import json
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from itertools import cycle
from pathlib import Path

from psutil import Process

from bench.__main__ import program
from bench.meter import family, megabytes
from bench.servers import HOST, ROOT, Server, Servers
from bench.uploads_sender import MEGABYTES

MOST_GROWTH_MB = 30
MOST_TIMES_IDLE = 3.0
FILES = 10
"""An article's."""
IDLE_S = 3.0
DONE_WITHIN_S = 300.0
PAUSE_S = 0.01
"""Between two pages of a reader, who is one of several."""
READERS = 4
LEFT = "SELECT count(*) FROM job WHERE key IS NULL AND failed_at IS NULL"
"""Files that wait to be leafed through, or are."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.uploads", description=__doc__)
    parser.add_argument("--files", type=int, default=100, help="in tens")
    parser.add_argument("--at-once", type=int, default=2)
    asked = parser.parse_args()
    rounds = asked.files // FILES
    idle, meanwhile, sent_s = list[float](), list[float](), 0.0
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, Servers(Path(folder)) as servers:
        instance = servers.folder / "instance"
        instance.mkdir()
        said = json.loads(program(servers, "bench.uploads_piece", str(rounds + 1), instance=instance).splitlines()[-1])
        server = servers.portal(instance)
        with _read(server, said["pages"], []):
            _send(server, said, said["pieces"].pop(), asked.at_once)  # what is loaded once is loaded
        _wait_until_done(instance)
        processes = family([server.process.pid])  # not those that come and go to look into a file
        before = megabytes(processes)
        with _watched(processes) as seen:
            for piece in said["pieces"]:
                _wait_until_done(instance)
                with _read(server, said["pages"], idle):
                    time.sleep(IDLE_S)
                with _read(server, said["pages"], meanwhile):
                    sent_s += _send(server, said, piece, asked.at_once)
    growth, times = max(seen) - before, _p99(meanwhile) / _p99(idle)
    speed = rounds * FILES * MEGABYTES / sent_s
    print(f"{rounds * FILES} files of {MEGABYTES} MB, {asked.at_once} at once, {speed:.0f} MB a second.\n")
    print("| what | measured | at most |\n| --- | --- | --- |")
    print(f"| memory of all processes, growth in MB | {growth:.0f} | {MOST_GROWTH_MB} |")
    print(f"| readers' p99 in ms (idle {_p99(idle):.1f}) | {_p99(meanwhile):.1f}, {times:.1f} times | {MOST_TIMES_IDLE} times |")
    if growth > MOST_GROWTH_MB or times > MOST_TIMES_IDLE:
        sys.exit("Too much.")


def _send(server: Server, said: dict[str, str], piece: int, at_once: int) -> float:
    """Send one article's files and return how many seconds that took, beginning with the first byte."""
    who = json.dumps({"port": server.port, "key": said["key"], "token": said["token"], "piece": piece})
    command = [sys.executable, "-m", "bench.uploads_sender", who, str(FILES), str(at_once)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return float(done.stdout)


def _wait_until_done(instance: Path) -> None:
    """Wait until the last file has been leafed through."""
    end = time.monotonic() + DONE_WITHIN_S
    with closing(sqlite3.connect(f"file:{instance}/portal.db?mode=ro", uri=True)) as database:
        while database.execute(LEFT).fetchone()[0]:
            if time.monotonic() > end:
                sys.exit("Files were not leafed through in time.")
            time.sleep(0.1)


@contextmanager
def _read(server: Server, pages: list[str], waits: list[float]) -> Iterator[None]:
    """Have readers open pages one after the other until the end, and note how long each waits, in milliseconds."""
    stop = threading.Event()

    def work() -> None:
        connection = HTTPConnection(HOST, server.port, timeout=30)
        paths = cycle(pages)
        while not stop.wait(PAUSE_S):
            began = time.perf_counter()
            connection.request("GET", next(paths))
            connection.getresponse().read()
            waits.append((time.perf_counter() - began) * 1_000)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(READERS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _p99(waits: list[float]) -> float:
    return sorted(waits)[len(waits) * 99 // 100]


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
