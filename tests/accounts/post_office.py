"""A mail server of one test, in a thread: it takes whatever it is given, or refuses to."""

import socketserver
import threading
from typing import Self


class _Conversation(socketserver.StreamRequestHandler):
    server: "PostOffice"

    def handle(self) -> None:
        if not self.server.is_open:
            return
        self._say("220 here")
        while line := self.rfile.readline().decode().strip():
            word = line.split(" ")[0].upper()
            if word == "DATA":
                self._say("354 go on")
                self.server.letters.append(self._letter())
                self._say("250 taken")
            elif word == "RCPT":
                self.server.recipients.append(line)
                self._say("250 known" if self.server.takes else "550 nobody here")
            else:
                self._say({"EHLO": "250 here", "QUIT": "221 bye"}.get(word, "250 well"))

    def _letter(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line)
        return b"".join(lines)

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


class PostOffice(socketserver.ThreadingTCPServer):
    """Listens on a loopback port. `is_open` False hangs up at once; `takes` False refuses every recipient."""

    daemon_threads = True

    def __init__(self, *, is_open: bool = True, takes: bool = True) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.is_open, self.takes = is_open, takes
        self.letters: list[bytes] = []
        self.recipients: list[str] = []

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()
