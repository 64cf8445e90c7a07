"""What stands around the text: the preview, pictures, private numbers, copies and pins."""

import io
import re

import pytest
from flask import Flask
from PIL import Image
from werkzeug.test import TestResponse

from portal.accounts.models import User
from portal.articles import content as contents
from portal.articles import private
from portal.articles.published import ArticleKind
from portal.audit.models import Entry
from portal.core import clock
from portal.core.db import db
from portal.files import pictures as stills
from portal.files.models import Picture
from portal.files.renditions import render_waiting
from portal.publishing import revisions
from portal.publishing.rules import Step
from portal.visits.models import PageViews
from tests import cast
from tests.articles.typing_in import browser_of, form_of, opened, page_of, typed
from tests.client import PortalClient
from tests.files.here import rendering_here
from tests.publishing.writing import a_piece, a_text, piece, published, save, take


def a_jpeg(width: int = 900) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, 600), "#0b4f4a").save(made, "JPEG")
    return made.getvalue()


def put_up(client: PortalClient, piece_id: int, content: bytes, **words: str) -> TestResponse:
    path = f"{page_of(piece_id)}/anh"
    token = form_of(client.get(path).text, path)["token"]
    words = {"alt": "Ruộng tỏi", "caption": "Lý Sơn", "credit": "Nguyễn Văn A", **words}
    data = {"token": token, "picture": (io.BytesIO(content), "anh.jpg"), **words}
    return client.submit(path, data, content_type="multipart/form-data")


def test_the_preview_is_the_page_that_readers_will_see(
    app: Flask, client: PortalClient, desk: PortalClient, author: User
) -> None:
    poll = cast.a_poll()
    piece_id = a_piece(
        author, title="Kế hoạch chưa đăng", author_line="Bút danh", published_on="2022-03-17T08:00", poll_id=poll.id
    )
    page = desk.get(f"{page_of(piece_id)}/xem")
    assert page.status_code == 200
    for shown in (
        "Xem trước",
        "Kế hoạch chưa đăng",
        "Sở ban hành kế hoạch.",
        "Nội dung kế hoạch.",
        "Bút danh",
        "17/03/2022",
    ):
        assert shown in page.text
    assert "Bạn thấy giao diện website như thế nào?" in page.text
    assert 'name="robots" content="noindex"' in page.text
    assert not re.search(r'rel="canonical"|application/ld\+json|og:url|hx-post|qr\.svg|name="key"', page.text)
    assert page.headers["Cache-Control"] == "no-store"
    assert db.session.query(PageViews).count() == 0
    take(app, Step.SUBMIT, piece_id, author)
    take(app, Step.PUBLISH, piece_id, cast.somebody("publisher"))
    public = client.get(cast.article_path(piece(piece_id).thing_id or 0, "Kế hoạch chưa đăng")).text
    text = re.compile(r'<div class="prose">.*?</div>.*?<div class="author">.*?</div>', re.DOTALL)
    assert text.search(public)[0] == text.search(page.text)[0]  # type: ignore[index]


def test_a_preview_of_an_english_article_is_in_english(desk: PortalClient, author: User) -> None:
    section = cast.a_section("News", language="en")
    content = a_text("A plan", section_id=section)
    number = revisions.create("article", content, actor=author, unit_id=author.unit_id, language="en", key=b"k" * 16)
    led = desk.get(f"{page_of(number)}/xem")
    assert led.headers["Location"] == f"/en{page_of(number)}/xem"
    page = desk.get(led.headers["Location"]).text
    assert "This is how readers will see it." in page
    assert "News" in page


def test_a_draft_without_anything_can_be_previewed(desk: PortalClient, author: User) -> None:
    piece_id = a_piece(author)
    typed(desk, piece_id, title="", body="", lead="", section="")
    assert desk.get(f"{page_of(piece_id)}/xem").status_code == 200


def test_a_picture_is_put_up_and_offered_for_the_text(desk: PortalClient, client: PortalClient, author: User) -> None:
    piece_id = a_piece(author)
    assert put_up(desk, piece_id, a_jpeg()).headers["Location"] == f"{page_of(piece_id)}/anh?xong=anh"
    assert "Ảnh đang được xử lý" in desk.get(f"{page_of(piece_id)}/anh?xong=anh").text
    assert desk.get(f"{page_of(piece_id)}/anh/danh-sach").json == []
    with rendering_here():
        render_waiting()
    (one,) = desk.get(f"{page_of(piece_id)}/anh/danh-sach").json
    assert one == one | {"alt": "Ruộng tỏi", "caption": "Lý Sơn Ảnh: Nguyễn Văn A", "width": 900, "height": 600}
    assert client.get(one["url"]).status_code == client.get(one["thumb"]).status_code == 200
    assert f"&lt;img src=&#34;{one['url']}&#34; alt=&#34;Ruộng tỏi&#34;" in desk.get(f"{page_of(piece_id)}/anh").text
    body = f'<figure><img src="{one["url"]}" alt="Ruộng tỏi" width="900" height="600"><figcaption>Lý Sơn</figcaption></figure>'
    typed(desk, piece_id, body=body)
    assert opened(desk, piece_id)["body"] == body
    assert f'src="{one["url"]}"' in desk.get(f"{page_of(piece_id)}/xem").text


@pytest.mark.parametrize(
    ("content", "words", "sentence"),
    [
        (b"", {}, "Hãy chọn một ảnh"),
        (b"%PDF-1.4", {}, "JPEG, PNG, WebP"),
        (a_jpeg(), {"alt": " "}, "người không nhìn thấy"),
    ],
)
def test_what_is_no_picture_of_ours_is_refused_with_what_was_typed(
    desk: PortalClient, author: User, content: bytes, words: dict[str, str], sentence: str
) -> None:
    piece_id = a_piece(author)
    answer = put_up(desk, piece_id, content, **words)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="Lý Sơn"' in answer.text
    db.session.rollback()
    assert db.session.query(Picture).count() == 0


def test_a_picture_that_is_too_large_gets_a_sentence(desk: PortalClient, author: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stills, "LARGEST", 1_000)
    answer = put_up(desk, a_piece(author), a_jpeg())
    assert (answer.status_code, "Tệp quá lớn" in answer.text) == (422, True)


def test_pictures_of_others_drafts_are_not_offered_and_published_ones_are(app: Flask, desk: PortalClient, author: User) -> None:
    other, publisher = cast.somebody("author", unit=cast.a_unit("Văn phòng")), cast.somebody("publisher")
    draft, public = a_piece(other), published(app, other, publisher)
    theirs = browser_of(app, other)
    put_up(theirs, draft, a_jpeg(700), alt="Nháp")
    put_up(theirs, public, a_jpeg(800), alt="Đã đăng")
    put_up(theirs, public, a_jpeg(900), alt="Cho lần sửa sau")
    with rendering_here():
        render_waiting()
    url = next(one["url"] for one in theirs.get(f"{page_of(public)}/anh/danh-sach").json if one["alt"] == "Đã đăng")
    save(app, public, other, body=f'<figure><img src="{url}" alt="Đã đăng"></figure>')
    mine = a_piece(author)
    assert desk.get(f"{page_of(mine)}/anh/danh-sach").json == []
    take(app, Step.SUBMIT, public, other)
    take(app, Step.PUBLISH, public, publisher, note="")
    assert [one["alt"] for one in desk.get(f"{page_of(mine)}/anh/danh-sach").json] == ["Đã đăng"]
    assert desk.get(f"{page_of(draft)}/anh/danh-sach").status_code == 404
    assert desk.get(f"{page_of(draft)}/anh").status_code == 404


def test_pictures_go_with_what_is_taken_down(app: Flask, client: PortalClient, author: User) -> None:
    publisher = cast.somebody("publisher")
    piece_id = published(app, author, publisher)
    desk = browser_of(app, author)
    put_up(desk, piece_id, a_jpeg())
    with rendering_here():
        render_waiting()
    (one,) = desk.get(f"{page_of(piece_id)}/anh/danh-sach").json
    take(app, Step.TAKE_DOWN, piece_id, publisher, remark="Đăng nhầm.")
    assert client.get(one["url"]).status_code == 404


def test_a_picture_without_words_is_missing_something(desk: PortalClient, author: User) -> None:
    piece_id = a_piece(author)
    key = 32 * "a"
    typed(desk, piece_id, body=f'<p>Một</p><figure><img src="/anh/{key}/640.webp" alt=""></figure>')
    assert "Ảnh thứ 1 chưa có mô tả" in desk.get(page_of(piece_id)).text
    assert ArticleKind().missing(a_text(body='<figure><img src="/anh/x/1.webp" alt="a"></figure>')) == []


def test_numbers_that_may_be_somebody_s_are_shown_with_their_place_and_masked(desk: PortalClient, author: User) -> None:
    piece_id = a_piece(author, title="Gọi 0905 123 456", body="<p>Một.</p><p>Căn cước 051203001234, máy 0905 123 456.</p>")
    page = desk.get(page_of(piece_id)).text
    assert "Số căn cước: 051203001234" in page
    assert "Nội dung bài viết, đoạn 2" in page
    answer = typed(desk, piece_id, mask="0905123456", lead="Vừa gõ.")
    assert answer.status_code == 303
    now = opened(desk, piece_id)
    assert (now["title"], now["lead"]) == ("Gọi 090* *** *56", "Vừa gõ.")
    assert now["body"] == "<p>Một.</p><p>Căn cước 051203001234, máy 090* *** *56.</p>"


def test_such_a_number_is_masked_in_the_description_of_a_picture_too(desk: PortalClient, author: User) -> None:
    picture = f'<img src="/anh/{32 * "a"}/640.webp" alt="Danh thiếp, máy 0905 123 456">'
    body = f"<figure>{picture}<figcaption>0905123456</figcaption></figure>"
    piece_id = a_piece(author, body=body)
    assert "Nội dung bài viết, đoạn 1" in desk.get(page_of(piece_id)).text
    assert len(ArticleKind().concerns({**contents.EMPTY, **a_text(body=body)})) == 2
    typed(desk, piece_id, mask="0905123456")
    shown = body.replace("0905 123 456", "090* *** *56").replace("0905123456", "090*****56")
    assert opened(desk, piece_id)["body"] == shown


@pytest.mark.parametrize("line", ["title", "lead", "author_line", "photo_line", "source_line"])
def test_such_a_number_is_told_in_every_line(app: Flask, line: str) -> None:
    content = contents.cleaned({**contents.EMPTY, **a_text(**{line: "Gọi 0905 123 456"})})
    assert [one.figures for one in private.numbers(content)] == ["0905123456"]


def test_a_copy_is_another_article_of_the_own_unit(app: Flask, desk: PortalClient, author: User) -> None:
    poll = cast.a_poll()
    piece_id = a_piece(author, published_on="2022-03-17T08:00", poll_id=poll.id)
    path = f"{page_of(piece_id)}/nhan-ban"
    editor = cast.somebody("editor", unit=cast.a_unit("Văn phòng"))
    theirs = browser_of(app, editor)
    form = form_of(theirs.get(page_of(piece_id)).text, path)
    led = {theirs.submit(path, form).headers["Location"] for _ in range(2)}
    assert len(led) == 1
    made = int(re.search(r"/(\d+)\?", led.pop())[1])  # type: ignore[index]
    copy = opened(theirs, made)
    assert (copy["title"], copy["published_on"], copy["poll"]) == ("Kế hoạch truyền thông năm 2022", "", "")
    assert (piece(made).unit_id, piece(made).author_id) == (editor.unit_id, editor.id)
    assert [entry.thing for entry in db.session.query(Entry).filter_by(action="piece_begun")] == [
        f"piece:{piece_id}",
        f"piece:{made}",
    ]
    assert desk.get(page_of(made)).status_code == 404


def test_who_has_no_unit_copies_nothing(app: Flask, author: User) -> None:
    piece_id = a_piece(author)
    assert browser_of(app, cast.somebody("author")).get(page_of(piece_id)).status_code == 404


def test_a_published_article_is_pinned_until_a_day_and_unpinned(app: Flask, client: PortalClient, author: User) -> None:
    publisher = cast.somebody("publisher")
    piece_id = published(app, author, publisher)
    theirs, path = browser_of(app, publisher), f"{page_of(piece_id)}/ghim"
    form = form_of(theirs.get(page_of(piece_id)).text, path)
    day = clock.day_of(clock.now_ms() + 3 * clock.DAY)
    assert theirs.submit(path, form | {"until": day.isoformat()}).headers["Location"] == f"{page_of(piece_id)}?xong=ghim"
    assert f"Ghim đến ngày {day:%d/%m/%Y}." in theirs.get(page_of(piece_id)).text
    section = re.search(r'href="(/chuyen-muc/[^"]+)"', client.get(cast.article_path(piece(piece_id).thing_id or 0)).text)[1]  # type: ignore[index]
    assert "Ghim" in client.get(section).text
    assert theirs.submit(path, {"token": form["token"], "until": ""}).headers["Location"] == f"{page_of(piece_id)}?xong=bo-ghim"
    assert "Ghim" not in client.get(section).text
    pinned = [entry.fields for entry in db.session.query(Entry).filter_by(action="piece_pinned").order_by(Entry.id)]
    assert pinned == ['{"pinned":true}', '{"pinned":false}']


@pytest.mark.parametrize("until", ["2022-02-31", "2022-03-17", "3022-03-17", "mai"])
def test_a_day_that_is_over_or_none_pins_nothing(app: Flask, author: User, until: str) -> None:
    publisher = cast.somebody("publisher")
    piece_id = published(app, author, publisher)
    theirs = browser_of(app, publisher)
    answer = theirs.submit(f"{page_of(piece_id)}/ghim", {"token": opened(theirs, piece_id)["token"], "until": until})
    assert answer.status_code == 422


def test_who_may_not_publish_pins_nothing(app: Flask, desk: PortalClient, author: User) -> None:
    piece_id = published(app, author, cast.somebody("publisher"))
    until = clock.day_of(clock.now_ms() + clock.DAY).isoformat()
    for browser in (desk, browser_of(app, cast.somebody("editor"))):
        answer = browser.submit(f"{page_of(piece_id)}/ghim", {"token": opened(browser, piece_id)["token"], "until": until})
        assert answer.status_code == 404
        assert "Ghim đến hết ngày" not in browser.get(page_of(piece_id)).text


def test_what_is_not_published_is_not_pinned(app: Flask, author: User) -> None:
    piece_id, theirs = a_piece(author), browser_of(app, cast.somebody("publisher"))
    until = clock.day_of(clock.now_ms() + clock.DAY).isoformat()
    answer = theirs.submit(f"{page_of(piece_id)}/ghim", {"token": opened(theirs, piece_id)["token"], "until": until})
    assert (answer.status_code, "Chỉ ghim được bài đã đăng." in answer.text) == (422, True)
