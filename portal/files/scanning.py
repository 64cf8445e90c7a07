"""ClamAV, where an installation has it: what comes is shown to it before it is kept (clamd's INSTREAM)."""

import socket
import struct
from contextlib import suppress
from pathlib import Path

from flask import current_app

from portal.core.errors import Refused
from portal.core.language import _
from portal.files.kinds import Wrong
from portal.files.storage import PIECE

SECONDS = 60.0
"""How long it may be silent."""
LONGEST_ANSWER = 4_096
LIMIT = "size limit exceeded"
"""What it says in the midst of a file that is larger than its StreamMaxLength, and hears no more."""


def demand_clean(path: Path, name: str) -> None:
    """Raise Refused where a scanner that is configured finds something in a file, or does not answer."""
    where: str = current_app.config["CLAMAV_SOCKET"]
    if not where:
        return
    try:
        answer = _asked(where, path)
    except OSError as error:
        raise Refused(_unchecked(name)) from error
    if answer.endswith("FOUND"):
        raise Wrong(_("“%(name)s”: the virus scanner found something in it. It was not kept; check the computer.", name=name))
    if LIMIT in answer:
        raise Wrong(_("“%(name)s” is larger than the virus scanner takes, so it was not kept. Tell an administrator.", name=name))
    if not answer.endswith("OK"):
        raise Refused(_unchecked(name))


def _unchecked(name: str) -> str:
    return _("“%(name)s” could not be checked for viruses just now, so it was not kept. Try again in a few minutes.", name=name)


def _asked(where: str, path: Path) -> str:
    """Send a file as clamd takes it: pieces with their lengths, and an empty one at the end; return its answer up to the NUL."""
    with _connected(where) as scanner, path.open("rb") as file:
        with suppress(BrokenPipeError, ConnectionResetError):  # it hears no more; what it says of that is read next
            scanner.sendall(b"zINSTREAM\0")
            while piece := file.read(PIECE):
                scanner.sendall(struct.pack("!L", len(piece)) + piece)
            scanner.sendall(struct.pack("!L", 0))
        answer = b""
        while b"\0" not in answer and len(answer) < LONGEST_ANSWER and (more := scanner.recv(LONGEST_ANSWER)):
            answer += more
    return answer.decode("utf-8", "replace").strip("\0\n ")


def _connected(where: str) -> socket.socket:
    """Return a connection to "/path/of/a/socket" or "host:port"."""
    if where.startswith("/"):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(SECONDS)
        try:
            connection.connect(where)
        except OSError:
            connection.close()
            raise
        return connection
    host, _colon, port = where.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=SECONDS)
