"""The pages of steps: what they ask for, what they say where something is wrong, and that nothing typed is lost."""

from typing import Any

import pytest
from flask import Flask

from portal.accounts.models import User
from portal.articles.models import Article
from portal.core import clock, sessions
from portal.core.db import db, write
from portal.core.errors import Refused
from portal.publishing.choices import SLUGS
from portal.publishing.models import Taken
from portal.publishing.rules import Step
from portal.publishing.states import State, state_of
from tests import cast
from tests.publishing.writing import Desk, a_piece, piece, published, save, take, taken


def last(piece_id: int) -> Taken:
    return db.session.query(Taken).filter_by(piece_id=piece_id).order_by(Taken.id.desc()).first()  # type: ignore[return-value]


def in_two_days() -> str:
    return clock.local(clock.now_ms() + 2 * clock.DAY).strftime("%Y-%m-%dT%H:%M")


def test_the_way_from_draft_to_published_over_pages_alone(app: Flask, author: User, publisher: User) -> None:
    piece_id, writer, decider = a_piece(author), Desk(app, author), Desk(app, publisher)
    sent = writer.take(piece_id, "gui-duyet", remark="Gấp trong hôm nay.")
    assert (sent.status_code, sent.headers["Location"]) == (303, f"/ban-bien-tap/bai/{piece_id}?xong=gui-duyet")
    assert decider.take(piece_id, "tra-lai", remark="Thiếu ngày.\nThiếu bảng.").status_code == 303
    assert last(piece_id).remark == "Thiếu ngày.\nThiếu bảng."
    assert writer.take(piece_id, "gui-duyet").status_code == 303
    assert decider.take(piece_id, "duyet").status_code == 303
    assert decider.take(piece_id, "hen-gio", at=in_two_days()).status_code == 303
    assert decider.take(piece_id, "rut-lai").status_code == 303
    assert taken(piece_id) == ["submit", "return", "submit", "approve", "schedule", "recall"]


def test_after_a_schedule_its_minute_is_said_in_words(app: Flask, author: User, publisher: User) -> None:
    piece_id, decider = a_piece(author), Desk(app, publisher)
    take(app, Step.SUBMIT, piece_id, author)
    chosen = in_two_days()
    answer = decider.browser.get(decider.take(piece_id, "hen-gio", at=chosen).headers["Location"])
    assert clock.local(clock.instant_at(chosen)).strftime("%H:%M ngày %d/%m/%Y") in answer.text


@pytest.mark.parametrize(("slug", "form", "typed"), [
    ("tra-lai", {"remark": "  "}, ""),
    ("hen-gio", {"at": "3022-02-23T08:00", "leader_who": "Giám đốc", "leader_how": "paper"}, "Giám đốc"),
    ("hen-gio", {"at": "2026-02-31T08:00", "leader_who": "Giám đốc", "leader_how": "paper"}, "Giám đốc"),
    ("hen-gio", {"at": "ngày mai"}, "ngày mai"),
    ("hen-gio", {}, ""),
    ("duyet", {"leader_who": "Giám đốc Sở"}, "Giám đốc Sở"),
    ("duyet", {"leader_how": "telephone", "leader_symbol": "30/KH"}, "30/KH"),
    ("duyet", {"leader_who": "Giám đốc", "leader_how": "sóng"}, "Giám đốc"),
    ("dang", {"leader_who": "Giám đốc" * 100, "leader_how": "paper"}, "Giám đốc" * 100),
    ("dang-khan", {"remark": ""}, ""),
    ("tra-lai", {"remark": "a" * 2_001}, "a" * 2_001),
])  # fmt: skip
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    app: Flask, author: User, publisher: User, slug: str, form: dict[str, str], typed: str
) -> None:
    piece_id = a_piece(author)
    take(app, Step.SUBMIT, piece_id, author)
    answer = Desk(app, publisher).take(piece_id, slug, **form)
    assert (answer.status_code, taken(piece_id)) == (422, ["submit"])
    assert 'role="alert"' in answer.text
    assert typed in answer.text


def test_a_form_that_does_not_say_what_was_seen_does_nothing(app: Flask, author: User) -> None:
    piece_id, writer = a_piece(author), Desk(app, author)
    for hidden in ({}, {"seen": "1x"}, {"seen": "-1", "after": "0"}, {"seen": "9" * 30}):
        assert writer.send(piece_id, "gui-duyet", **hidden).status_code == 409
    assert taken(piece_id) == []


class TestOvertaken:
    def test_who_saved_when_is_said_and_the_form_is_fresh(self, app: Flask, author: User, publisher: User) -> None:
        piece_id, decider = a_piece(author), Desk(app, publisher)
        take(app, Step.SUBMIT, piece_id, author)
        save(app, piece_id, cast.somebody("editor"), title="Vừa sửa")
        after = str(last(piece_id).id)
        late = decider.send(piece_id, "tra-lai", seen="1", after=after, remark="Thiếu ngày ban hành.")
        assert (late.status_code, taken(piece_id)) == (409, ["submit"])
        assert "Trần Thị B" in late.text
        assert f"/ban-bien-tap/bai/{piece_id}/so-sanh?tu=1&amp;den=2" in late.text
        assert "Thiếu ngày ban hành." in late.text
        assert 'name="seen" value="2"' in late.text

    def test_what_was_done_is_said_where_nothing_is_possible_any_more(self, app: Flask, author: User, publisher: User) -> None:
        piece_id, decider = a_piece(author), Desk(app, publisher)
        take(app, Step.SUBMIT, piece_id, author)
        page = decider.read(piece_id, "dang")
        take(app, Step.PUBLISH, piece_id, cast.somebody("publisher"))
        late = decider.send(piece_id, "dang", seen="1", after=page.text.split('name="after" value="')[1].split('"')[0])
        assert (late.status_code, taken(piece_id)) == (409, ["submit", "publish"])
        assert "<form data-keep" not in late.text
        assert "Lê Văn C" in late.text

    def test_a_page_of_a_step_that_is_not_possible_says_so(self, app: Flask, author: User) -> None:
        answer = Desk(app, author).read(a_piece(author), "rut-lai")
        assert (answer.status_code, "<form data-keep" in answer.text) == (409, False)

    def test_a_writer_who_would_recall_what_was_approved_is_told(self, app: Flask, author: User, publisher: User) -> None:
        piece_id, writer = a_piece(author), Desk(app, author)
        take(app, Step.SUBMIT, piece_id, author)
        take(app, Step.APPROVE, piece_id, publisher)
        assert writer.read(piece_id, "rut-lai").status_code == 409
        assert writer.take(piece_id, "rut-lai", seen="1", after=str(last(piece_id).id)).status_code == 409
        assert piece(piece_id).state == "approved"


class TestAChange:
    @pytest.fixture
    def changed(self, app: Flask, author: User, publisher: User) -> int:
        piece_id = published(app, author, publisher)
        save(app, piece_id, author, title="Đã sửa")
        take(app, Step.SUBMIT, piece_id, author)
        return piece_id

    def test_is_a_note_or_minor(self, app: Flask, publisher: User, changed: int) -> None:
        decider = Desk(app, publisher)
        for form in ({}, {"change": "khác"}, {"change": "note", "note": " "}):
            assert decider.take(changed, "dang", **form).status_code == 422
        assert decider.take(changed, "dang", change="note", note="Sửa ngày ban hành.").status_code == 303
        assert last(changed).detail == {"note": "Sửa ngày ban hành."}

    def test_a_minor_one_has_no_note_whatever_stands_in_the_field(self, app: Flask, publisher: User, changed: int) -> None:
        assert Desk(app, publisher).take(changed, "dang", change="minor", note="bỏ").status_code == 303
        assert last(changed).detail == {"note": ""}

    def test_a_first_publication_is_not_asked(self, app: Flask, author: User, publisher: User) -> None:
        piece_id = a_piece(author)
        take(app, Step.SUBMIT, piece_id, author)
        assert 'name="change"' not in Desk(app, publisher).read(piece_id, "dang").text


class TestTakingDown:
    @pytest.mark.parametrize("form", ["{id}", "/bai-viet/bai-khac-{id}", "/b/{id}", "http://localhost/bai-viet/bai-khac-{id}"])
    def test_the_article_to_read_instead_is_named_by_its_address(
        self, app: Flask, author: User, publisher: User, form: str
    ) -> None:
        piece_id, other = published(app, author, publisher), cast.an_article("Bài khác")
        answer = Desk(app, publisher).take(piece_id, "go", remark="Đăng nhầm.", instead=form.format(id=other))
        assert answer.status_code == 303
        assert db.session.get_one(Article, piece(piece_id).thing_id, populate_existing=True).replaced_by_id == other

    @pytest.mark.parametrize("form", ["4711", "/bai-viet/x-4711", "https://bao.example/bai-viet/x-{id}", "bài khác", "[", "/b/0"])
    def test_what_names_none_is_refused(self, app: Flask, author: User, publisher: User, form: str) -> None:
        piece_id, other = published(app, author, publisher), cast.an_article("Bài khác")
        typed = form.format(id=other)
        answer = Desk(app, publisher).take(piece_id, "go", remark="Đăng nhầm.", instead=typed)
        assert (answer.status_code, typed in answer.text, "Đăng nhầm." in answer.text) == (422, True, True)
        assert state_of(piece(piece_id)) is State.PUBLISHED

    def test_a_long_reason_is_refused_and_kept(self, app: Flask, author: User, publisher: User) -> None:
        piece_id = published(app, author, publisher)
        answer = Desk(app, publisher).take(piece_id, "go", remark="đ" * 301)
        assert (answer.status_code, "đ" * 301 in answer.text) == (422, True)


class TestPersonalData:
    def test_is_shown_and_published_with_a_reason(self, app: Flask, author: User, publisher: User) -> None:
        piece_id = a_piece(author, body="<p>Liên hệ ông A, điện thoại 0905 123 456.</p>")
        take(app, Step.SUBMIT, piece_id, author)
        decider = Desk(app, publisher)
        page = decider.read(piece_id, "duyet").text
        assert "0905" in page
        assert decider.take(piece_id, "duyet").status_code == 422
        assert decider.take(piece_id, "duyet", concern_reason="Số máy đã công bố.").status_code == 303
        assert last(piece_id).detail == {"concern_reason": "Số máy đã công bố."}
        assert decider.take(piece_id, "dang").status_code == 303  # the reason is on record for this very text


CITIZEN = "Đã xóa số căn cước 051099001234 của ông A."


class TestPersonalDataInPublicWords:
    @pytest.fixture
    def changed(self, app: Flask, author: User, publisher: User) -> int:
        piece_id = published(app, author, publisher)
        save(app, piece_id, author, title="Đã sửa")
        take(app, Step.SUBMIT, piece_id, author)
        return piece_id

    @pytest.mark.parametrize(
        ("slug", "form", "where"),
        [
            ("dang", {"change": "note", "note": CITIZEN}, "Nội dung đã thay đổi"),
            ("hen-gio", {"change": "note", "note": CITIZEN, "at": "soon"}, "Nội dung đã thay đổi"),
            ("dang-khan", {"change": "note", "note": CITIZEN, "remark": "Bão."}, "Nội dung đã thay đổi"),
            ("go", {"remark": CITIZEN}, "Lý do gỡ (hiển thị công khai)"),
        ],
    )
    def test_is_shown_with_its_place_and_changed_or_said_with_a_reason(
        self, app: Flask, publisher: User, changed: int, slug: str, form: dict[str, str], where: str
    ) -> None:
        decider = Desk(app, publisher)
        said = {**form, "at": in_two_days()} if "at" in form else form
        before = taken(changed)
        assert 'name="concern_reason"' not in decider.read(changed, slug).text
        answer = decider.take(changed, slug, **said)
        assert (answer.status_code, taken(changed)) == (422, before)
        assert f'<li>Số căn cước: 051099001234 <span class="meta">{where}</span></li>' in answer.text
        assert CITIZEN in answer.text
        field = "note" if "note" in said else "remark"
        assert decider.take(changed, slug, **{**said, field: CITIZEN, "concern_reason": " "}).status_code == 422
        assert decider.take(changed, slug, **said, concern_reason="Đương sự đề nghị nêu rõ.").status_code == 303
        assert last(changed).detail["concern_reason"] == "Đương sự đề nghị nêu rõ."

    def test_changed_it_needs_no_reason_and_keeps_none(self, app: Flask, publisher: User, changed: int) -> None:
        decider = Desk(app, publisher)
        assert decider.take(changed, "go", remark=CITIZEN).status_code == 422
        assert decider.take(changed, "go", remark="Có dữ liệu cá nhân.", concern_reason="Bỏ").status_code == 303
        assert "concern_reason" not in last(changed).detail

    def test_what_nobody_outside_reads_is_not_asked_about(self, app: Flask, publisher: User, changed: int) -> None:
        decider = Desk(app, publisher)
        assert decider.take(changed, "dang", change="minor", note=CITIZEN).status_code == 303
        assert decider.take(changed, "go", remark="Nhầm.").status_code == 303

    def test_a_reason_for_words_is_none_for_the_text(self, app: Flask, author: User, publisher: User) -> None:
        piece_id = published(app, author, publisher)
        save(app, piece_id, author, body="<p>Điện thoại 0905 123 456.</p>")
        take(app, Step.TAKE_DOWN, piece_id, publisher, remark=CITIZEN, concern_reason="Đương sự đề nghị nêu rõ.")
        take(app, Step.SUBMIT, piece_id, author)
        with pytest.raises(Refused, match="dữ liệu cá nhân"):
            take(app, Step.PUBLISH, piece_id, publisher, note="")


def test_who_cannot_approve_a_text_alone_reads_so_before_the_form_is_sent(app: Flask, publisher: User) -> None:
    other, piece_id = cast.somebody("publisher"), a_piece(publisher)
    take(app, Step.SUBMIT, piece_id, publisher)
    pages = [Desk(app, one).read(piece_id, "dang").text for one in (publisher, other)]
    assert ["Phải có người khác duyệt" in page for page in pages] == [True, False]
    assert ['<details class="step-more" open>' in page for page in pages] == [True, False]


class TestWhoMay:
    @pytest.mark.parametrize("slug", SLUGS.values())
    def test_of_another_unit_or_an_administrator_finds_nothing(self, app: Flask, author: User, slug: str) -> None:
        piece_id = a_piece(author)
        others: list[tuple[str, dict[str, Any]]] = [("author", {"unit": cast.a_unit("Văn phòng")}), ("administrator", {})]
        for role, values in others:
            stranger = Desk(app, cast.somebody(role, **values))
            assert stranger.read(piece_id, slug).status_code == 404
            assert stranger.send(piece_id, slug, seen="1", after="0", remark="x").status_code == 404
        assert taken(piece_id) == []

    def test_an_author_finds_no_page_of_a_publishers_step(self, app: Flask, author: User) -> None:
        piece_id = a_piece(author)
        take(app, Step.SUBMIT, piece_id, author)
        writer = Desk(app, author)
        for slug in ("duyet", "dang", "hen-gio", "dang-khan", "tra-lai", "go"):
            assert writer.send(piece_id, slug, seen="1", remark="x").status_code == 404
        assert taken(piece_id) == ["submit"]

    def test_whoever_is_disabled_meanwhile_does_nothing(self, app: Flask, author: User) -> None:
        piece_id, writer = a_piece(author), Desk(app, author)
        write(lambda session: sessions.end_sessions(session, author.id))
        assert writer.send(piece_id, "gui-duyet", seen="1", after="0").status_code == 401
        assert taken(piece_id) == []
