"""What somebody writes is stored once, and never instead of what somebody else wrote."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from flask import Flask

from portal.articles import content as contents
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.publishing import revisions
from portal.publishing.models import Piece, Revision
from portal.publishing.revisions import Outcome, Save
from portal.publishing.rules import Step
from tests import cast
from tests.publishing.writing import a_piece, a_text, as_one, piece, save, take, texts


def test_a_piece_begins_with_its_first_text(app: Flask) -> None:
    author = cast.somebody("author", unit=cast.a_unit())
    begun = piece(a_piece(author))
    assert (begun.state, begun.standing, begun.head) == ("draft", "unpublished", 1)
    assert (begun.title, begun.author_id, begun.unit_id) == ("Kế hoạch truyền thông năm 2022", author.id, author.unit_id)


def test_begun_twice_under_one_key_it_is_begun_once(app: Flask) -> None:
    author, content, key = cast.somebody("author", unit=cast.a_unit()), a_text(), secrets.token_bytes(16)
    made = {revisions.create("article", content, actor=author, unit_id=author.unit_id, language="vi", key=key) for _ in range(2)}
    assert len(made) == 1


def test_each_save_is_a_revision_and_the_last_is_the_present_one(app: Flask) -> None:
    author = cast.somebody("author", unit=cast.a_unit())
    piece_id = a_piece(author, title="Một")
    save(app, piece_id, author, title="Hai")
    saved = save(app, piece_id, author, title="Ba")
    assert (saved.outcome, saved.number, saved.head) == (Outcome.SAVED, 3, 3)
    assert (texts(piece_id), piece(piece_id).title) == (["Một", "Hai", "Ba"], "Ba")


def test_the_same_text_again_is_no_new_revision(app: Flask) -> None:
    author = cast.somebody("author", unit=cast.a_unit())
    piece_id = a_piece(author)
    assert save(app, piece_id, author).outcome is Outcome.UNCHANGED
    assert len(texts(piece_id)) == 1


def test_a_save_sent_twice_is_stored_once(app: Flask) -> None:
    author, key = cast.somebody("author", unit=cast.a_unit()), secrets.token_bytes(16)
    piece_id = a_piece(author, title="Một")
    first = save(app, piece_id, author, base=1, key=key, title="Hai")
    again = save(app, piece_id, author, base=1, key=key, title="Hai")
    assert (first.number, again.number, again.outcome) == (2, 2, Outcome.SAVED)
    assert texts(piece_id) == ["Một", "Hai"]


def test_what_was_typed_after_a_lost_answer_goes_on_from_what_was_stored(app: Flask) -> None:
    author, key = cast.somebody("author", unit=cast.a_unit()), secrets.token_bytes(16)
    piece_id = a_piece(author, title="Một")
    save(app, piece_id, author, base=1, key=key, title="Hai")
    more = save(app, piece_id, author, base=1, key=key, title="Hai, và ba")
    assert (more.outcome, more.number) == (Outcome.SAVED, 3)


def test_a_save_on_an_older_base_is_kept_beside(app: Flask) -> None:
    author, editor = cast.somebody("author", unit=cast.a_unit()), cast.somebody("editor")
    piece_id = a_piece(author, title="Một")
    save(app, piece_id, editor, title="Của B")
    beside = save(app, piece_id, author, base=1, title="Của A")
    assert (beside.outcome, beside.number, beside.head) == (Outcome.BESIDE, 3, 2)
    assert (texts(piece_id), piece(piece_id).title) == (["Một", "Của B", "Của A"], "Của B")


def test_what_comes_after_it_was_sent_to_review_is_kept_beside(app: Flask) -> None:
    author = cast.somebody("author", unit=cast.a_unit())
    piece_id = a_piece(author, title="Một")
    take(app, Step.SUBMIT, piece_id, author)
    late = save(app, piece_id, author, title="Muộn")
    assert (late.outcome, piece(piece_id).title, texts(piece_id)) == (Outcome.CLOSED, "Một", ["Một", "Muộn"])


def test_who_edits_writes_on_while_it_is_reviewed(app: Flask) -> None:
    author, editor = cast.somebody("author", unit=cast.a_unit()), cast.somebody("editor")
    piece_id = a_piece(author)
    take(app, Step.SUBMIT, piece_id, author)
    assert save(app, piece_id, editor, title="Đã sửa").outcome is Outcome.SAVED
    assert piece(piece_id).state == "in_review"


@pytest.mark.slow(why="saves fifty times from eight threads")
def test_of_fifty_saves_at_once_by_two_people_every_text_is_kept(app: Flask) -> None:
    people = [cast.somebody("author", unit=cast.a_unit()), cast.somebody("editor")]
    piece_id = a_piece(people[0], title="Đầu")

    def saving(number: int) -> Outcome:
        with app.app_context():
            return save(app, piece_id, people[number % 2], base=1, title=f"Bản {number}").outcome

    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(saving, range(50)))
    assert sorted(texts(piece_id)) == sorted(["Đầu", *(f"Bản {number}" for number in range(50))])
    assert (outcomes.count(Outcome.SAVED), outcomes.count(Outcome.BESIDE)) == (1, 49)


@pytest.mark.parametrize(
    "wrong", [{"title": "a" * 301}, {"published_on": "2022-02-31T08:00"}, {"published_on": "1022-03-17T08:00"}]
)
def test_what_cannot_be_kept_is_refused_and_changes_nothing(app: Flask, wrong: dict[str, str]) -> None:
    author = cast.somebody("author", unit=cast.a_unit())
    piece_id = a_piece(author)
    with pytest.raises(Refused):
        save(app, piece_id, author, **wrong)
    assert len(texts(piece_id)) == 1


def test_what_is_stored_is_clean(app: Flask) -> None:
    author = cast.somebody("author", unit=cast.a_unit())
    piece_id = a_piece(author, title="Tên\u202e có\u200b dấu", body='<p onclick="x()">a</p><script>b</script>', chức="x")
    content = db.session.query(Revision).filter_by(piece_id=piece_id).one().content
    assert (content["title"], content["body"], "chức" in content) == ("Tên có dấu", "<p>a</p>", False)


def test_of_answers_lost_in_a_row_each_text_goes_on_from_the_one_before(app: Flask) -> None:
    author, key = cast.somebody("author", unit=cast.a_unit()), secrets.token_bytes(16)
    piece_id = a_piece(author, title="Một")
    typed = ["Hai", "Hai, ba", "Hai, ba và bốn"]
    outcomes = [save(app, piece_id, author, base=1, key=key, title=title).outcome for title in typed]
    assert (outcomes, texts(piece_id)) == ([Outcome.SAVED] * 3, ["Một", *typed])
    again = save(app, piece_id, author, base=1, key=key, title="Hai, ba")
    assert (again.number, again.head) == (3, 4)


def test_somebody_else_between_two_lost_answers_is_not_overwritten(app: Flask) -> None:
    author, key = cast.somebody("author", unit=cast.a_unit()), secrets.token_bytes(16)
    piece_id = a_piece(author, title="Một")
    save(app, piece_id, author, base=1, key=key, title="Hai")
    save(app, piece_id, cast.somebody("editor"), title="Của B")
    beside = save(app, piece_id, author, base=1, key=key, title="Hai, ba")
    assert (beside.outcome, piece(piece_id).title) == (Outcome.BESIDE, "Của B")


def test_what_is_saved_by_hand_after_it_was_saved_by_itself_stays_for_ever(app: Flask) -> None:
    author = cast.somebody("author", unit=cast.a_unit())
    piece_id = a_piece(author)
    saved = save(app, piece_id, author, title="Hai")
    content = db.session.scalars(revisions.at(piece_id, saved.number)).one().content
    with app.test_request_context():
        as_one(author)
        again = revisions.save(piece_id, Save(content, saved.number, secrets.token_bytes(16), by_hand=True), actor=author)
    db.session.rollback()
    kind = db.session.scalars(revisions.at(piece_id, saved.number)).one().kind
    assert (again.outcome, kind) == (Outcome.UNCHANGED, "saved")


def test_more_than_a_day_of_saves_is_refused_with_a_sentence(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revisions, "FEWEST_A_DAY", 3)
    monkeypatch.setattr(revisions, "LARGEST_A_DAY", 3)
    author = cast.somebody("author", unit=cast.a_unit())
    piece_id = a_piece(author, title="Một")
    for title in ("Hai", "Ba"):
        save(app, piece_id, author, title=title)
    with pytest.raises(Refused, match="3"):
        save(app, piece_id, author, title="Bốn")
    save(app, piece_id, cast.somebody("editor"), title="Của B")
    later = clock.now_ms() + clock.DAY + clock.MINUTE
    monkeypatch.setattr(clock, "now_ms", lambda: later)
    assert save(app, piece_id, author, title="Hôm sau").outcome is Outcome.SAVED


def test_what_would_be_too_long_once_it_is_clean_is_refused(app: Flask) -> None:
    author = cast.somebody("author", unit=cast.a_unit())
    piece_id = a_piece(author)
    with pytest.raises(Refused):
        save(app, piece_id, author, body=f"<p>{'<' * 1_000_000}</p>")
    assert len(texts(piece_id)) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"body": "".join(f"<b id={number}><p>" for number in range(4_000))},
        {"body": "<blockquote>" * 100_000},
        {"body": "&" * 1_900_000},
        {"body": "<p>e" + "\u0301\u0323" * 100_000},
        {"title": "e" + "\u0301\u0323" * 100_000},
        {"lead": "e" + "\u0301\u0323" * 100_000},
    ],
    ids=["marks", "nested", "entities", "body", "title", "lead"],
)
def test_what_would_keep_the_server_busy_for_minutes_is_refused_before_anybody_puts_it_in_order(
    app: Flask, wrong: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    author = cast.somebody("author", unit=cast.a_unit())
    piece_id = a_piece(author)
    reached = list[int]()
    for name in ("clean", "clean_line"):
        put_in_order = getattr(contents, name)
        monkeypatch.setattr(contents, name, lambda text, act=put_in_order: (reached.append(len(text)), act(text))[1])
    with pytest.raises(Refused):
        save(app, piece_id, author, **wrong)
    assert max(reached, default=0) < min(len(text) for text in wrong.values()), "it was parsed, or its accents were sorted"
    assert len(texts(piece_id)) == 1


@pytest.mark.slow(why="two threads that wait for each other")
def test_begun_twice_at_once_under_one_key_it_is_begun_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    author, content, key = cast.somebody("author", unit=cast.a_unit()), a_text(), secrets.token_bytes(16)
    both, begin = Barrier(2), revisions.begin

    def slowly(*args: Any, **values: Any) -> Piece:
        with suppress(BrokenBarrierError):
            both.wait(1)
        return begin(*args, **values)

    def create(_nth: int) -> int:
        with app.app_context():
            return revisions.create("article", content, actor=author, unit_id=author.unit_id, language="vi", key=key)

    monkeypatch.setattr(revisions, "begin", slowly)
    with ThreadPoolExecutor(2) as threads:
        assert len(set(threads.map(create, range(2)))) == 1
