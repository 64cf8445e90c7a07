"""The library: what a unit has is found, described, and used again; a file is there as long as anything public shows it."""

import io
import re

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import User
from portal.core.db import db
from portal.files import renditions
from portal.files.models import Item, Picture
from portal.publishing.rules import Step
from tests import cast
from tests.articles.sending import Sender, names
from tests.articles.typing_in import browser_of, page_of
from tests.client import PortalClient
from tests.files import samples
from tests.files.here import rendering_here
from tests.publishing.writing import a_piece, piece, published, save, take

LIBRARY = "/ban-bien-tap/thu-vien"


@pytest.fixture
def author(app: Flask) -> User:
    return cast.somebody("author", unit=cast.a_unit())


@pytest.fixture
def publisher(app: Flask) -> User:
    return cast.somebody("publisher")


def put_up(app: Flask, user: User, piece_id: int, alt: str, content: bytes | None = None) -> str:
    """Put a picture up for a piece and return its address in a text."""
    sender = Sender(app, user, piece_id)
    picture = (io.BytesIO(content or samples.a_photo(700, 400)), "anh.jpg")
    form = {"token": sender.token, "picture": picture, "alt": alt, "caption": "", "credit": "Lê Thị C"}
    assert sender.browser.submit(f"{page_of(piece_id)}/anh", form).status_code == 303
    with rendering_here():
        renditions.render_waiting()
    db.session.rollback()
    key = db.session.scalars(select(Picture.key).where(Picture.place == f"piece:{piece_id}").order_by(Picture.id.desc())).first()
    return f"/anh/{key}/640.webp"


def figure(url: str) -> str:
    return f'<p>Chữ</p><figure><img src="{url}" alt="Ruộng tỏi" width="640" height="366"></figure>'


def test_what_is_attached_or_put_up_is_found_by_words_without_marks(app: Flask, author: User) -> None:
    piece_id = a_piece(author)
    Sender(app, author, piece_id).form(("Kế hoạch tuyên truyền.pdf", cast.A_PDF))
    put_up(app, author, piece_id, "Ruộng tỏi Lý Sơn")
    browser = browser_of(app, author)
    for asked, wanted in (
        ("", ["anh.jpg", "Kế hoạch tuyên truyền.pdf"]),
        ("tim=ke hoach", ["Kế hoạch tuyên truyền.pdf"]),
        ("tim=toi ly son", ["anh.jpg"]),
        ("tim=le thi", ["anh.jpg"]),
        ("loai=anh", ["anh.jpg"]),
        ("loai=tep", ["Kế hoạch tuyên truyền.pdf"]),
        ("tim=khong co", []),
    ):
        page = browser.get(f"{LIBRARY}?{asked}").text
        assert re.findall(r'class="file-name"><a [^>]*>([^<]+)<', page) == wanted, asked
    assert [browser.get(f"{LIBRARY}?{bad}").status_code for bad in ("loai=x", "trang=0", "tim=" + "a" * 101)] == [404, 404, 400]


def test_another_unit_s_library_is_not_there(app: Flask, author: User) -> None:
    piece_id = a_piece(author)
    Sender(app, author, piece_id).form(("Kế hoạch.pdf", cast.A_PDF))
    item = db.session.scalars(select(Item)).one()
    stranger = cast.somebody("author", unit=cast.a_unit("Văn phòng"))
    browser = browser_of(app, stranger)
    assert "Kế hoạch.pdf" not in browser.get(LIBRARY).text
    assert [browser.get(f"{LIBRARY}/{item.id}{rest}").status_code for rest in ("", "/tai", "/anh.webp")] == [404, 404, 404]
    own = Sender(app, stranger, a_piece(stranger))
    answer = own.browser.submit(f"{own.page}/thu-vien", {"token": own.token, "item": str(item.id), "as": "attachment"})
    assert (answer.status_code, names(own.piece_id)) == (422, [])
    assert "Kế hoạch.pdf" in browser_of(app, cast.somebody("editor")).get(LIBRARY).text


def test_words_are_changed_and_go_with_the_file_from_then_on(app: Flask, author: User) -> None:
    piece_id = a_piece(author)
    put_up(app, author, piece_id, "Ruộng")
    item, sender = db.session.scalars(select(Item)).one(), Sender(app, author, a_piece(author))
    words = {"token": sender.token, "name": "Ruộng tỏi.jpg", "alt": "Ruộng tỏi chạy ra tới biển", "credit": "Trần Thị B"}
    assert sender.browser.submit(f"{LIBRARY}/{item.id}", words).status_code == 303
    refused = sender.browser.submit(f"{LIBRARY}/{item.id}", {**words, "name": " "})
    assert (refused.status_code, "Trần Thị B" in refused.text) == (422, True)
    used = sender.browser.submit(f"{sender.page}/thu-vien", {"token": sender.token, "item": str(item.id), "as": "picture"})
    assert used.status_code == 303
    (one,) = db.session.scalars(select(Picture).where(Picture.place == f"piece:{sender.piece_id}"))
    assert (one.alt, one.credit) == ("Ruộng tỏi chạy ra tới biển", "Trần Thị B")


def test_a_file_is_attached_once_more_and_says_where_it_stands(app: Flask, author: User) -> None:
    first, second = a_piece(author, title="Bài thứ nhất"), a_piece(author, title="Bài thứ hai")
    Sender(app, author, first).form(("Kế hoạch.pdf", cast.A_PDF))
    item, sender = db.session.scalars(select(Item)).one(), Sender(app, author, second)
    chosen = {"token": sender.token, "item": str(item.id), "as": "attachment"}
    assert sender.browser.submit(f"{sender.page}/thu-vien", chosen).status_code == 303
    assert names(second) == ["Kế hoạch.pdf"]
    used = sender.browser.get(f"{LIBRARY}/{item.id}").text
    assert "Bài thứ nhất (đang soạn)" in used
    assert "Bài thứ hai (đang soạn)" in used
    assert "Bài thứ nhất (đang soạn)" in sender.browser.get(sender.page).text
    assert sender.browser.submit(f"{sender.page}/thu-vien", {"token": sender.token}).status_code == 422


def test_a_picture_that_two_articles_show_stays_when_one_is_taken_down(
    app: Flask, client: PortalClient, author: User, publisher: User
) -> None:
    first = a_piece(author)
    url = put_up(app, author, first, "Ruộng tỏi")
    save(app, first, author, body=figure(url))
    take(app, Step.SUBMIT, first, author)
    take(app, Step.PUBLISH, first, publisher)
    second = published(app, author, publisher, body=figure(url))
    assert client.get(url).status_code == 200
    take(app, Step.TAKE_DOWN, first, publisher, remark="Đăng nhầm.")
    assert client.get(url).status_code == 200, "the second shows it still"
    draft = a_piece(author, body=figure(url))
    take(app, Step.TAKE_DOWN, second, publisher, remark="Đăng nhầm.")
    assert client.get(url).status_code == 404, "nothing that is published does"
    take(app, Step.PUT_BACK, second, publisher)
    assert client.get(url).status_code == 200
    save(app, second, author, body="<p>Không còn ảnh</p>")
    assert client.get(url).status_code == 200, "readers see the text with it still"
    take(app, Step.SUBMIT, second, author)
    take(app, Step.PUBLISH, second, publisher, note="")
    assert client.get(url).status_code == 404
    assert piece(draft).standing == "unpublished"


@pytest.mark.slow(why="washes in a process with limits")
def test_the_stored_picture_has_lost_where_it_was_taken(app: Flask, author: User) -> None:
    piece_id = a_piece(author)
    put_up(app, author, piece_id, "Ruộng tỏi", samples.taken_somewhere())
    item = db.session.scalars(select(Item)).one()
    kept = browser_of(app, author).get(f"{LIBRARY}/{item.id}/tai").data
    assert b"SECRET" not in kept
    assert not samples.seen(kept).getexif()
