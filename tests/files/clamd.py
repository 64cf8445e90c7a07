"""A scanner for tests: it listens as clamd does, and finds what has a mark in it."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOUND = b"EICAR"


@contextmanager
def listening(path: Path, *, answers: bytes | None = None, hears: int | None = None) -> Iterator[list[bytes]]:
    """Listen at a socket's path, and yield what was shown. `answers` is said whatever it is, where `hears` is given as soon
    as so many bytes were heard."""
    shown: list[bytes] = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind(str(path))
        server.listen()
        thread = threading.Thread(target=_serve, args=(server, shown, answers, hears), daemon=True)
        thread.start()
        try:
            yield shown
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()


def _serve(server: socket.socket, shown: list[bytes], answers: bytes | None, hears: int | None) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:  # closed
            return
        with connection, connection.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            content = b""
            while hears is None and (length := struct.unpack("!L", stream.read(4))[0]):
                content += stream.read(length)
            stream.read(hears or 0)
            shown.append(content)
            said = b"stream: Eicar FOUND\0" if FOUND in content else b"stream: OK\0"
            connection.sendall(answers if answers is not None else said)
