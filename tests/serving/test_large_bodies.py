"""Bodies that are too large get our page, on the wire too: the connection is not reset before the answer is read."""

import json
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.polls.voting import token
from tests.serving.server import Answer, Server, get

pytestmark = [pytest.mark.serial, pytest.mark.slow(why="a real server, and megabytes over the wire")]

HEAD = "POST /tham-do/1 HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\nConnection: close\r\n"
FORM = "Content-Type: application/x-www-form-urlencoded\r\n"
MULTIPART = "Content-Type: multipart/form-data; boundary=x\r\n"


@pytest.fixture(params=["sqlite"], scope="module")
def server(demo_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    instance = tmp_path_factory.mktemp("serving") / "instance"
    shutil.copytree(demo_instance, instance)
    with Server(instance) as server:
        yield server


def send(server: Server, head: str, body: list[bytes]) -> Answer:
    """Send a request byte by byte as given, read the answer to its end, and fail where the connection is reset."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(f"{HEAD}{head}\r\n".encode())
        for part in body:
            connection.sendall(part)
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    said, _, content = answer.partition(b"\r\n\r\n")
    status, *lines = said.decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return Answer(int(status.split()[1]), headers, content)


def chunks(part: bytes, number: int) -> list[bytes]:
    return [f"{len(part):x}\r\n".encode() + part + b"\r\n"] * number + [b"0\r\n\r\n"]


@pytest.mark.parametrize("octets", [70_000, 500_000, 20_000_000])
@pytest.mark.parametrize("kind", [FORM, MULTIPART])
def test_a_body_that_says_it_is_too_large_gets_a_page(server: Server, octets: int, kind: str) -> None:
    part = b"a" * 10_000

    answer = send(server, f"{kind}Content-Length: {octets}\r\n", [part] * (octets // 10_000))

    check_refused(answer, server)


@pytest.mark.parametrize("number", [8, 2_000])
@pytest.mark.parametrize("kind", [FORM, MULTIPART])
def test_a_body_in_chunks_that_becomes_too_large_gets_a_page(server: Server, number: int, kind: str) -> None:
    answer = send(server, f"{kind}Transfer-Encoding: chunked\r\n", chunks(b"a" * 10_000, number))

    check_refused(answer, server)


def test_a_script_gets_a_fragment(server: Server) -> None:
    head = f"{FORM}HX-Request: true\r\nHX-Request-Type: partial\r\nContent-Length: 70000\r\n"

    answer = send(server, head, [b"a" * 70_000])

    assert answer.status == 413
    assert answer.text.startswith('<div id="error"')


def test_a_small_body_in_chunks_is_a_ballot_like_any_other(server: Server) -> None:
    body = f"version=1&choice=1&request={token()}".encode()

    answer = send(
        server, f"{FORM}HX-Request: true\r\nTransfer-Encoding: chunked\r\n", chunks(body[:20], 1)[:1] + chunks(body[20:], 1)
    )

    assert answer.status == 200
    assert "poll-result" in answer.text


def check_refused(answer: Answer, server: Server) -> None:
    assert answer.status == 413
    assert "<!doctype html>" in answer.text
    assert "<h1>" in answer.text
    assert get(server, "/healthz").status == 200
    requests = [json.loads(line) for line in server.lines if '"portal.requests"' in line]
    assert not [line for line in requests if line["status"] >= 500]
