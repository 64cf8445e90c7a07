"""The history: who saved and did what, in one line of time; two revisions compared in words; one restored."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import User
from portal.audit.models import Entry
from portal.core.db import db
from portal.publishing import history
from portal.publishing.models import Revision
from portal.publishing.rules import Step
from portal.publishing.states import State, state_of
from tests import cast
from tests.publishing.writing import Desk, a_piece, piece, published, save, take, texts

TABLE = "<table><tr><th>Chợ</th><th>Ngày</th></tr><tr><td>Nghĩa Lộ</td><td>{day}</td></tr></table>"


def test_saves_and_steps_stand_in_one_line_the_latest_first(app: Flask, author: User, publisher: User) -> None:
    piece_id = a_piece(author)
    save(app, piece_id, author, title="Hai")
    take(app, Step.SUBMIT, piece_id, author, remark="Gấp.")
    take(app, Step.RETURN, piece_id, publisher, remark="Thiếu ngày.")
    lines = history.page(piece(piece_id), None).lines
    assert [(line.number, line.who) for line in lines] == [
        (0, "Lê Văn C"),
        (0, "Nguyễn Văn A"),
        (2, "Nguyễn Văn A"),
        (1, "Nguyễn Văn A"),
    ]
    page = Desk(app, author).read(piece_id, "lich-su").text
    assert all(words in page for words in ("Thiếu ngày.", "Gấp.", "Tự lưu", "Bản đầu tiên"))


def test_what_was_said_with_a_step_is_said_in_words(app: Flask, author: User, publisher: User) -> None:
    piece_id = a_piece(author)
    take(app, Step.SUBMIT, piece_id, author)
    leader = {"who": "Giám đốc Sở", "how": "telephone", "symbol": "30/KH"}
    take(app, Step.PUBLISH, piece_id, publisher, leader=leader, concern_reason="Đã công bố.")
    page = Desk(app, author).read(piece_id, "lich-su").text
    assert "Giám đốc Sở, qua điện thoại, 30/KH" in page
    assert "Đã công bố." in page


def test_page_after_page_nothing_is_left_out_and_nothing_comes_twice(
    app: Flask, author: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "AT_ONCE", 4)
    piece_id = a_piece(author)
    for number in range(7):
        save(app, piece_id, author, title=f"Bản {number}")
        take(app, Step.SUBMIT, piece_id, author)
        take(app, Step.RECALL, piece_id, author)
    seen, after, browser = [], "", Desk(app, author)
    while True:
        page = browser.read(piece_id, f"lich-su{after}").text
        seen += re.findall(r'name="tu" value="(\d+)"', page)
        older = re.search(r"lich-su(\?sau=[0-9-]+)", page)
        if older is None:
            break
        after = older[1]
    assert seen == [str(number) for number in range(8, 0, -1)]
    assert 'id="tu" name="tu" type="number" min="1" max="8"' in browser.read(piece_id, "lich-su").text
    assert "Khôi phục phiên bản 2" in browser.read(piece_id, "so-sanh?tu=2&den=8").text
    assert browser.read(piece_id, "lich-su?sau=x").status_code == 404


def test_what_was_kept_beside_can_be_chosen_from_by_whoever_may_write(app: Flask, author: User) -> None:
    piece_id = a_piece(author)
    save(app, piece_id, author, title="Của tôi")
    kept = save(app, piece_id, cast.somebody("editor"), base=1, title="Của biên tập")
    desk = Desk(app, author)
    found = re.findall(rf'href="(/ban-bien-tap/bai/{piece_id}/chon/\d+)"', desk.read(piece_id, "lich-su").text)
    assert found == [f"/ban-bien-tap/bai/{piece_id}/chon/{kept.number}"]
    assert "Của biên tập" in desk.browser.get(found[0]).text


def test_a_revision_gets_a_name(app: Flask, author: User) -> None:
    piece_id, writer = a_piece(author), Desk(app, author)
    assert writer.send(piece_id, "lich-su", number="1", name="Bản gửi  Giám đốc").status_code == 303
    assert db.session.scalars(select(Revision.name)).all() == ["Bản gửi Giám đốc"]
    assert "Bản gửi Giám đốc" in writer.read(piece_id, "lich-su").text


@pytest.mark.parametrize(("number", "name", "status"), [("1", " ", 422), ("1", "a" * 121, 422), ("x", "A", 422), ("9", "A", 404)])
def test_what_is_no_name_or_no_revision_is_refused(app: Flask, author: User, number: str, name: str, status: int) -> None:
    piece_id = a_piece(author)
    assert Desk(app, author).send(piece_id, "lich-su", number=number, name=name).status_code == status
    assert db.session.scalars(select(Revision.name)).all() == [""]


class TestComparing:
    def test_titles_paragraphs_and_cells_say_what_was_added_and_removed(self, app: Flask, author: User) -> None:
        piece_id = a_piece(
            author, title="Kế hoạch kiểm định", body="<p>Giữ nguyên.</p>" * 9 + "<p>Bỏ đi.</p>" + TABLE.format(day=3)
        )
        save(app, piece_id, author, title="Kế hoạch kiểm định cân", body="<p>Giữ nguyên.</p>" * 9 + TABLE.format(day=4))
        page = Desk(app, author).read(piece_id, "so-sanh?tu=1&den=2").text
        assert re.search(r"<ins><span class=\"unseen\">\[Đã thêm: </span> cân", page)
        assert re.search(r"<del><span class=\"unseen\">\[Đã bỏ: </span>3", page)
        assert "8 đoạn không đổi" in page
        assert "Bỏ đi." in page

    def test_what_is_the_same_is_said(self, app: Flask, author: User) -> None:
        assert "giống nhau" in Desk(app, author).read(a_piece(author), "so-sanh?tu=1&den=1").text

    def test_sections_are_called_by_their_names(self, app: Flask, author: User) -> None:
        piece_id = a_piece(author, section_id=cast.a_section("Tin tức"))
        save(app, piece_id, author, section_id=cast.a_section("Thông báo"))
        page = Desk(app, author).read(piece_id, "so-sanh?tu=1&den=2").text
        assert "Tin tức" in page
        assert "Thông báo" in page

    def test_what_was_typed_is_text_and_never_markup(self, app: Flask, author: User) -> None:
        piece_id = a_piece(author, title="<img src=x onerror=alert(1)>")
        save(app, piece_id, author, title="<script>alert(1)</script>", body="<p>&lt;script&gt;alert(2)&lt;/script&gt;</p>")
        page = Desk(app, author).read(piece_id, "so-sanh?tu=1&den=2").text
        assert "<script>alert" not in page
        assert "<img src=x" not in page

    @pytest.mark.parametrize("query", ["tu=1&den=9", "tu=0&den=1", "tu=x&den=1", "tu=-1"])
    def test_a_revision_that_is_not_there_is_not_found(self, app: Flask, author: User, query: str) -> None:
        assert Desk(app, author).read(a_piece(author), f"so-sanh?{query}").status_code == 404


class TestRestoring:
    def test_an_earlier_text_is_the_present_one_again_and_nothing_is_lost(self, app: Flask, author: User) -> None:
        piece_id, writer = a_piece(author, title="Một"), Desk(app, author)
        save(app, piece_id, author, title="Hai")
        assert writer.send(piece_id, "khoi-phuc", number="1", seen="2").status_code == 303
        assert (piece(piece_id).title, texts(piece_id)) == ("Một", ["Một", "Hai", "Một"])
        entry = db.session.scalars(select(Entry).order_by(Entry.id.desc()).limit(1)).one()
        assert (entry.action, entry.fields) == ("piece_restored", '{"restored":1,"revision":3}')

    def test_of_a_published_article_it_is_a_change_that_waits(self, app: Flask, author: User, publisher: User) -> None:
        piece_id = published(app, author, publisher, title="Một")
        save(app, piece_id, author, title="Hai")
        take(app, Step.SUBMIT, piece_id, author)
        take(app, Step.PUBLISH, piece_id, publisher, note="")
        assert Desk(app, author).send(piece_id, "khoi-phuc", number="1", seen="2").status_code == 303
        assert (state_of(piece(piece_id)), piece(piece_id).title) == (State.REVISING, "Một")

    def test_where_it_takes_no_writing_it_is_refused(self, app: Flask, author: User, publisher: User) -> None:
        piece_id, writer = a_piece(author), Desk(app, author)
        save(app, piece_id, author, title="Hai")
        take(app, Step.SUBMIT, piece_id, author)
        assert writer.send(piece_id, "khoi-phuc", number="1", seen="2").status_code == 422
        take(app, Step.APPROVE, piece_id, publisher)
        assert Desk(app, publisher).send(piece_id, "khoi-phuc", number="1", seen="2").status_code == 422
        assert len(texts(piece_id)) == 2

    def test_where_somebody_saved_meanwhile_it_is_asked_again(self, app: Flask, author: User) -> None:
        piece_id, writer = a_piece(author, title="Một"), Desk(app, author)
        save(app, piece_id, author, title="Hai")
        save(app, piece_id, cast.somebody("editor"), title="Ba")
        answer = writer.send(piece_id, "khoi-phuc", number="1", seen="2")
        assert (answer.status_code, 'name="seen" value="3"' in answer.text, piece(piece_id).title) == (409, True, "Ba")

    @pytest.mark.parametrize(("number", "seen", "status"), [("9", "1", 404), ("", "1", 422), ("1", "x", 422), ("1", "1", 422)])
    def test_what_is_not_there_or_is_there_already(self, app: Flask, author: User, number: str, seen: str, status: int) -> None:
        piece_id = a_piece(author)
        assert Desk(app, author).send(piece_id, "khoi-phuc", number=number, seen=seen).status_code == status
        assert len(texts(piece_id)) == 1


def test_whoever_may_not_write_it_finds_no_history(app: Flask, author: User) -> None:
    piece_id = a_piece(author, title="Bí mật")
    save(app, piece_id, author, title="Hai")
    for stranger in (cast.somebody("author", unit=cast.a_unit("Văn phòng")), cast.somebody("administrator")):
        desk = Desk(app, stranger)
        asked = [desk.read(piece_id, rest) for rest in ("lich-su", "so-sanh?tu=1&den=2", "lien-ket-xem")]
        asked += [desk.send(piece_id, "khoi-phuc", number="1", seen="2"), desk.send(piece_id, "lich-su", number="1", name="A")]
        assert [(answer.status_code, "Bí mật" in answer.text) for answer in asked] == [(404, False)] * 5
    assert len(texts(piece_id)) == 2


def test_a_revision_of_another_piece_is_not_shown_by_its_number(app: Flask, author: User) -> None:
    mine, theirs = a_piece(author), a_piece(cast.somebody("author", unit=cast.a_unit("Văn phòng")), title="Bí mật")
    for number in range(5):
        save(app, theirs, cast.somebody("editor"), title=f"Bí mật {number}")
    desk = Desk(app, author)
    assert desk.read(mine, "so-sanh?tu=1&den=4").status_code == 404
    assert desk.send(mine, "khoi-phuc", number="4", seen="1").status_code == 404
