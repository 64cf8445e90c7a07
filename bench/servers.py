"""Starting and stopping what is measured. The peers on granian run under the very command line that `flask serve` chose."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import psutil

from bench import meter

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
GTHREAD = ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--keep-alive", "30", "--log-level", "error"]
START_S, STOP_S = 30.0, 15.0


@dataclass(frozen=True, slots=True)
class Server:
    """A server of ours that listens."""

    process: "subprocess.Popen[bytes]"
    port: int

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def processes(self) -> list[psutil.Process]:
        return meter.family([self.process.pid])


class Servers:
    """All servers of a run, in a folder of their own; leaving stops every one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.running: list[Server] = []
        self._stack = ExitStack()

    def __enter__(self) -> "Servers":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def portal(self, instance: Path) -> Server:
        """Serve an instance as `make run` does."""
        port = _free_port()
        return self._start([sys.executable, "-m", "flask", "--app", "portal", "serve", "--port", str(port)], port, instance)

    def granian(self, like: Server, app: str, instance: Path | None = None) -> Server:
        """Serve another WSGI application with the settings of a portal that runs."""
        port = _free_port()
        settings = ["--port", str(port)]
        command = _command_line(like.process.pid)
        at = command.index("--port")
        return self._start([*command[:at], *settings, *command[at + 2 : -1], app], port, instance)

    def gunicorn(self, app: str) -> Server:
        """Serve a WSGI application under gunicorn, 2 processes of 4 threads."""
        port = _free_port()
        return self._start([sys.executable, "-m", "gunicorn", *GTHREAD, "--bind", f"{HOST}:{port}", app], port, None)

    def processes(self) -> list[psutil.Process]:
        return meter.family([server.process.pid for server in self.running])

    def environment(self, instance: Path | None) -> dict[str, str]:
        own: dict[str, Any] = {
            "BENCH_PAGE": self.folder,
            "BENCH_UPDATES": self.folder / "updates.db",
            "INSTANCE": instance or self.folder,
            "PYTHONPATH": ROOT,
        }
        return os.environ | {name: str(value) for name, value in own.items()} | {"HOST": HOST, "DATABASE_URL": ""}

    def _start(self, command: list[str], port: int, instance: Path | None) -> Server:
        with (self.folder / f"{port}.log").open("wb") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=self.environment(instance), stdout=log, stderr=log)
        self._stack.callback(_stop, process)
        server = Server(process, port)
        _wait(server, self.folder)
        self.running.append(server)
        return server


def _command_line(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/cmdline").read_text().rstrip("\0").split("\0")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        return int(listener.getsockname()[1])


def _wait(server: Server, folder: Path) -> None:
    """Wait for a whole answer: granian listens before its worker can serve."""
    end = time.monotonic() + START_S
    while time.monotonic() < end and server.process.poll() is None:
        with suppress(OSError, HTTPException):
            connection = HTTPConnection(HOST, server.port, timeout=START_S)
            connection.request("GET", "/")
            connection.getresponse().read()
            connection.close()
            return
        time.sleep(0.1)
    sys.exit("A server did not start:\n" + (folder / f"{server.port}.log").read_text("utf-8", "replace")[-2_000:])


def _stop(process: "subprocess.Popen[bytes]") -> None:
    family = meter.family([process.pid]) if process.poll() is None else []
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for left in psutil.wait_procs(family, timeout=1)[1]:
        left.kill()
