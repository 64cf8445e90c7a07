"""What somebody typed stands on the page that says no, where nothing of it could be kept."""

import secrets

import pytest
from flask import Flask
from sqlalchemy import delete, update

from portal.core.db import write
from portal.core.sessions import StaffSession
from portal.publishing.models import Piece
from tests import cast
from tests.articles.typing_in import browser_of, form_of, page_of
from tests.client import PortalClient
from tests.publishing.writing import a_piece, texts

TYPED = {"title": "Tên vừa gõ", "body": "<p>Nội dung <b>vừa</b> gõ & chưa lưu.</p>"}
SHOWN = "&lt;p&gt;Nội dung &lt;b&gt;vừa&lt;/b&gt; gõ &amp; chưa lưu.&lt;/p&gt;"


@pytest.fixture
def opened(app: Flask) -> tuple[PortalClient, int, dict[str, str]]:
    """Somebody's browser with the page for writing open, the piece, and what its form holds."""
    author = cast.somebody("author", unit=cast.a_unit())
    piece_id, browser = a_piece(author), browser_of(app, author)
    return browser, piece_id, form_of(browser.get(page_of(piece_id)).text, page_of(piece_id))


def test_where_the_article_was_given_to_another_unit(opened: tuple[PortalClient, int, dict[str, str]]) -> None:
    browser, piece_id, form = opened
    elsewhere = cast.a_unit("Văn phòng")
    write(lambda session: session.execute(update(Piece).where(Piece.id == piece_id).values(unit_id=elsewhere)))
    answer = browser.submit(page_of(piece_id), form | TYPED)
    assert (answer.status_code, "Tên vừa gõ" in answer.text, SHOWN in answer.text) == (404, True, True)
    assert len(texts(piece_id)) == 1


def test_where_the_session_has_ended(opened: tuple[PortalClient, int, dict[str, str]]) -> None:
    browser, piece_id, form = opened
    write(lambda session: session.execute(delete(StaffSession)))
    answer = browser.submit(page_of(piece_id), form | TYPED)
    assert (answer.status_code, SHOWN in answer.text) == (401, True)


def test_where_the_form_is_an_older_ones(opened: tuple[PortalClient, int, dict[str, str]]) -> None:
    browser, piece_id, form = opened
    answer = browser.submit(page_of(piece_id), form | TYPED | {"token": secrets.token_hex(32)})
    assert (answer.status_code, SHOWN in answer.text) == (403, True)


def test_another_sites_page_puts_no_words_into_ours(opened: tuple[PortalClient, int, dict[str, str]]) -> None:
    browser, piece_id, form = opened
    answer = browser.post(page_of(piece_id), data=form | TYPED, headers={"Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, "vừa" in answer.text) == (403, False)


def test_what_was_typed_into_the_other_lines(opened: tuple[PortalClient, int, dict[str, str]]) -> None:
    browser, piece_id, form = opened
    write(lambda session: session.execute(delete(StaffSession)))
    lines = {name: f"Dòng {name} vừa gõ" for name in ("author_line", "photo_line", "source_line")}
    answer = browser.submit(page_of(piece_id), form | lines)
    assert answer.status_code == 401
    assert [line for line in lines.values() if line not in answer.text] == []


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/ban-bien-tap/bai/moi", "title"),
        ("/ban-bien-tap/bai/{piece}/gui-duyet", "remark"),
        ("/ban-bien-tap/bai/{piece}/dang", "note"),
        ("/ban-bien-tap/bai/{piece}/lich-su", "name"),
        ("/ban-bien-tap/bai/go", "reason"),
    ],
)
def test_what_was_typed_beside_the_text(opened: tuple[PortalClient, int, dict[str, str]], path: str, field: str) -> None:
    browser, piece_id, form = opened
    write(lambda session: session.execute(delete(StaffSession)))
    answer = browser.submit(path.format(piece=piece_id), {"token": form["token"], field: "Câu vừa gõ ở đây"})
    assert (answer.status_code, "Câu vừa gõ ở đây" in answer.text) == (401, True)
