"""The real server in a process of its own, as `make run` starts it: on a free loopback port, stopped at the end."""

import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlencode

from tests.client import READER, SAME_ORIGIN

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE_S = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back over the wire: a status, headers with small names, and the whole body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


class Server:
    """`flask serve` on an instance folder. `environment` adds to that of the tests, for instance DATABASE_URL.

    What it prints is in `lines`, or in the file `logs_to`.
    """

    def __init__(self, instance: Path, *, logs_to: Path | None = None, **environment: str) -> None:
        self.instance = instance
        self._logs_to = logs_to
        self.database_url = environment.get("DATABASE_URL", "")
        self.host = environment.get("HOST", "127.0.0.1")
        self.port = free_port()
        self.lines: list[str] = []
        self._heard = threading.Condition()
        kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "HOST"}}
        own = {"INSTANCE": str(instance), "PORT": str(self.port), "PYTHONUNBUFFERED": "1"}
        self.environment = {**kept, **own, **environment}
        self.process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.process is not None and self.process.poll() is None:
            self.stop(signal.SIGTERM)

    def start(self) -> None:
        """Start it and return once it answers."""
        command = [sys.executable, "-m", "flask", "--app", "portal", "serve"]
        with ExitStack() as opened:
            out = subprocess.PIPE if self._logs_to is None else opened.enter_context(self._logs_to.open("a"))
            pipes = {"stdout": out, "stderr": subprocess.STDOUT}
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, text=True, start_new_session=True, **pipes)  # type: ignore[call-overload]
        if self._logs_to is None:
            threading.Thread(target=self._listen, daemon=True).start()
        self.wait_until_it_answers()

    def wait_until_it_answers(self) -> None:
        """Return when /healthz says 200; fail with what the server said when it does not in time."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until and self._is_running():
            try:
                if get(self, "/healthz").status == 200:
                    return
            except OSError:
                pass
            time.sleep(0.05)  # nothing tells when a port is listened on
        raise AssertionError("the server does not answer:\n" + "\n".join(self.lines))

    def stop(self, how: signal.Signals) -> int:
        """Send a signal, wait for the end and return the exit status. Kills what does not end in time."""
        assert self.process is not None
        self.process.send_signal(how)
        try:
            return self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            raise

    def workers(self) -> list[int]:
        """Return the process ids of the workers that serve; granian starts them from its main thread."""
        assert self.process is not None
        return self._children(str(self.process.pid))

    def committer(self) -> int | None:
        """Return the process id of the committing process, which a thread of its own starts; None while there is none."""
        assert self.process is not None
        others = {task.name for task in Path(f"/proc/{self.process.pid}/task").iterdir()} - {str(self.process.pid)}
        return next((child for task in sorted(others) for child in self._children(task)), None)

    def _children(self, task: str) -> list[int]:
        assert self.process is not None
        return [int(child) for child in Path(f"/proc/{self.process.pid}/task/{task}/children").read_text().split()]

    def kill_worker(self) -> int | None:
        """Kill -9 one of the workers that serve, if one is there, and return its process id."""
        return _killed(random.choice(self.workers() or [None]))  # type: ignore[list-item]

    def kill_committer(self) -> int | None:
        """Kill -9 the committing process, if it is there, and return its process id."""
        return _killed(self.committer())

    def wait_until_replaced(self, killed: int | None) -> None:
        """Return when another process serves in a killed worker's place."""
        until, number = time.monotonic() + PATIENCE_S, len(self.workers())
        while killed in (now := self.workers()) or len(now) < number:
            assert time.monotonic() < until, "no other worker came"
            time.sleep(0.05)  # granian tells nobody
        self.wait_until_it_answers()

    def said(self, words: str) -> str:
        """Wait until the server has printed a line that holds `words`, and return it."""

        def found() -> str | None:
            return next((line for line in self.lines if words in line), None)

        with self._heard:
            assert self._heard.wait_for(lambda: found() is not None, PATIENCE_S), f"never said: {words}"
        return found() or ""

    def _listen(self) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._heard:
                self.lines.append(line.rstrip("\n"))
                self._heard.notify_all()
        self.process.stdout.close()

    def _is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None


def _killed(process: int | None) -> int | None:
    if process is not None:
        os.kill(process, signal.SIGKILL)
    return process


def free_port() -> int:
    """Return a loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get(server: Server, path: str, **headers: str) -> Answer:
    """Ask for a page over a connection of its own, as a reader."""
    return send(server, "GET", path, None, **headers)


def post(server: Server, path: str, form: Mapping[str, object], **headers: str) -> Answer:
    """Send a form over a connection of its own, as one of our pages does."""
    return send(server, "POST", path, urlencode(form, doseq=True).encode(), **headers)


def swap(server: Server, path: str, form: Mapping[str, object], **headers: str) -> Answer:
    """Send a form over a connection of its own, as htmx does."""
    return post(server, path, form, HX_Request="true", HX_Request_Type="partial", **headers)


def send(server: Server, method: str, path: str, body: bytes | None, **headers: str) -> Answer:
    """Send a request over a connection of its own; a body is a form's, unless Content_Type says otherwise."""
    sent = {"User-Agent": READER, **SAME_ORIGIN, **{name.replace("_", "-"): value for name, value in headers.items()}}
    if body is not None:
        sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
    connection = http.client.HTTPConnection(server.host, server.port, timeout=PATIENCE_S)
    try:
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
    except http.client.HTTPException as error:
        raise ConnectionError("the connection ended before the answer") from error
    finally:
        connection.close()
