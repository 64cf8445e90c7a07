"""The desk's first page: what waits for whoever opens it, what they write, and what was done lately."""

import re

import pytest
from flask import Flask
from sqlalchemy import update

from portal.core import clock
from portal.core.db import write
from portal.core.formats import moment
from portal.desk.panels import MOST_LINES, bounded
from portal.publishing import steps
from portal.publishing.models import Piece
from portal.publishing.rules import Step
from tests import cast
from tests.accounts.browser import sign_in
from tests.client import PortalClient
from tests.desk.working import DESK, LIST, PUBLISHED, a_piece, at_work, many, panels, titles
from tests.publishing import writing


@pytest.mark.parametrize(
    ("role", "first"), [("author", DESK), ("editor", DESK), ("publisher", DESK), ("administrator", f"{DESK}/tai-khoan")]
)
def test_work_begins_at_the_desk_for_who_may_write(app: Flask, role: str, first: str) -> None:
    browser, _ = at_work(app, role)
    assert browser.get(f"{DESK}/dang-nhap").headers["Location"] == first
    assert browser.get(DESK).status_code == (200 if first == DESK else 404)


def test_who_signs_in_is_led_to_the_desk(client: PortalClient) -> None:
    user = cast.somebody("author", unit=cast.a_unit(), password=cast.PASSWORD)
    assert sign_in(client, user.email).headers["Location"] == DESK
    assert "Không có việc nào đang chờ bạn." in client.get(DESK).text


def test_an_author_sees_the_own_drafts_what_was_returned_and_what_the_unit_has(app: Flask) -> None:
    browser, author = at_work(app, "author")
    colleague, stranger = cast.somebody("author", unit=author.unit_id), cast.somebody("author", unit=cast.a_unit("Văn phòng"))
    a_piece(author, "Bản nháp của tôi")
    a_piece(colleague, "Bản nháp của người khác")
    a_piece(author, "Bị trả lại", state="returned", waits_since=1)
    a_piece(colleague, "Đang chờ", state="in_review", waits_since=1)
    a_piece(colleague, "Sẽ đăng", state="scheduled", publish_at=clock.now_ms() + clock.DAY)
    a_piece(colleague, "Đã đăng rồi", **PUBLISHED)
    a_piece(colleague, "Đã gỡ rồi", state="settled", standing="withdrawn")
    for state in ("draft", "in_review", "returned", "settled"):
        a_piece(stranger, "Của đơn vị khác", state=state, waits_since=1)
    html = browser.get(DESK).text
    assert panels(html) == {
        "tra-lai-cua-toi": ("1", ["Bị trả lại"]),
        "ban-nhap-cua-toi": ("1", ["Bản nháp của tôi"]),
        "cho-duyet": ("1", ["Đang chờ"]),
        "hen-gio": ("1", ["Sẽ đăng"]),
        "da-dang": ("1", ["Đã đăng rồi"]),
        "da-go": ("1", ["Đã gỡ rồi"]),
    }
    assert "Của đơn vị khác" not in html


def test_a_scheduled_change_whose_minute_has_passed_is_told(app: Flask) -> None:
    browser, author = at_work(app, "author")
    for title, ago in (("Đúng giờ", -clock.HOUR), ("Lỡ giờ", clock.HOUR)):
        a_piece(author, title, state="scheduled", standing="published", publish_at=clock.now_ms() - ago)
    found = re.findall(r"<li\b.*?</li>", browser.get(DESK).text, re.DOTALL)
    told = [line for line in found if "Đã quá giờ hẹn, đang thử lại" in line]
    assert len(told) == 1
    assert "Lỡ giờ" in told[0]


def test_an_author_of_no_unit_sees_nothing(app: Flask) -> None:
    browser, author = at_work(app, "author", unit=None)
    a_piece(author, "Không đơn vị")
    assert panels(browser.get(DESK).text) == {}


def test_what_is_in_review_waits_for_who_may_answer_the_longest_first(app: Flask) -> None:
    browser, editor = at_work(app, "editor")
    author = cast.somebody("author", unit=cast.a_unit("Văn phòng"))
    a_piece(author, "Mới gửi", state="in_review", waits_since=2_000)
    a_piece(author, "Gửi từ lâu", state="in_review", waits_since=1_000)
    a_piece(editor, "Của chính tôi", state="in_review", waits_since=500)
    found = panels(browser.get(DESK).text)
    assert found["cho-toi-duyet"] == ("2", ["Gửi từ lâu", "Mới gửi"])
    assert found["cho-duyet-cua-toi"] == ("1", ["Của chính tôi"])
    assert "cho-duyet" not in found


def test_what_is_overdue_stands_once_and_before_all_that_waits_longer(app: Flask) -> None:
    browser, _editor = at_work(app, "editor")
    author, now = cast.somebody("author", unit=cast.a_unit("Văn phòng")), clock.now_ms()
    patient, strict = cast.a_section("Không hạn"), cast.a_section("Bốn giờ", review_hours=4)
    for number in range(MOST_LINES + 1):
        a_piece(author, f"Chờ lâu {number}", section=patient, state="in_review", waits_since=now - clock.DAY * 9)
    a_piece(author, "Quá hạn", section=strict, state="in_review", waits_since=now - 5 * clock.HOUR)
    a_piece(author, "Còn hạn", section=strict, state="in_review", waits_since=now - 3 * clock.HOUR)
    html = browser.get(DESK).text
    assert panels(html)["cho-toi-duyet"] == (str(MOST_LINES + 3), ["Quá hạn", *(f"Chờ lâu {n}" for n in range(MOST_LINES - 1))])
    assert "qua-han" not in panels(html)
    assert html.count("Quá hạn 1 giờ") == 1


def test_the_only_publisher_has_the_own_texts_to_approve_too(app: Flask) -> None:
    browser, publisher = at_work(app, "publisher")
    a_piece(publisher, "Của chính tôi", state="in_review", waits_since=500)
    assert panels(browser.get(DESK).text)["cho-toi-duyet"] == ("1", ["Của chính tôi"])
    cast.somebody("publisher")
    assert "cho-toi-duyet" not in panels(browser.get(DESK).text)


def test_what_one_has_changed_waits_for_another_until_its_author_sends_it_again(app: Flask) -> None:
    (browser, first), (other, _second) = at_work(app, "publisher"), at_work(app, "publisher")
    author = cast.somebody("author", unit=cast.a_unit("Văn phòng"))
    piece_id = writing.a_piece(author, title="Kế hoạch")
    writing.take(app, Step.SUBMIT, piece_id, author)
    assert waiting_for(browser) == waiting_for(other) == ["Kế hoạch"]
    writing.save(app, piece_id, first, lead="Sửa khi duyệt.")
    assert (waiting_for(browser), waiting_for(other)) == ([], ["Kế hoạch"])
    writing.take(app, Step.RETURN, piece_id, first, remark="Tôi đã sửa, đề nghị xem lại.")
    writing.take(app, Step.SUBMIT, piece_id, author)
    assert waiting_for(browser) == waiting_for(other) == ["Kế hoạch"]


def test_an_editor_who_has_changed_what_another_wrote_can_still_return_it(app: Flask) -> None:
    browser, editor = at_work(app, "editor")
    cast.somebody("publisher")
    cast.somebody("publisher")
    author = cast.somebody("author", unit=cast.a_unit("Văn phòng"))
    piece_id = writing.a_piece(author, title="Kế hoạch")
    writing.take(app, Step.SUBMIT, piece_id, author)
    writing.save(app, piece_id, editor, lead="Sửa khi xem lại.")
    assert waiting_for(browser) == ["Kế hoạch"]


def waiting_for(browser: PortalClient) -> list[str]:
    """Return what the desk says waits for somebody's review."""
    return panels(browser.get(DESK).text).get("cho-toi-duyet", ("0", []))[1]


def test_what_was_published_urgently_waits_for_a_second_publisher_with_the_time_left(app: Flask) -> None:
    browser, first = at_work(app, "publisher")
    second, _ = at_work(app, "publisher")
    piece_id = writing.a_piece(first, title="Tin khẩn")
    writing.take(app, Step.PUBLISH_URGENTLY, piece_id, first, remark="Bão sắp vào bờ")
    assert "duyet-sau" not in panels(browser.get(DESK).text)
    html = second.get(DESK).text
    assert panels(html)["duyet-sau"] == ("1", ["Tin khẩn"])
    assert "còn 23 giờ" in html.lower()


def test_what_is_taken_down_is_not_to_be_confirmed_until_it_is_put_back(app: Flask) -> None:
    _browser, first = at_work(app, "publisher")
    second, _ = at_work(app, "publisher")
    piece_id = writing.a_piece(first, title="Tin khẩn")
    writing.take(app, Step.PUBLISH_URGENTLY, piece_id, first, remark="Bão sắp vào bờ")
    writing.take(app, Step.TAKE_DOWN, piece_id, first, remark="Nhầm ảnh")
    html = second.get(DESK).text
    assert ("duyet-sau" in panels(html), "còn 23 giờ" in html.lower()) == (False, False)
    writing.take(app, Step.PUT_BACK, piece_id, first)
    assert panels(second.get(DESK).text)["duyet-sau"] == ("1", ["Tin khẩn"])


def test_a_list_is_short_and_its_number_is_counted_to_a_hundred(app: Flask) -> None:
    browser, author = at_work(app, "author")
    many(author, 101, section=cast.a_section(), **PUBLISHED)
    number, shown = panels(browser.get(DESK).text)["da-dang"]
    assert (number, shown) == ("99+", [f"Tin số {place}" for place in range(1, MOST_LINES + 1)])


def test_what_was_published_last_stands_first_whatever_is_changed_of_the_others(app: Flask) -> None:
    browser, publisher = at_work(app, "publisher")
    author = cast.somebody("author", unit=cast.a_unit())
    old, new = (writing.published(app, author, publisher, title=title) for title in ("Bài cũ", "Bài mới"))
    last_week = clock.now_ms() - 7 * clock.DAY
    write(lambda session: session.execute(update(Piece).where(Piece.id == old).values(published_at=last_week)))
    for step, note in ((Step.DISCARD, {}), (Step.PUBLISH, {"note": "Sửa ngày."})):
        writing.save(app, old, author, lead=f"Sửa trước bước {step.value}.")
        if step is Step.PUBLISH:
            writing.take(app, Step.SUBMIT, old, author)
        writing.take(app, step, old, publisher, **note)
        assert panels(browser.get(DESK).text)["da-dang"][1] == ["Bài mới", "Bài cũ"]
    assert titles(browser.get(f"{LIST}?trang-thai=da-dang").text) == ["Bài cũ", "Bài mới"], "by what was changed last"
    html = browser.get(f"{LIST}?trang-thai=da-dang&sap=moi-dang").text
    assert titles(html) == ["Bài mới", "Bài cũ"]
    assert f"Đã đăng lúc {moment(writing.piece(new).published_at)}" in html
    assert f"{LIST}?trang-thai=da-dang&amp;sap=moi-dang" in browser.get(DESK).text


def test_it_counts_as_published_when_the_public_saw_it_first(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    author, publisher = cast.somebody("author", unit=cast.a_unit()), cast.somebody("publisher")
    piece_id, minute = writing.a_piece(author), clock.now_ms() + clock.HOUR
    writing.take(app, Step.SUBMIT, piece_id, author)
    writing.take(app, Step.SCHEDULE, piece_id, publisher, at=minute)
    assert writing.piece(piece_id).published_at == 0
    monkeypatch.setattr(clock, "now_ms", lambda: minute + 5_000)
    steps.appear(piece_id, minute)
    assert writing.piece(piece_id).published_at == minute
    writing.take(app, Step.TAKE_DOWN, piece_id, publisher, remark="Nhầm ảnh.")
    writing.take(app, Step.PUT_BACK, piece_id, publisher)
    assert writing.piece(piece_id).published_at == minute


def test_a_number_is_printed_whole_to_ninety_nine(app: Flask) -> None:
    assert [bounded(number) for number in (1, 99, 100)] == ["1", "99", "99+"]


def test_the_desk_takes_few_statements_however_much_there_is(app: Flask, statements: list[str]) -> None:
    browser, _ = at_work(app, "publisher")
    author = cast.somebody("author", unit=cast.a_unit("Văn phòng"))
    for columns in (PUBLISHED, {"state": "in_review", "waits_since": 1}, {"state": "approved"}):
        many(author, 12, section=cast.a_section(f"Mục {columns['state']}"), **columns)
    browser.get(DESK)  # what all pages share is remembered
    statements.clear()
    browser.get(DESK)
    assert len(statements) <= 20
