"""Text in TCVN3 or VNI is told beside the article with its place, and written in Unicode when somebody says so."""

import re

import pytest
from flask import Flask

from portal.accounts.models import User
from portal.core.db import db
from portal.publishing.models import Revision
from portal.publishing.rules import Step
from tests import cast
from tests.articles.typing_in import a_key, browser_of, form_of, opened, page_of, sent
from tests.client import PortalClient
from tests.core.test_old_encodings import FOREIGN, SENTENCES, typed
from tests.publishing.writing import a_piece, save, take, texts

TITLE, LEAD = SENTENCES[2], SENTENCES[3]
OLD = {
    "title": typed(TITLE, "tcvn3"),
    "lead": f"Mở đầu.\n{typed(LEAD, 'vni')}",
    "body": f"<p>{SENTENCES[0]}</p><p>{typed(SENTENCES[1], 'tcvn3')} &amp; <strong>đã có</strong></p><p>{FOREIGN[0]}</p>",
}
NEW = {
    "title": TITLE,
    "lead": f"Mở đầu.\n{LEAD}",
    "body": f"<p>{SENTENCES[0]}</p><p>{SENTENCES[1]} &amp; <strong>đã có</strong></p><p>{FOREIGN[0]}</p>",
}
NOTICE = "Có đoạn chưa dùng mã Unicode"


def answers(html: str, name: str) -> list[str]:
    """Return what the buttons of a name would send, in order."""
    return re.findall(f'<button class="button second" name="{name}" value="([^"]+)"', html)


def now(desk: PortalClient, piece_id: int) -> dict[str, str]:
    form = opened(desk, piece_id)
    return {name: form[name] for name in OLD}


def contents(piece_id: int) -> list[tuple[str, str]]:
    db.session.rollback()
    found = db.session.query(Revision).filter_by(piece_id=piece_id).order_by(Revision.number)
    return [(one.kind, one.content["title"]) for one in found]


def test_it_is_told_with_its_place_and_how_it_would_read(desk: PortalClient, author: User) -> None:
    page = desk.get(page_of(a_piece(author, **OLD))).text
    assert NOTICE in page
    told = re.findall(r"<li>Đoạn này dùng mã (\w+) <span class=\"meta\">\((.*?)\)</span>: “(.*?)” chuyển thành “(.*?)”", page)
    assert [(encoding, where) for encoding, where, *_rest in told] == [
        ("TCVN3", "Tiêu đề"),
        ("VNI", "Phần mở đầu"),
        ("TCVN3", "Nội dung bài viết, đoạn 2"),
    ]
    assert told[0][2:] == (f"{' '.join(OLD['title'].split()[:9])} …", f"{' '.join(TITLE.split()[:9])} …")


@pytest.mark.parametrize("line", ["title", "lead", "author_line", "photo_line", "source_line"])
def test_it_is_told_in_every_line(desk: PortalClient, author: User, line: str) -> None:
    assert NOTICE in desk.get(page_of(a_piece(author, **{line: typed(SENTENCES[0], "vni")}))).text


@pytest.mark.parametrize("text", ["\n".join(SENTENCES), *FOREIGN])
def test_text_in_unicode_and_in_other_languages_is_not_told(desk: PortalClient, author: User, text: str) -> None:
    piece_id = a_piece(author, title=text[:300], lead=text, body=f"<p>{text}</p>")
    assert NOTICE not in desk.get(page_of(piece_id)).text


def test_all_of_it_is_converted_by_a_plain_form_and_nothing_else_is(desk: PortalClient, author: User) -> None:
    piece_id = a_piece(author, **OLD)
    form = opened(desk, piece_id) | {"source_line": "Vừa gõ"}
    answer = sent(desk, piece_id, form, convert="all")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{page_of(piece_id)}?xong=unicode")
    page = desk.get(answer.headers["Location"]).text
    assert "Đã chuyển sang Unicode." in page
    assert NOTICE not in page
    assert now(desk, piece_id) == NEW
    assert contents(piece_id) == [("first", OLD["title"]), ("saved", OLD["title"]), ("saved", TITLE)]
    again = sent(desk, piece_id, form, convert="all")  # pressed twice: nothing more
    assert again.headers["Location"] == f"{page_of(piece_id)}?xong=unicode"
    assert (now(desk, piece_id), len(texts(piece_id))) == (NEW, 3)


def test_the_text_as_it_was_is_in_the_history_for_good(app: Flask, desk: PortalClient, author: User) -> None:
    piece_id = a_piece(author)
    save(app, piece_id, author, **OLD)
    sent(desk, piece_id, opened(desk, piece_id), convert="all")
    assert [kind for kind, _title in contents(piece_id)] == ["first", "saved", "saved"]  # an autosave would be thinned out


def test_one_passage_is_converted_or_kept_without_the_others(desk: PortalClient, author: User) -> None:
    piece_id = a_piece(author, **OLD)
    page = desk.get(page_of(piece_id)).text
    first, second, third = answers(page, "keep")
    assert answers(page, "convert") == ["all", f"title-1-{first}", f"lead-2-{second}", f"body-2-{third}"]
    sent(desk, piece_id, form_of(page, page_of(piece_id)), convert=f"lead-2-{second}")
    assert now(desk, piece_id) == OLD | {"lead": NEW["lead"]}
    kept = sent(desk, piece_id, opened(desk, piece_id), keep=first)
    assert kept.headers["Location"] == f"{page_of(piece_id)}?xong=luu&giu={first}"
    page = desk.get(kept.headers["Location"]).text
    assert answers(page, "keep") == [third]
    assert now(desk, piece_id)["title"] == OLD["title"]
    form = form_of(page, page_of(piece_id))
    in_place = sent(desk, piece_id, form, in_place=True, source_line="Gõ thêm")
    assert 'id="piece-noticed"' not in in_place.text
    last = sent(desk, piece_id, opened(desk, piece_id) | {"kept_marks": form["kept_marks"]}, convert="all")
    assert last.headers["Location"].endswith(f"?xong=unicode&giu={first}")
    assert now(desk, piece_id) == NEW | {"title": OLD["title"]}
    assert NOTICE not in desk.get(last.headers["Location"]).text


def test_a_passage_in_which_somebody_has_typed_on_is_converted_too(desk: PortalClient, author: User) -> None:
    piece_id = a_piece(author, **OLD)
    page = desk.get(page_of(piece_id)).text
    form = form_of(page, page_of(piece_id)) | {"title": f"{OLD['title']} n¨m 2022"}
    sent(desk, piece_id, form, convert=answers(page, "convert")[1])
    assert now(desk, piece_id) == OLD | {"title": f"{TITLE} năm 2022"}


def test_a_passage_that_was_kept_is_told_again_once_it_is_another(desk: PortalClient, author: User) -> None:
    piece_id = a_piece(author, title=OLD["title"])
    (mark,) = answers(desk.get(page_of(piece_id)).text, "keep")
    page = desk.get(sent(desk, piece_id, opened(desk, piece_id), keep=mark).headers["Location"]).text
    assert NOTICE not in page
    answer = sent(desk, piece_id, form_of(page, page_of(piece_id)), in_place=True, title=f"{OLD['title']} n¨m 2022")
    assert NOTICE in answer.text


def test_a_save_in_place_tells_it_and_takes_it_back(desk: PortalClient, author: User) -> None:
    piece_id = a_piece(author)
    form = opened(desk, piece_id)
    unchanged = sent(desk, piece_id, form, in_place=True, title="Một")
    assert 'id="piece-noticed"' not in unchanged.text
    told = sent(desk, piece_id, opened(desk, piece_id), in_place=True, title=OLD["title"], lead="Gọi 0905 123 456")
    assert re.search('<div id="piece-noticed" [^>]*hx-swap-oob="true">', told.text)
    assert (NOTICE in told.text, "Số điện thoại: 0905 123 456" in told.text) == (True, True)
    shown = re.search('name="noticed" value="([0-9a-f]{16})"', told.text)
    form = opened(desk, piece_id)
    assert shown is not None
    assert shown[1] == form["noticed"]
    again = sent(desk, piece_id, form, in_place=True, source_line="Nữa")
    assert 'id="piece-noticed"' not in again.text
    gone = sent(desk, piece_id, opened(desk, piece_id), in_place=True, title="Một", lead="")
    assert re.search('<div id="piece-noticed" [^>]*hx-swap-oob="true">', gone.text)
    assert (NOTICE in gone.text, "0905" in gone.text) == (False, False)


def test_where_somebody_else_has_saved_nothing_is_converted_and_nothing_lost(
    app: Flask, desk: PortalClient, author: User
) -> None:
    piece_id = a_piece(author, title=OLD["title"])
    form = opened(desk, piece_id)
    save(app, piece_id, author, title="Của người khác")
    answer = sent(desk, piece_id, form, convert="all")
    assert answer.headers["Location"] == f"{page_of(piece_id)}/chon/3"
    assert contents(piece_id)[1:] == [("auto", "Của người khác"), ("kept", OLD["title"])]


def test_who_may_only_read_it_is_told_without_buttons(app: Flask, desk: PortalClient, author: User) -> None:
    piece_id = a_piece(author, title=OLD["title"])
    take(app, Step.SUBMIT, piece_id, author)
    page = desk.get(page_of(piece_id)).text
    assert (NOTICE in page, answers(page, "convert"), answers(page, "keep")) == (True, [], [])
    assert answers(browser_of(app, cast.somebody("editor")).get(page_of(piece_id)).text, "convert") != []


@pytest.mark.parametrize("said", ["x", "0" * 7, "zzzzzzzz", "0000,111", "lead-9-", "--------"])
def test_what_is_no_mark_of_ours_keeps_and_converts_nothing(desk: PortalClient, author: User, said: str) -> None:
    piece_id = a_piece(author, **OLD)
    assert NOTICE in desk.get(page_of(piece_id), query_string={"giu": said}).text
    for name in ("convert", "keep", "kept_marks"):
        answer = sent(desk, piece_id, opened(desk, piece_id), key=a_key(), **{name: said})
        assert answer.headers["Location"] == f"{page_of(piece_id)}?xong=luu"
    assert now(desk, piece_id) == OLD


def test_of_many_passages_the_first_are_shown_and_all_are_converted(desk: PortalClient, author: User) -> None:
    body = "".join(f"<p>{number}. {sentence}</p>" for number in range(4) for sentence in SENTENCES[1:4])
    piece_id = a_piece(author, body=typed(body, "vni"))
    page = desk.get(page_of(piece_id)).text
    assert (len(answers(page, "keep")), "Tổng số đoạn: 12." in page) == (3, True)
    sent(desk, piece_id, form_of(page, page_of(piece_id)), convert="all")
    assert opened(desk, piece_id)["body"] == body
