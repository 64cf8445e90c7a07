"""The test client looks at every page it opens: it notices each thing that it promises to notice."""

import pytest
from flask import Flask, g

from portal.accounts.models import User
from portal.core.db import db
from portal.core.headers import CSP
from tests.client import PortalClient

HEAD = '<!doctype html><html lang="vi"><head><title>Tin</title></head>'
GOOD = HEAD + '<body><h1>Tin</h1><script src="/static/a.js"></script><a href="/a" hx-get="/a">a</a></body></html>'

BROKEN = {
    "no h1": HEAD + "<body></body></html>",
    "two h1": HEAD + "<body><h1>a</h1><h1>b</h1></body></html>",
    "no title": GOOD.replace("<title>Tin</title>", ""),
    "an empty title": GOOD.replace("<title>Tin</title>", "<title> </title>"),
    "no language": GOOD.replace(' lang="vi"', ""),
    "a foreign language": GOOD.replace(' lang="vi"', ' lang="fr"'),
    "an id twice": GOOD.replace("<h1>", '<p id="a"></p><p id="a"></p><h1>'),
    "a style attribute": GOOD.replace("<h1>", '<h1 style="color:red">'),
    "a style element": GOOD.replace("</head>", "<style>p{}</style></head>"),
    "an event attribute": GOOD.replace("<h1>", '<h1 onclick="x()">'),
    "an inline script": GOOD.replace("</body>", "<script>x()</script></body>"),
    "an hx-get without href": GOOD.replace('href="/a" ', ""),
    "an hx-get that leads elsewhere": GOOD.replace('hx-get="/a"', 'hx-get="/b"'),
    "an hx-post on a button": GOOD.replace("</body>", '<button hx-post="/a">a</button></body>'),
    "an hx-post that posts elsewhere": GOOD.replace("</body>", '<form action="/a" hx-post="/b"></form></body>'),
    "an hx-post without action": GOOD.replace("</body>", '<form hx-post="/b"></form></body>'),
    "a form with an hx-get that leads elsewhere": GOOD.replace("</body>", '<form action="/a" hx-get="/b"></form></body>'),
    "a fragment with a style attribute": '<p id="a" style="color:red">a</p>',
}


def opened(html: str) -> int:
    """Open a page that says `html` with the test client and return its status."""
    app = Flask(__name__)
    app.add_url_rule("/", "page", lambda: html)
    app.test_client_class = PortalClient
    return app.test_client().get("/").status_code


def test_a_good_page_passes() -> None:
    assert opened(GOOD) == 200


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_page_fails_the_test_that_opened_it(kind: str) -> None:
    with pytest.raises(AssertionError):
        opened(BROKEN[kind])


TOKEN = f'<input type="hidden" name="token" value="{64 * "a"}">'
STAFF_HEADERS = {"Cache-Control": "no-store", "Content-Security-Policy": CSP}


def opened_by_staff(form: str, headers: dict[str, str]) -> int:
    """Open a staff page with a form and return its status."""
    app = Flask(__name__)
    html = GOOD.replace("</body>", form + "</body>")
    app.add_url_rule("/ban-bien-tap/x", "page", lambda: (html, headers))
    app.test_client_class = PortalClient
    return app.test_client().get("/ban-bien-tap/x").status_code


def test_a_good_staff_page_passes() -> None:
    forms = f'<form method="post" action="/a">{TOKEN}</form><form method="get" action="/a"><input name="q"></form>'
    assert opened_by_staff(forms, STAFF_HEADERS) == 200


BROKEN_STAFF = {
    "without a token": ('<form method="post" action="/a"></form>', {}),
    "a token after the form": (f'<form method="post" action="/a"></form>{TOKEN}', {}),
    "two tokens": (f'<form method="post" action="/a">{TOKEN}{TOKEN}</form>', {}),
    "one of two forms without": (f'<form method="post">{TOKEN}</form><form method="POST"></form>', {}),
    "an empty token": ('<form method="post" action="/a"><input name="token"></form>', {}),
    "a token in an address": (f'<form action="/a">{TOKEN}</form>', {}),
    "kept": ("", {"Cache-Control": "max-age=60"}),
    "a lax policy": ("", {"Content-Security-Policy": CSP.replace("'self'", "*")}),
}


@pytest.mark.parametrize("kind", BROKEN_STAFF)
def test_a_broken_staff_page_fails_the_test_that_opened_it(kind: str) -> None:
    form, headers = BROKEN_STAFF[kind]
    with pytest.raises(AssertionError):
        opened_by_staff(form, STAFF_HEADERS | headers)


def test_a_request_that_leaves_changes_in_the_reading_session_fails_its_test(app: Flask, client: PortalClient) -> None:
    def change() -> str:
        db.session.add(User(email="x@example.vn", name="x", created_at=0))
        return ""

    app.add_url_rule("/change", "change", change)
    with pytest.raises(AssertionError, match="outside"):
        client.get("/change")


def test_what_one_request_keeps_does_not_reach_the_next(app: Flask, client: PortalClient) -> None:
    seen: list[bool] = []
    app.before_request(lambda: seen.append("mine" in g) or setattr(g, "mine", True))  # type: ignore[func-returns-value]
    client.get("/healthz")
    client.get("/healthz")
    assert seen == [False, False]
