"""Two people in one article see each other, lose nothing, and choose part by part what stays."""

import re

import pytest
from flask import Flask

from portal.accounts.models import User
from portal.articles import presence
from portal.core import clock
from portal.core.db import db, write
from portal.publishing.models import Presence, Revision
from portal.publishing.rules import Step
from tests import cast
from tests.articles.typing_in import browser_of, form_of, opened, page_of, parsed, sent, typed
from tests.client import PortalClient
from tests.publishing.writing import a_piece, piece, take, texts

BODY = "<p>Phần thứ nhất của kế hoạch.</p><p>Phần thứ hai của kế hoạch.</p><p>Phần thứ ba của kế hoạch.</p>"


@pytest.fixture
def mine(app: Flask, author: User) -> PortalClient:
    return browser_of(app, author)


@pytest.fixture
def theirs(app: Flask) -> PortalClient:
    return browser_of(app, cast.somebody("editor"))


@pytest.fixture
def piece_id(author: User) -> int:
    return a_piece(author, title="Kế hoạch", body=BODY)


def conflicting(mine: PortalClient, theirs: PortalClient, piece_id: int, my: dict[str, str], their: dict[str, str]) -> str:
    """Have two people type from one revision, they first; return where I am led."""
    form = opened(mine, piece_id)
    typed(theirs, piece_id, **their)
    answer = sent(mine, piece_id, form, **my)
    assert answer.status_code == 303
    return answer.headers["Location"]


def chosen(client: PortalClient, path: str, **choices: str) -> str:
    """Choose, and return where it leads."""
    answer = client.submit(path, form_of(client.get(path).text, path) | choices)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def content(piece_id: int) -> dict[str, str]:
    now = piece(piece_id)
    return db.session.query(Revision).filter_by(piece_id=piece_id, number=now.head).one().content


def open_questions(html: str) -> list[str]:
    """Return the names of the radios of which none is chosen."""
    radios = [one for one in parsed(html).iter("input") if one.get("type") == "radio"]
    names = dict.fromkeys(one.get("name") or "" for one in radios)
    return [name for name in names if not any(one.get("checked") is not None for one in radios if one.get("name") == name)]


def test_the_second_save_is_kept_and_says_whose_came_between(mine: PortalClient, theirs: PortalClient, piece_id: int) -> None:
    form = opened(mine, piece_id)
    typed(theirs, piece_id, title="Của họ")
    answer = sent(mine, piece_id, form, in_place=True, title="Của tôi")
    assert re.search(r"Bài đã được Trần Thị B lưu lúc \d\d:\d\d trong khi bạn đang sửa. Chưa mất nội dung nào;", answer.text)
    assert f'href="{page_of(piece_id)}/chon/3"' in answer.text
    assert 'name="base" value="1"' in answer.text
    assert (texts(piece_id), piece(piece_id).title) == (["Kế hoạch", "Của họ", "Của tôi"], "Của họ")
    assert f"{page_of(piece_id)}/chon/3" in mine.get(page_of(piece_id)).text
    assert "/chon/" not in theirs.get(page_of(piece_id)).text


def test_what_only_one_has_changed_is_chosen_already(mine: PortalClient, theirs: PortalClient, piece_id: int) -> None:
    my = {"lead": "Mở đầu mới.", "body": BODY.replace("thứ nhất", "đầu tiên")}
    path = conflicting(mine, theirs, piece_id, my, {"title": "Kế hoạch mới", "body": BODY.replace("thứ ba", "cuối cùng")})
    assert path == f"{page_of(piece_id)}/chon/3"
    assert open_questions(mine.get(path).text) == []
    assert chosen(mine, path) == f"{page_of(piece_id)}?xong=chon"
    both = BODY.replace("thứ nhất", "đầu tiên").replace("thứ ba", "cuối cùng")
    now = content(piece_id)
    assert (now["title"], now["lead"], now["body"]) == ("Kế hoạch mới", "Mở đầu mới.", both)
    assert "/chon/" not in mine.get(page_of(piece_id)).text


def test_what_both_have_changed_is_asked(mine: PortalClient, theirs: PortalClient, piece_id: int) -> None:
    my = {"title": "Kế hoạch của tôi", "body": BODY.replace("thứ hai", "giữa của tôi")}
    their = {"title": "Kế hoạch của họ", "body": BODY.replace("thứ hai", "giữa của họ")}
    path = conflicting(mine, theirs, piece_id, my, their)
    page = mine.get(path).text
    questions = open_questions(page)
    assert len(questions) == 2
    assert "giữa của tôi" in page
    assert "giữa của họ" in page
    answer = mine.submit(path, form_of(page, path) | {"title": "mine"})
    assert (answer.status_code, "Hãy chọn một bên" in answer.text) == (422, True)
    assert open_questions(answer.text) == questions[1:]
    chosen(mine, path, title="mine", **{questions[1]: "theirs"})
    assert (content(piece_id)["title"], content(piece_id)["body"]) == ("Kế hoạch của tôi", their["body"])


def test_both_paragraphs_can_stay(mine: PortalClient, theirs: PortalClient, piece_id: int) -> None:
    my, their = ({"body": BODY.replace("thứ hai", words)} for words in ("giữa của tôi", "giữa của họ"))
    path = conflicting(mine, theirs, piece_id, my, their)
    (question,) = open_questions(mine.get(path).text)
    chosen(mine, path, **{question: "both"})
    body = content(piece_id)["body"]
    assert body.index("giữa của tôi") < body.index("giữa của họ")


def test_where_somebody_saves_meanwhile_it_is_asked_again(mine: PortalClient, theirs: PortalClient, piece_id: int) -> None:
    path = conflicting(mine, theirs, piece_id, {"lead": "Của tôi."}, {"title": "Của họ"})
    form = form_of(mine.get(path).text, path)
    typed(theirs, piece_id, source_line="Báo Quảng Ngãi")
    again = mine.submit(path, form).headers["Location"]
    assert again == f"{page_of(piece_id)}/chon/5"
    chosen(mine, again)
    now = content(piece_id)
    assert (now["title"], now["lead"], now["source_line"]) == ("Của họ", "Của tôi.", "Báo Quảng Ngãi")


def test_a_base_that_was_thinned_out_prefers_nobody(mine: PortalClient, theirs: PortalClient, piece_id: int) -> None:
    path = conflicting(mine, theirs, piece_id, {"title": "Của tôi"}, {"lead": "Của họ."})
    write(lambda session: session.query(Revision).filter_by(piece_id=piece_id, number=1).delete())
    assert open_questions(mine.get(path).text) == ["title", "lead"]


def test_sections_polls_and_days_are_named(mine: PortalClient, theirs: PortalClient, piece_id: int) -> None:
    section = cast.a_section("Thông báo")
    my = {"section": str(section), "published_on": "2022-03-17T08:00", "genre": "plan"}
    page = mine.get(conflicting(mine, theirs, piece_id, my, {"title": "Của họ"})).text
    for shown in ("Thông báo", "08:00 17/03/2022", "Kế hoạch"):
        assert shown in page


def test_while_it_takes_no_changes_nothing_can_be_chosen(app: Flask, mine: PortalClient, author: User, piece_id: int) -> None:
    form = opened(mine, piece_id)
    take(app, Step.SUBMIT, piece_id, author)
    sent(mine, piece_id, form, title="Muộn")
    page = mine.get(f"{page_of(piece_id)}/chon/2").text
    assert "cần rút lại hoặc trả lại trước khi chọn" in page
    assert "Lưu nội dung đã chọn" not in page
    form = form_of(page, f"{page_of(piece_id)}/chon/2") | {"title": "mine"}
    assert mine.submit(f"{page_of(piece_id)}/chon/2", form).headers["Location"].endswith("?xong=giu")
    assert piece(piece_id).title == "Kế hoạch"


def test_choosing_is_for_those_who_write_it(app: Flask, mine: PortalClient, theirs: PortalClient, piece_id: int) -> None:
    path = conflicting(mine, theirs, piece_id, {"title": "Của tôi"}, {"title": "Của họ"})
    form = form_of(mine.get(path).text, path)
    for stranger in (cast.somebody("author", unit=cast.a_unit("Văn phòng")), cast.somebody("administrator")):
        assert browser_of(app, stranger).get(path).status_code == 404
    assert mine.submit(path, form | {"token": "0" * 64}).status_code == 403
    assert mine.submit(path, form | {"base": "99"}).status_code == 400
    assert mine.get(f"{page_of(piece_id)}/chon/99").status_code == 404
    other = a_piece(cast.somebody("author", unit=cast.a_unit("Văn phòng")))
    assert mine.get(f"{page_of(other)}/chon/1").status_code == 404
    assert mine.get(f"{page_of(piece_id)}/chon/2").headers["Location"] == page_of(piece_id)


def present(client: PortalClient, piece_id: int, base: str = "1") -> str:
    token = opened(client, piece_id)["token"]
    answer = client.swap(f"{page_of(piece_id)}/mo", {"token": token, "base": base})
    assert answer.status_code == 200
    return answer.text


def test_who_has_it_open_is_seen_by_the_other_and_gone_soon(
    mine: PortalClient, theirs: PortalClient, piece_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "cũng đang mở" not in present(mine, piece_id)
    assert "Nguyễn Văn A cũng đang mở bài này." in present(theirs, piece_id)
    assert "Trần Thị B cũng đang mở bài này." in present(mine, piece_id)
    assert "Nguyễn Văn A cũng đang mở bài này." in theirs.get(page_of(piece_id)).text
    later = clock.now_ms() + presence.GONE_MS + 1
    monkeypatch.setattr(clock, "now_ms", lambda: later)
    assert "cũng đang mở" not in present(mine, piece_id)
    db.session.rollback()
    assert db.session.query(Presence).count() == 1


def test_an_open_page_learns_that_it_was_saved_elsewhere(mine: PortalClient, theirs: PortalClient, piece_id: int) -> None:
    typed(theirs, piece_id, title="Của họ")
    assert "Bài đã được Trần Thị B lưu lúc" in present(mine, piece_id)
    assert "lưu lúc" not in present(mine, piece_id, base="2")
    assert "lưu lúc" not in present(mine, piece_id, base="x")


def test_that_a_page_stands_open_is_no_work(
    app: Flask, mine: PortalClient, author: User, piece_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, later = opened(mine, piece_id)["token"], clock.now_ms() + 40 * clock.MINUTE
    monkeypatch.setattr(clock, "now_ms", lambda: later)
    assert mine.swap(f"{page_of(piece_id)}/mo", {"token": token, "base": "1"}).status_code == 200
    monkeypatch.setattr(clock, "now_ms", lambda: later + 30 * clock.MINUTE)
    assert mine.swap(f"{page_of(piece_id)}/mo", {"token": token, "base": "1"}).status_code == 401
