"""Several pieces at once: each is its own write, what could not be done is said, nobody touches what they may not."""

import re
import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from portal.accounts.models import Unit
from portal.articles.models import Article
from portal.core.db import db, write
from portal.core.errors import Unavailable
from portal.desk import bulk
from portal.publishing import moving
from portal.publishing.models import Piece, Taken
from portal.publishing.rules import Step
from tests import cast
from tests.accounts.browser import own_token
from tests.audit.recording import entries
from tests.client import PortalClient
from tests.desk.working import LIST, PUBLISHED, a_piece, at_work, titles
from tests.publishing import writing

GO, MOVE = f"{LIST}/go", f"{LIST}/chuyen"
REASON = "Nội dung đã hết hiệu lực."


def send(browser: PortalClient, path: str, pieces: list[int], **form: Any) -> TestResponse:
    """Send the form of many as its page has it."""
    ticks = [f"{piece_id}-{writing.piece(piece_id).head}" for piece_id in pieces]
    return browser.submit(path, {"token": own_token(browser), "bai": ticks, **form})


def actions() -> list[tuple[str, str]]:
    return [(entry.action, entry.thing) for entry in entries() if entry.action.startswith("piece_")]


def said(html: str) -> dict[int, str]:
    """Return what is said beside each piece that is left."""
    return {int(number): text for number, text in re.findall(r'class="field-bad" id="said-(\d+)">([^<]+)<', html)}


@pytest.fixture
def three(app: Flask) -> list[int]:
    """Three published pieces."""
    author, publisher = cast.somebody("author", unit=cast.a_unit()), cast.somebody("publisher")
    return [writing.published(app, author, publisher, title=title) for title in ("Một", "Hai", "Ba")]


def test_what_is_ticked_is_taken_down_with_one_public_reason(app: Flask, client: PortalClient, three: list[int]) -> None:
    browser, publisher = at_work(app, "publisher")
    page = browser.get(f"{GO}?bai={three[0]}&bai={three[2]}&sap=tieu-de")
    assert "Một" in page.text
    assert "Hai" not in page.text
    answer = send(browser, GO, [three[0], three[2]], reason=f"  {REASON} ", sap="tieu-de")
    assert answer.headers["Location"] == f"{LIST}?sap=tieu-de&xong=go"
    assert "Đã gỡ các bài đã chọn" in browser.get(answer.headers["Location"]).text
    assert [writing.piece(piece_id).standing for piece_id in three] == ["withdrawn", "published", "withdrawn"]
    for place, piece_id in enumerate(three):
        article = db.session.get_one(Article, writing.piece(piece_id).thing_id)
        shown = client.get(cast.article_path(article.id, article.title))
        assert (shown.status_code, REASON in shown.text) == ((200, False) if place == 1 else (410, True))
    assert actions()[-2:] == [("piece_take_down", f"piece:{piece_id}") for piece_id in (three[0], three[2])]
    assert entries()[-1].actor_id == publisher.id


def test_what_could_not_be_done_is_said_beside_it_and_the_rest_is_done(app: Flask, three: list[int]) -> None:
    browser, publisher = at_work(app, "publisher")
    draft = a_piece(publisher, "Bản nháp")
    writing.take(app, Step.TAKE_DOWN, three[0], publisher, remark="Trước đó")
    answer = send(browser, GO, [three[0], three[1], draft], reason=REASON)
    assert answer.status_code == 200
    assert "Đã thực hiện với 1 bài." in answer.text
    assert "Chưa thực hiện được với 2 bài" in answer.text
    assert list(said(answer.text)) == [three[0], draft]
    assert f'value="{REASON}"' in answer.text
    assert [writing.piece(one).standing for one in (*three, draft)] == ["withdrawn", "withdrawn", "published", "unpublished"]
    again = send(browser, GO, [three[0], draft], reason=REASON)
    assert again.status_code == 422


def test_a_piece_that_has_changed_since_it_was_ticked_is_left_and_can_be_done_then(app: Flask, three: list[int]) -> None:
    browser, publisher = at_work(app, "publisher")
    form = {"token": own_token(browser), "reason": REASON}
    writing.save(app, three[0], publisher, title="Một, đã sửa")
    answer = browser.submit(GO, {**form, "bai": [f"{three[0]}-1"]})
    assert answer.status_code == 422
    assert "Một, đã sửa" in answer.text
    ticks = re.findall(r'name="bai" value="([^"]+)"', answer.text)
    assert browser.submit(GO, {**form, "bai": ticks}).status_code == 303
    assert writing.piece(three[0]).standing == "withdrawn"


@pytest.mark.parametrize("reason", ["", "   ", 301 * "x"])
def test_without_a_reason_of_at_most_300_characters_nothing_is_done(app: Flask, three: list[int], reason: str) -> None:
    browser, _ = at_work(app, "publisher")
    answer = send(browser, GO, three, reason=reason)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert answer.text.count('name="bai"') == 3
    assert {writing.piece(piece_id).standing for piece_id in three} == {"published"}


def test_a_number_in_the_public_reason_is_shown_and_asked_about_before_anything_is_done(app: Flask, three: list[int]) -> None:
    browser, _ = at_work(app, "publisher")
    reason = "Có số căn cước 051099001234 của người dân."
    answer = send(browser, GO, three, reason=reason)
    assert (answer.status_code, said(answer.text)) == (422, {})
    assert "Số căn cước: 051099001234" in answer.text
    assert {writing.piece(piece_id).standing for piece_id in three} == {"published"}
    again = send(browser, GO, three[:1], reason=reason, concern_reason="Tòa án yêu cầu nêu rõ.")
    assert again.status_code == 303
    assert writing.piece(three[0]).standing == "withdrawn"
    assert send(browser, GO, three[1:], reason=REASON, concern_reason="Bỏ").status_code == 303
    details = db.session.scalars(select(Taken.detail).where(Taken.step == Step.TAKE_DOWN.value).order_by(Taken.id)).all()
    assert details == [{"concern_reason": "Tòa án yêu cầu nêu rõ."}, {}, {}]


def test_who_may_not_take_down_finds_nothing_and_does_nothing(app: Flask, three: list[int]) -> None:
    for role in ("author", "editor", "administrator"):
        browser, _ = at_work(app, role)
        assert browser.get(f"{GO}?bai={three[0]}").status_code == 404
        assert send(browser, GO, three, reason=REASON).status_code == 404
    browser, _ = at_work(app, "author")
    assert send(browser, MOVE, three, unit="1").status_code == 404
    assert {writing.piece(piece_id).standing for piece_id in three} == {"published"}


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("path", [GO, MOVE])
@pytest.mark.parametrize(
    ("ticks", "status"),
    [
        ([], 422),
        (["999999"], 404),
        (["99999999999"], 400),
        (["2147483648"], 404),
        (["x"], 400),
        (["1-"], 400),
        (["0"], 400),
        ([str(number) for number in range(1, 102)], 422),
    ],
)
def test_a_made_up_choice_does_nothing(app: Flask, path: str, ticks: list[str], status: int) -> None:
    browser, publisher = at_work(app, "publisher")
    piece_id = a_piece(publisher, **PUBLISHED)
    token = own_token(browser)
    form = {"token": token, "reason": REASON, "unit": str(cast.a_unit())}
    mixed = [str(piece_id), *ticks] if ticks and len(ticks) == 1 else ticks
    assert browser.submit(path, {**form, "bai": mixed}).status_code == status
    assert browser.get(path, query_string={"bai": ticks}).status_code == status
    assert writing.piece(piece_id).standing == "published"
    assert [action for action, _ in actions()] == ["piece_begun"]


def test_pieces_are_given_to_another_unit_each_on_record(app: Flask, three: list[int]) -> None:
    browser, editor = at_work(app, "editor")
    unit = cast.a_unit("Văn phòng")
    head = writing.piece(three[0]).head
    assert send(browser, MOVE, three, section="", unit=str(unit)).status_code == 303
    assert {writing.piece(piece_id).unit_id for piece_id in three} == {unit}
    assert writing.piece(three[0]).head == head
    assert actions()[-3:] == [("piece_moved", f"piece:{piece_id}") for piece_id in three]
    assert entries()[-1].actor_id == editor.id
    before = len(entries())
    assert send(browser, MOVE, three, section="", unit=str(unit)).status_code == 303
    assert len(entries()) == before


def test_a_draft_is_filed_by_a_revision_of_its_own_and_what_is_published_at_once(app: Flask, three: list[int]) -> None:
    browser, publisher = at_work(app, "publisher")
    section, draft = cast.a_section("Chuyên mục mới"), a_piece(publisher, "Bản nháp")
    assert send(browser, MOVE, [three[0], draft], section=str(section), unit="").status_code == 303
    assert [writing.piece(one).shelf_id for one in (three[0], draft)] == [section, section]
    published = writing.piece(three[0])
    assert (published.state, published.standing, published.public) == ("settled", "published", published.head)
    assert db.session.get_one(Article, published.thing_id).section_id == section
    assert writing.texts(draft) == ["Bản nháp", "Bản nháp"]
    assert actions()[-2:] == [("piece_filed", f"piece:{three[0]}"), ("piece_filed", f"piece:{draft}")]
    assert "Một" in app.test_client().get("/chuyen-muc/chuyen-muc-moi").text


def test_what_cannot_be_filed_now_says_why_and_stays_whole(app: Flask, three: list[int]) -> None:
    browser, editor = at_work(app, "editor")
    publisher = cast.somebody("publisher")
    writing.save(app, three[1], editor, title="Hai, đang sửa")
    writing.take(app, Step.TAKE_DOWN, three[2], publisher, remark=REASON)
    approved, english = a_piece(editor, "Đã duyệt", state="approved"), a_piece(editor, "English", language="en")
    everything = [*three, approved, english]
    unit, section = cast.a_unit("Văn phòng"), cast.a_section("Mới")
    before = len(actions())
    answer = send(browser, MOVE, everything, section=str(section), unit=str(unit))
    assert answer.status_code == 422
    told = said(answer.text)
    words = ("chỉ người duyệt đăng", "đang được sửa", "đã gỡ", "rút lại", "ngôn ngữ")
    assert all(word in told[piece_id] for word, piece_id in zip(words, everything, strict=True)), told
    assert all(writing.piece(one).shelf_id != section and writing.piece(one).unit_id != unit for one in everything)
    assert len(actions()) == before


@pytest.mark.parametrize("form", [{"section": "", "unit": ""}, {"section": "999", "unit": ""}, {"section": "", "unit": "x"}, {}])
def test_a_move_to_nowhere_does_nothing(app: Flask, form: dict[str, str]) -> None:
    browser, editor = at_work(app, "editor")
    piece_id = a_piece(editor)
    answer = send(browser, MOVE, [piece_id], **form)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert [action for action, _ in actions()] == ["piece_begun"]


def test_nothing_is_given_to_a_unit_that_is_no_more(app: Flask) -> None:
    browser, editor = at_work(app, "editor")
    piece_id, gone = a_piece(editor), cast.a_unit("Ban cũ")
    write(lambda session: session.execute(update(Unit).where(Unit.id == gone).values(active=False)))
    assert "Ban cũ" not in browser.get(f"{MOVE}?bai={piece_id}").text
    assert send(browser, MOVE, [piece_id], section="", unit=str(gone)).status_code == 422
    assert writing.piece(piece_id).unit_id != gone


def test_when_the_database_is_busy_what_was_done_stays_and_the_rest_says_so(
    app: Flask, three: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, _ = at_work(app, "publisher")
    take, tried = bulk.steps.take, []

    def busy_at_second(step: Step, piece_id: int, *rest: Any, **options: Any) -> None:
        tried.append(piece_id)
        if len(tried) > 1:
            raise Unavailable
        take(step, piece_id, *rest, **options)

    monkeypatch.setattr(bulk.steps, "take", busy_at_second)
    answer = send(browser, GO, three, reason=REASON)
    assert tried == three[:2]
    assert set(said(answer.text).values()) == {"Hệ thống đang bận, chưa thực hiện được. Vui lòng thử lại."}
    assert [writing.piece(piece_id).standing for piece_id in three] == ["withdrawn", "published", "published"]


def test_two_who_move_one_piece_at_once_leave_it_in_one_place_with_both_on_record(app: Flask) -> None:
    editor = cast.somebody("editor")
    piece_id, units = a_piece(editor), [cast.a_unit(f"Phòng {number}") for number in (1, 2)]

    def give(unit: int) -> None:
        with app.test_request_context():
            writing.as_one(editor)
            moving.move(piece_id, unit_id=unit, changes={}, actor=editor)

    threads = [threading.Thread(target=give, args=(unit,)) for unit in units]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    given = [entry.fields for entry in entries() if entry.action == "piece_moved"]
    assert len(given) == 2
    assert given[-1] == f'{{"unit":{writing.piece(piece_id).unit_id}}}'


def test_filing_that_fails_half_way_leaves_all_as_it_was(app: Flask, three: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    publisher, section, unit = cast.somebody("publisher"), cast.a_section("Mới"), cast.a_unit("Văn phòng")
    before = [(piece.head, piece.shelf_id, piece.unit_id) for piece in db.session.scalars(select(Piece))]

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("killed")

    monkeypatch.setattr(moving.audit, "record", fail)
    with app.test_request_context():
        writing.as_one(publisher)
        with pytest.raises(RuntimeError, match="killed"):
            moving.move(three[0], unit_id=unit, changes={"section_id": section}, actor=publisher)
    db.session.rollback()
    found = db.session.scalars(select(Piece).execution_options(populate_existing=True))
    assert [(piece.head, piece.shelf_id, piece.unit_id) for piece in found] == before
    assert db.session.get_one(Article, writing.piece(three[0]).thing_id).section_id != section


def test_the_list_leads_to_the_forms_with_what_was_ticked(app: Flask, three: list[int]) -> None:
    browser, _ = at_work(app, "publisher")
    html = browser.get(f"{LIST}?sap=tieu-de").text
    assert titles(html) == ["Ba", "Hai", "Một"]
    ticks = re.findall(r'name="bai" value="(\d+-\d+)"', html)
    assert browser.get(GO, query_string={"bai": ticks}).text.count('name="bai"') == 3
    assert browser.get(MOVE, query_string={"bai": ticks}).text.count('name="bai"') == 3
