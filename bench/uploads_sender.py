"""Send files to an article, each piece by piece as the page's script does, several at once, from a process that gives way.

python -m bench.uploads_sender '{"port", "key", "token", "piece"}' <files> <at once>: prints how many seconds it took.
"""

import json
import os
import secrets
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

from bench.desk import COOKIE
from bench.servers import HOST

MEGABYTES = 20
SIZE = MEGABYTES * 1_000_000
PIECE = 2 * 1024 * 1024
"""As portal/articles/attachments_panel.py tells the script."""
NICENESS = 19
FORM = "application/x-www-form-urlencoded"


def main() -> None:
    os.nice(NICENESS)
    who, files, at_once = json.loads(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    noise = os.urandom(SIZE)
    began = time.monotonic()
    with ThreadPoolExecutor(at_once) as threads:
        list(threads.map(lambda _: _send(who, noise), range(files)))
    print(time.monotonic() - began)


def _send(who: dict[str, Any], noise: bytes) -> None:
    """Send one file whose content no other has."""
    content, key = _document(noise), secrets.token_hex(16)
    base = f"/ban-bien-tap/tep/bai/{who['piece']}/gui"
    form = {"key": key, "name": f"{key[:8]}.pdf", "size": str(len(content)), "modified": "1"}
    connection = HTTPConnection(HOST, who["port"], timeout=120)
    _post(connection, base, who, urlencode(form).encode(), FORM)
    for at in range(0, len(content), PIECE):
        _post(connection, f"{base}/{key}?tu={at}", who, content[at : at + PIECE], "application/octet-stream")
    _post(connection, f"{base}/{key}/xong", who, b"", FORM)
    connection.close()


def _document(noise: bytes) -> bytes:
    """Return a PDF of SIZE bytes with an empty page, as large as a scan by something that no page shows."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    ]
    document = bytearray(b"%PDF-1.7\n%" + secrets.token_hex(16).encode() + b"\n")
    starts = []
    for number, said in enumerate(objects, 1):
        starts.append(len(document))
        document += b"%d 0 obj\n%s\nendobj\n" % (number, said)
    end = b"".join([b"xref\n0 5\n0000000000 65535 f \n", *(b"%010d 00000 n \n" % at for at in [*starts, len(document)])])
    end += b"trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    stream, close = b"4 0 obj\n<</Length %d>>\nstream\n", b"\nendstream\nendobj\n"
    length = SIZE - len(document) - len(stream % SIZE) - len(close) - len(end % SIZE)
    document += stream % length + noise[:length] + close
    return bytes(document + end % len(document))


def _post(connection: HTTPConnection, path: str, who: dict[str, Any], body: bytes, kind: str) -> None:
    headers = {"Cookie": f"{COOKIE}={who['key']}", "Sec-Fetch-Site": "same-origin", "X-Form-Token": who["token"]}
    connection.request("POST", path, body=body, headers={**headers, "Content-Type": kind})
    answer = connection.getresponse()
    text = answer.read().decode()
    if answer.status != 200:
        sys.exit(f"{path} was answered {answer.status}: {text[:200]}")


if __name__ == "__main__":
    main()
