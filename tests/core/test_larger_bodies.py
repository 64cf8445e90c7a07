"""Where an article is written, bodies are larger than a public form's; elsewhere they are not, whatever a path looks like."""

import pytest
from flask import Flask

from tests import cast
from tests.articles.typing_in import browser_of, opened, page_of
from tests.client import SAME_ORIGIN, PortalClient
from tests.core.test_bodies import Stream, post
from tests.publishing.writing import a_piece

WRITING = "/ban-bien-tap/bai/1"
PUBLIC_MOST = 64 * 1024
MOST = 32 * 1024 * 1024


@pytest.fixture
def database() -> str:
    return "sqlite"


@pytest.mark.parametrize("path", [WRITING, f"/en{WRITING}"])
def test_who_is_not_signed_in_is_told_so_after_the_body_was_read_away(app: Flask, path: str) -> None:
    stream = Stream(10 * PUBLIC_MOST)
    assert post(app, stream, path, CONTENT_LENGTH=str(10 * PUBLIC_MOST)) == 401
    assert stream.tell() == 10 * PUBLIC_MOST


@pytest.mark.parametrize(
    ("path", "octets"),
    [(WRITING, MOST + 1), ("/ban-bien-tap/tai-khoan", PUBLIC_MOST + 1), ("/x/ban-bien-tap/bai/1", PUBLIC_MOST + 1)],
)
def test_what_is_still_too_large_is_refused(app: Flask, path: str, octets: int) -> None:
    assert post(app, Stream(0), path, CONTENT_LENGTH=str(octets)) == 413


def test_a_body_that_ends_early_harms_nobody(app: Flask, client: PortalClient) -> None:
    assert post(app, Stream(10), WRITING, CONTENT_LENGTH=str(10 * PUBLIC_MOST)) == 401


def test_a_text_that_is_too_long_is_refused_with_all_of_it(app: Flask) -> None:
    cast.a_site()
    user = cast.somebody("author", unit=cast.a_unit())
    piece_id, browser = a_piece(user), browser_of(app, user)
    body = "a" * 2_000_001
    answer = browser.post(page_of(piece_id), data=opened(browser, piece_id) | {"body": body}, headers=SAME_ORIGIN)
    assert (answer.status_code, body in answer.text) == (422, True)
