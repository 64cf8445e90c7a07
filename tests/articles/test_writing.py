"""Somebody begins an article, writes and saves it, by plain forms and in place."""

import re

import pytest
from flask import Flask

from portal.accounts.models import User
from portal.audit.models import Entry
from portal.core.db import db
from portal.publishing.models import Revision
from portal.publishing.rules import Step
from tests import cast
from tests.articles.typing_in import a_key, browser_of, form_of, opened, page_of, sent, typed
from tests.client import PortalClient
from tests.publishing.writing import a_piece, piece, published, save, take, texts

NEW = "/ban-bien-tap/bai/moi"


def kinds(piece_id: int) -> list[str]:
    db.session.rollback()
    return [one.kind for one in db.session.query(Revision).filter_by(piece_id=piece_id).order_by(Revision.number)]


def test_an_article_is_begun_with_a_title_and_leads_to_its_page(desk: PortalClient, author: User) -> None:
    section = cast.a_section()
    begun = form_of(desk.get(NEW).text, NEW) | {"title": "Kế hoạch chuyển đổi số", "section": str(section)}
    led = [desk.submit(NEW, begun).headers["Location"] for _ in range(2)]
    made = piece(int(led[0].rpartition("/")[2]))
    assert led[0] == led[1] == page_of(made.id)
    assert (made.title, made.unit_id, made.author_id, made.shelf_id) == (
        "Kế hoạch chuyển đổi số",
        author.unit_id,
        author.id,
        section,
    )
    assert [entry.action for entry in db.session.query(Entry)] == ["piece_begun"]


def test_who_begins_it_is_printed_until_a_pen_name_is_and_known_besides(
    app: Flask, desk: PortalClient, author: User, client: PortalClient
) -> None:
    led = desk.submit(NEW, form_of(desk.get(NEW).text, NEW) | {"title": "Kế hoạch", "section": str(cast.a_section())})
    piece_id = int(led.headers["Location"].rpartition("/")[2])
    assert opened(desk, piece_id)["author_line"] == author.name
    typed(desk, piece_id, author_line="Bút danh", body="<p>Nội dung.</p>")
    editor = browser_of(app, cast.somebody("editor"))
    for page in (desk.get(page_of(piece_id)), editor.get(page_of(piece_id))):
        assert f"Người viết: {author.name} (chỉ hiển thị nội bộ)." in page.text
        assert form_of(page.text, page_of(piece_id))["author_line"] == "Bút danh"
    take(app, Step.SUBMIT, piece_id, author)
    assert f"Người viết: {author.name} " in desk.get(page_of(piece_id)).text
    take(app, Step.PUBLISH, piece_id, cast.somebody("publisher"))
    public = client.get(cast.article_path(piece(piece_id).thing_id or 0, "Kế hoạch")).text
    assert ("Tác giả: Bút danh" in public, author.name in public) == (True, False)


def test_without_a_title_or_in_another_language_s_section_it_is_not_begun(desk: PortalClient) -> None:
    english = cast.a_section("News", language="en")
    form = form_of(desk.get(NEW).text, NEW)
    refused = desk.submit(NEW, form | {"title": ""})
    assert (refused.status_code, "Hãy đặt tiêu đề cho bài" in refused.text) == (422, True)
    refused = desk.submit(NEW, form | {"title": "Kế hoạch", "section": str(english)})
    assert (refused.status_code, "không thuộc ngôn ngữ" in refused.text, 'value="Kế hoạch"' in refused.text) == (422, True, True)
    assert db.session.query(Revision).count() == 0


def test_who_belongs_to_no_unit_is_told_so(app: Flask) -> None:
    cast.a_site()
    desk = browser_of(app, cast.somebody("author"))
    page = desk.get(NEW)
    assert "Bạn chưa thuộc đơn vị nào" in page.text
    assert "<select" not in page.text
    token = re.search(r'name="token" value="(\w+)"', page.text)
    assert token is not None
    answer = desk.submit(NEW, {"token": token[1], "language": "vi", "title": "Tin", "key": a_key()})
    assert answer.status_code == 422


def test_writing_stands_in_the_navigation_of_those_who_write(app: Flask, desk: PortalClient) -> None:
    assert ">Soạn bài</a>" in desk.get("/ban-bien-tap/tai-khoan").text
    administrator = browser_of(app, cast.somebody("administrator"))
    assert ">Soạn bài</a>" not in administrator.get("/ban-bien-tap/tai-khoan").text


def test_what_is_typed_is_stored_and_said(desk: PortalClient, author: User) -> None:
    piece_id, poll = a_piece(author), cast.a_poll()
    changed = {
        "title": "Kế hoạch mới",
        "lead": "Sở ban hành.\nTừ hôm nay.",
        "body": "<p>Một hai ba.</p><script>alert(1)</script>",
        "published_on": "2022-03-17T08:00",
        "author_line": "Bút danh",
        "genre": "plan",
        "photo_line": "Người chụp",
        "source_line": "Báo Quảng Ngãi",
        "poll": str(poll.id),
    }
    answer = typed(desk, piece_id, **changed)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{page_of(piece_id)}?xong=luu")
    page = desk.get(answer.headers["Location"])
    assert "Đã lưu." in page.text
    assert re.search(r"Đã lưu lúc \d\d:\d\d<", page.text)
    now = form_of(page.text, page_of(piece_id))
    assert {name: now[name] for name in changed} == changed | {"body": "<p>Một hai ba.</p>"}
    assert (kinds(piece_id), now["base"]) == (["first", "saved"], "2")


def test_in_place_it_is_said_beside_and_the_next_save_goes_on_from_there(desk: PortalClient, author: User) -> None:
    piece_id = a_piece(author)
    form = opened(desk, piece_id)
    answer = sent(desk, piece_id, form, in_place=True, title="Một")
    assert answer.status_code == 200
    assert re.match(r'\s*<div id="saved"', answer.text)
    assert "Đã lưu lúc" in answer.text
    base, key = (re.search(rf'name="{name}" value="(\w+)"', answer.text)[1] for name in ("base", "key"))  # type: ignore[index]
    assert (base, key != form["key"]) == ("2", True)
    sent(desk, piece_id, form, in_place=True, title="Hai", base=base, key=key)
    assert (texts(piece_id)[1:], kinds(piece_id)[1:]) == (["Một", "Hai"], ["auto", "auto"])


def test_a_save_that_comes_twice_is_stored_once(desk: PortalClient, author: User) -> None:
    piece_id = a_piece(author)
    form = opened(desk, piece_id)
    for _ in range(2):
        assert sent(desk, piece_id, form, in_place=True, title="Một").status_code == 200
    sent(desk, piece_id, form, in_place=True, title="Một và hai")  # its answer was lost, and more was typed
    assert (texts(piece_id)[1:], kinds(piece_id)[1:]) == (["Một", "Một và hai"], ["auto", "auto"])


def test_after_a_save_it_leads_to_the_step_that_was_chosen(desk: PortalClient, author: User) -> None:
    piece_id = a_piece(author)
    assert typed(desk, piece_id, title="Một", then="gui-duyet").headers["Location"] == f"{page_of(piece_id)}/gui-duyet"
    assert typed(desk, piece_id, then="xem").headers["Location"] == f"{page_of(piece_id)}/xem"
    for strange in ("//evil.example", "khong-co", ""):
        assert typed(desk, piece_id, then=strange).headers["Location"] == f"{page_of(piece_id)}?xong=luu"
    assert texts(piece_id)[1:] == ["Một"]


REFUSED = {
    "published_on": ("2022-02-31T08:00", "Không có ngày, giờ này"),
    "title": ("a" * 301, "“Tiêu đề” quá dài: 301 ký tự, nhiều nhất 300 ký tự."),
    "lead": ("a" * 3_001, "“Phần mở đầu” quá dài: 3.001 ký tự, nhiều nhất 3.000 ký tự."),
    "author_line": ("a" * 201, "“Tác giả (hoặc bút danh)” quá dài"),
    "photo_line": ("a" * 201, "“Ảnh: người chụp” quá dài"),
    "source_line": ("a" * 201, "“Nguồn” quá dài"),
}


@pytest.mark.parametrize("field", REFUSED)
def test_what_cannot_be_kept_is_refused_with_everything_typed(desk: PortalClient, author: User, field: str) -> None:
    piece_id = a_piece(author)
    wrong, sentence = REFUSED[field]
    form = opened(desk, piece_id) | {"body": "<p>Chưa từng lưu.</p>", field: wrong}
    answer = sent(desk, piece_id, form)
    assert answer.status_code == 422
    assert re.search(f'role="alert">[^<]*{re.escape(sentence)}', answer.text)
    assert form_of(answer.text, page_of(piece_id)) == form
    in_place = sent(desk, piece_id, form, in_place=True)
    assert (in_place.status_code, sentence in in_place.text) == (422, True)
    assert f'value="{form["key"]}"' in in_place.text
    assert kinds(piece_id) == ["first"]


@pytest.mark.each_case_on_both
@pytest.mark.parametrize(
    "change", [{"base": ""}, {"base": "-1"}, {"base": "x"}, {"key": ""}, {"key": "g" * 32}, {"base": "9" * 20}]
)
def test_a_form_that_is_none_of_ours_is_refused(desk: PortalClient, author: User, change: dict[str, str]) -> None:
    piece_id = a_piece(author)
    assert sent(desk, piece_id, opened(desk, piece_id), **change).status_code == 400
    assert kinds(piece_id) == ["first"]


def test_nobody_else_writes_it(app: Flask, desk: PortalClient, author: User) -> None:
    piece_id = a_piece(author)
    form = opened(desk, piece_id)
    strangers = [cast.somebody("author", unit=cast.a_unit("Văn phòng")), cast.somebody("author"), cast.somebody("administrator")]
    for stranger in strangers:
        other = browser_of(app, stranger)
        token = re.search(r'name="token" value="(\w+)"', other.get("/ban-bien-tap/tai-khoan").text)[1]  # type: ignore[index]
        assert other.get(page_of(piece_id)).status_code == 404
        assert sent(other, piece_id, form, token=token, title="Khác").status_code == 404
        assert other.get(f"{page_of(piece_id)}/xem").status_code == 404
    assert sent(desk, piece_id, form, token="0" * 64, title="Khác").status_code == 403
    assert desk.get(page_of(piece_id + 1)).status_code == 404
    assert kinds(piece_id) == ["first"]


@pytest.mark.parametrize("role", ["editor", "publisher"])
def test_who_edits_writes_in_every_unit(app: Flask, author: User, role: str) -> None:
    piece_id = a_piece(author)
    assert typed(browser_of(app, cast.somebody(role)), piece_id, title="Biên tập").status_code == 303
    assert texts(piece_id)[-1] == "Biên tập"


def test_while_it_is_reviewed_its_author_reads_and_recalls_it(app: Flask, desk: PortalClient, author: User) -> None:
    piece_id = a_piece(author)
    take(app, Step.SUBMIT, piece_id, author)
    page = desk.get(page_of(piece_id)).text
    assert ">Chờ duyệt<" in page
    assert "không nhận sửa đổi" in page
    assert f'href="{page_of(piece_id)}/rut-lai"' in page
    assert "Đã gửi duyệt." in desk.get(f"{page_of(piece_id)}?xong=gui-duyet").text
    assert "Nội dung kế hoạch." in page
    assert "<textarea" not in page
    assert 'name="body"' in browser_of(app, cast.somebody("editor")).get(page_of(piece_id)).text


def test_what_is_sent_to_a_closed_article_is_kept_beside(app: Flask, desk: PortalClient, author: User) -> None:
    piece_id = a_piece(author)
    form = opened(desk, piece_id)
    take(app, Step.SUBMIT, piece_id, author)
    in_place = sent(desk, piece_id, form, in_place=True, title="Muộn")
    assert "không nhận sửa đổi" in in_place.text
    assert f"{page_of(piece_id)}/chon/2" in in_place.text
    answer = sent(desk, piece_id, form, title="Muộn hơn", key=a_key(), then="gui-duyet")
    assert answer.headers["Location"] == f"{page_of(piece_id)}?xong=giu"
    assert f"{page_of(piece_id)}/chon/3" in desk.get(page_of(piece_id)).text
    assert (kinds(piece_id), piece(piece_id).head) == (["first", "kept", "kept"], 1)


def test_a_returned_article_says_why_at_its_top(app: Flask, desk: PortalClient, author: User) -> None:
    piece_id = a_piece(author)
    take(app, Step.SUBMIT, piece_id, author)
    take(app, Step.RETURN, piece_id, cast.somebody("editor"), remark="Thiếu số liệu năm 2021.")
    page = desk.get(page_of(piece_id)).text
    assert ">Trả lại<" in page
    assert page.index("Thiếu số liệu năm 2021.") < page.index('name="title"')
    assert "Trần Thị B trả lại lúc" in page


def test_a_published_article_goes_on_as_a_draft_while_its_copy_stays(app: Flask, client: PortalClient, author: User) -> None:
    publisher = cast.somebody("publisher")
    piece_id = published(app, author, publisher)
    desk = browser_of(app, author)
    page = desk.get(page_of(piece_id)).text
    assert "Bản đã đăng vẫn hiển thị" in page
    typed(desk, piece_id, title="Kế hoạch đã sửa")
    assert ">Đang sửa (bản đã đăng vẫn hiển thị)<" in desk.get(page_of(piece_id)).text
    path = cast.article_path(piece(piece_id).thing_id or 0)
    assert "Kế hoạch đã sửa" not in client.get(path).text


def test_the_language_of_the_interface_is_not_the_article_s(desk: PortalClient, author: User) -> None:
    piece_id = a_piece(author)
    page = desk.get(f"/en{page_of(piece_id)}")
    assert "Save draft" in page.text
    assert "Kế hoạch truyền thông năm 2022" in page.text


def test_a_text_larger_than_a_public_form_is_taken(desk: PortalClient, author: User) -> None:
    piece_id = a_piece(author)
    body = "<p>" + "Kế hoạch chuyển đổi số của tỉnh. " * 8_000 + "</p>"
    assert typed(desk, piece_id, body=body).status_code == 303
    assert len(db.session.query(Revision).filter_by(piece_id=piece_id, number=2).one().content["body"]) > 250_000


def test_saves_of_the_clock_are_told_from_those_by_hand(app: Flask, desk: PortalClient, author: User) -> None:
    piece_id = a_piece(author)
    sent(desk, piece_id, opened(desk, piece_id), in_place=True, title="Tự lưu")
    sent(desk, piece_id, opened(desk, piece_id), in_place=True, title="Lưu tay", by_hand="1")
    assert kinds(piece_id) == ["first", "auto", "saved"]
    save(app, piece_id, author, title="Nữa")
