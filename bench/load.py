"""Load clients: wrk for pages; for posts a small one of our own that counts exactly what was acknowledged."""

import re
import selectors
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.servers import HOST, Server

UNITS = {"us": 0.001, "ms": 1.0, "s": 1_000.0, "m": 60_000.0}
SLOW_BYTES, SLOW_PAUSE_S = 4_096, 0.02
DRAIN_S = 30.0


@dataclass(frozen=True, slots=True)
class Sample:
    """One measurement: answers a second, milliseconds, answers that were not 200 or never came."""

    rate: float
    p50: float
    p99: float
    errors: int
    acknowledged: int = 0
    others: float = 0.0


def pages(server: Server, path: str, *, connections: int, seconds: float) -> Sample:
    """Ask for one page on keep-alive connections with wrk."""
    command = ["wrk", "-t2", f"-c{connections}", f"-d{seconds:g}s", "--timeout", "10s", "--latency", server.url + path]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", said)
    errors = (int(bad[1]) if bad else 0) + (sum(map(int, broken.groups())) if broken else 0)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    return Sample(float(rate[1]) if rate else 0.0, _latency(said, 50), _latency(said, 99), errors)


def _latency(said: str, percent: int) -> float:
    found = re.search(rf"\s{percent}%\s+([\d.]+)(us|ms|s|m)\b", said)
    return float(found[1]) * UNITS[found[2]] if found else 0.0


class Poster:
    """A connection with one request under way."""

    __slots__ = ("answer", "began", "socket")

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection((HOST, port), timeout=10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.answer = bytearray()
        self.began = 0.0

    def send(self, request: bytes) -> None:
        self.answer.clear()
        self.began = time.perf_counter()
        self.socket.sendall(request)

    def status(self) -> int | None:
        """Read what has come; return the answer's status once it is whole, 0 where the server closed."""
        chunk = self.socket.recv(65_536)
        if not chunk:
            return 0
        self.answer += chunk
        head, end, body = self.answer.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
        return int(head[9:12]) if end and length and len(body) >= int(length[1]) else None


def posts(server: Server, request: Callable[[], bytes], *, connections: int, seconds: float) -> Sample:
    """Send a new request after each answer; at the end wait for every answer that is owed, so the count is exact."""
    times: list[float] = []
    acknowledged = errors = 0
    with selectors.DefaultSelector() as selector:
        posters = [Poster(server.port) for _ in range(connections)]
        began = time.perf_counter()
        for poster in posters:
            selector.register(poster.socket, selectors.EVENT_READ, poster)
            poster.send(request())
        end, last = began + seconds, began
        while selector.get_map() and last < end + DRAIN_S:
            for key, _ in selector.select(1.0):
                poster = key.data
                status = poster.status()
                if status is None:
                    continue
                last = time.perf_counter()
                times.append((last - poster.began) * 1_000)
                acknowledged, errors = acknowledged + (status == 200), errors + (status != 200)
                if last < end and status:
                    poster.send(request())
                else:
                    selector.unregister(poster.socket)
                    poster.socket.close()
    times.sort()
    place = len(times) - 1
    return Sample(acknowledged / (last - began), times[place // 2], times[int(place * 0.99)], errors, acknowledged)


@contextmanager
def slow_downloads(server: Server, path: str, clients: int) -> Iterator[None]:
    """Have clients take a file at some 200 kB a second each. Ends the run where the file cannot be had at all."""
    first = Poster(server.port)
    first.send(f"GET {path} HTTP/1.1\r\nHost: {HOST}:{server.port}\r\nRange: bytes=0-0\r\n\r\n".encode())
    while (status := first.status()) is None:
        pass
    first.socket.close()
    if status != 206:
        sys.exit(f"The large attachment is answered {status}: there would be no slow download to measure.")
    with _repeated(clients, lambda stop: _take_slowly(server, path, stop)):
        yield


def _take_slowly(server: Server, path: str, stop: threading.Event) -> None:
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SLOW_BYTES)
        client.connect((HOST, server.port))
        client.settimeout(0.5)
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: {HOST}:{server.port}\r\n\r\n".encode())
        while not stop.wait(SLOW_PAUSE_S):
            try:
                client.recv(SLOW_BYTES)
            except TimeoutError:
                continue


@contextmanager
def repeated_get(server: Server, path: str) -> Iterator[None]:
    """Have one client ask for an address again and again."""
    with _repeated(1, lambda stop: _ask_again(server, path, stop)):
        yield


def _ask_again(server: Server, path: str, stop: threading.Event) -> None:
    poster = Poster(server.port)
    while not stop.is_set():
        poster.send(f"GET {path} HTTP/1.1\r\nHost: {HOST}:{server.port}\r\n\r\n".encode())
        while poster.status() is None:
            pass
    poster.socket.close()


@contextmanager
def _repeated(clients: int, work: Callable[[threading.Event], None]) -> Iterator[None]:
    stop = threading.Event()
    threads = [threading.Thread(target=work, args=(stop,), daemon=True) for _ in range(clients)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)  # let the server's buffers fill
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
