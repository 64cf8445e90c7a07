"""A foreign site on this machine that embeds a poll, to try embedding on: another name or another port is another origin."""

from collections.abc import Callable
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORT = 8001
ORIGIN = f"http://localhost:{PORT}"
"""Where it is unless another port is said; the demo's polls may stand there."""

Pages = Callable[[str], str | None]
"""Return the HTML at a path, None where nothing is."""

PAGE = """<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>{title}</h1>
{content}
</main></body></html>
"""


def page(title: str, content: str) -> str:
    """Return a page of the foreign site; `content` is HTML."""
    return PAGE.format(title=escape(title), content=content)


def host(name: str, port: int, pages: Pages) -> ThreadingHTTPServer:
    """Return a server of the foreign site on loopback, which listens from now on; port 0 is any that is free."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = pages(self.path)
            body = (found or "").encode()
            self.send_response(200 if found is not None else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Print nothing: addresses of visitors are logged nowhere."""

    return ThreadingHTTPServer((name, port), Answering)
