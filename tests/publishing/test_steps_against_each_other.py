"""Steps that meet: two people at once, a step after another that made it void, and somebody who is no longer there."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.accounts.models import User
from portal.articles.models import is_public
from portal.core import clock
from portal.core.db import db, write
from portal.core.errors import Refused
from portal.core.staff import Permission
from portal.publishing import steps
from portal.publishing.acts import Given
from portal.publishing.rules import Step
from portal.publishing.states import State, state_of
from portal.publishing.steps import Overtaken
from tests import cast
from tests.publishing.writing import a_piece, article_of, piece, published, save, take, taken


def later(monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    monkeypatch.setattr(clock, "now_ms", lambda: at)


def scheduled(app: Flask, author: User, publisher: User, at: int, **values: Any) -> int:
    piece_id = a_piece(author, **values)
    take(app, Step.SUBMIT, piece_id, author)
    take(app, Step.SCHEDULE, piece_id, publisher, at=at)
    return piece_id


@pytest.mark.slow(why="two threads that wait for each other's write")
def test_of_two_publishers_at_once_one_publishes(app: Flask, author: User) -> None:
    both, piece_id = [cast.somebody("publisher"), cast.somebody("publisher")], a_piece(author)
    take(app, Step.SUBMIT, piece_id, author)

    def publish(user: User) -> str:
        with app.app_context():
            try:
                take(app, Step.PUBLISH, piece_id, user)
            except Overtaken:
                return "overtaken"
            return "published"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(publish, both)) == ["overtaken", "published"]
    assert taken(piece_id) == ["submit", "publish"]


def test_what_was_done_meanwhile_is_noticed_though_the_text_is_the_same(app: Flask, author: User, publisher: User) -> None:
    piece_id = a_piece(author)
    take(app, Step.SUBMIT, piece_id, author)
    seen = steps.last_step(db.session(), piece_id)
    take(app, Step.RETURN, piece_id, publisher, remark="Thiếu ngày.")
    take(app, Step.SUBMIT, piece_id, author)
    with pytest.raises(Overtaken):
        take(app, Step.RECALL, piece_id, author, after=seen)
    take(app, Step.RECALL, piece_id, author, after=steps.last_step(db.session(), piece_id))


def test_what_was_approved_in_the_same_moment_its_writer_does_not_recall(app: Flask, author: User, publisher: User) -> None:
    piece_id = a_piece(author)
    take(app, Step.SUBMIT, piece_id, author)
    take(app, Step.APPROVE, piece_id, publisher)
    with app.test_request_context(), pytest.raises(Overtaken):
        steps.take(Step.RECALL, piece_id, Given(piece(piece_id).head), actor=author, asked=Permission.WRITE)
    assert piece(piece_id).state == "approved"


def test_recalled_twice_it_is_recalled_once(app: Flask, author: User) -> None:
    piece_id = a_piece(author)
    take(app, Step.SUBMIT, piece_id, author)
    take(app, Step.RECALL, piece_id, author)
    with pytest.raises(Overtaken):
        take(app, Step.RECALL, piece_id, author)
    assert taken(piece_id) == ["submit", "recall"]


def test_urgent_a_second_time_is_confirmed_anew(
    app: Flask, author: User, publisher: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, piece_id = cast.somebody("publisher"), a_piece(author)
    take(app, Step.PUBLISH_URGENTLY, piece_id, publisher, remark="Bão số 5.")
    later(monkeypatch, clock.now_ms() + clock.HOUR)
    save(app, piece_id, author, title="Bão đổi hướng")
    take(app, Step.PUBLISH_URGENTLY, piece_id, other, remark="Bão đổi hướng.", note="Đường đi mới.")
    assert piece(piece_id).check_until == clock.now_ms() + 24 * clock.HOUR
    with pytest.raises(Refused, match="người khác"):
        take(app, Step.CONFIRM, piece_id, other)
    take(app, Step.CONFIRM, piece_id, publisher)


def test_what_a_second_person_has_published_since_needs_no_confirming(app: Flask, author: User, publisher: User) -> None:
    cast.somebody("publisher")
    piece_id = a_piece(author)
    take(app, Step.PUBLISH_URGENTLY, piece_id, publisher, remark="Bão số 5.")
    save(app, piece_id, author, title="Bão đã tan")
    take(app, Step.SUBMIT, piece_id, author)
    take(app, Step.PUBLISH, piece_id, publisher, note="")
    assert piece(piece_id).check_until is None


class TestTakenDown:
    def test_while_a_change_is_scheduled_the_change_does_not_appear(
        self, app: Flask, author: User, publisher: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        piece_id, at = published(app, author, publisher), clock.now_ms() + clock.HOUR
        save(app, piece_id, author, title="Mới")
        take(app, Step.SUBMIT, piece_id, author)
        take(app, Step.SCHEDULE, piece_id, publisher, at=at, note="")
        take(app, Step.TAKE_DOWN, piece_id, publisher, remark="Đăng nhầm.")
        later(monkeypatch, at)
        steps.appear(piece_id, at)
        assert (piece(piece_id).state, piece(piece_id).standing) == ("draft", "withdrawn")
        assert not is_public(article_of(piece_id).id)

    def test_it_is_scheduled_anew_and_hidden_until_its_minute(
        self, app: Flask, author: User, publisher: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        piece_id, at = published(app, author, publisher, title="Cũ"), clock.now_ms() + clock.HOUR
        take(app, Step.TAKE_DOWN, piece_id, publisher, remark="Đăng nhầm.")
        save(app, piece_id, author, title="Mới")
        take(app, Step.SUBMIT, piece_id, author)
        take(app, Step.SCHEDULE, piece_id, publisher, at=at, note="Đã sửa.")
        assert not is_public(article_of(piece_id).id)
        later(monkeypatch, at)
        steps.appear(piece_id, at)
        assert (is_public(article_of(piece_id).id), article_of(piece_id).title) == (True, "Mới")
        assert state_of(piece(piece_id)) is State.PUBLISHED

    def test_with_changes_pending_it_comes_back_when_these_are_given_up(self, app: Flask, author: User, publisher: User) -> None:
        piece_id = published(app, author, publisher, title="Cũ")
        take(app, Step.TAKE_DOWN, piece_id, publisher, remark="Đăng nhầm.")
        save(app, piece_id, author, title="Mới")
        with pytest.raises(Overtaken):
            take(app, Step.PUT_BACK, piece_id, publisher)
        take(app, Step.DISCARD, piece_id, author)
        take(app, Step.PUT_BACK, piece_id, publisher)
        assert (article_of(piece_id).title, piece(piece_id).title, is_public(article_of(piece_id).id)) == ("Cũ", "Cũ", True)

    def test_twice_the_first_reason_stays(self, app: Flask, author: User, publisher: User) -> None:
        piece_id = published(app, author, publisher)
        take(app, Step.TAKE_DOWN, piece_id, publisher, remark="Đăng nhầm.")
        with pytest.raises(Overtaken):
            take(app, Step.TAKE_DOWN, piece_id, publisher, remark="Lý do khác.")
        assert article_of(piece_id).withdrawn_reason == "Đăng nhầm."

    def test_a_reason_that_the_page_could_not_hold_is_refused(self, app: Flask, author: User, publisher: User) -> None:
        piece_id = published(app, author, publisher)
        with pytest.raises(Refused, match="300"):
            take(app, Step.TAKE_DOWN, piece_id, publisher, remark="a" * 301)
        assert is_public(article_of(piece_id).id)

    @pytest.mark.parametrize("which", ["itself", "nothing", "withdrawn"])
    def test_it_leads_to_what_can_be_read_alone(self, app: Flask, author: User, publisher: User, which: str) -> None:
        piece_id = published(app, author, publisher)
        other = cast.an_article(withdrawn_at=clock.now_ms())
        instead = {"itself": article_of(piece_id).id, "nothing": 4_711, "withdrawn": other}[which]
        with pytest.raises(Refused):
            take(app, Step.TAKE_DOWN, piece_id, publisher, remark="Đăng nhầm.", instead=instead)
        assert is_public(article_of(piece_id).id)


class TestDiscarded:
    def test_in_review_nothing_is_given_up(self, app: Flask, author: User, publisher: User) -> None:
        piece_id = published(app, author, publisher)
        save(app, piece_id, author, title="Mới")
        take(app, Step.SUBMIT, piece_id, author)
        with pytest.raises(Overtaken):
            take(app, Step.DISCARD, piece_id, author)
        assert piece(piece_id).title == "Mới"

    def test_after_a_recalled_schedule_it_is_what_the_public_sees(self, app: Flask, author: User, publisher: User) -> None:
        piece_id = published(app, author, publisher, title="Cũ")
        save(app, piece_id, author, title="Mới")
        take(app, Step.SUBMIT, piece_id, author)
        take(app, Step.SCHEDULE, piece_id, publisher, at=clock.now_ms() + clock.HOUR, note="")
        take(app, Step.RECALL, piece_id, publisher)
        take(app, Step.DISCARD, piece_id, author)
        assert (piece(piece_id).title, article_of(piece_id).title) == ("Cũ", "Cũ")

    def test_a_first_text_is_not_given_up(self, app: Flask, author: User) -> None:
        piece_id = a_piece(author)
        with pytest.raises(Overtaken):
            take(app, Step.DISCARD, piece_id, author)


class TestScheduled:
    def test_two_for_the_same_minute_both_appear(
        self, app: Flask, author: User, publisher: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        at = clock.now_ms() + clock.HOUR
        pieces = [scheduled(app, author, publisher, at, title=title) for title in ("Một", "Hai")]
        later(monkeypatch, at)
        for piece_id in pieces:
            steps.appear(piece_id, at)
        assert [state_of(piece(piece_id)) for piece_id in pieces] == [State.PUBLISHED, State.PUBLISHED]

    def test_scheduled_again_it_appears_at_its_later_minute(
        self, app: Flask, author: User, publisher: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first, second = (clock.now_ms() + hours * clock.HOUR for hours in (1, 2))
        piece_id = scheduled(app, author, publisher, first)
        take(app, Step.RECALL, piece_id, publisher)
        take(app, Step.SUBMIT, piece_id, author)
        take(app, Step.SCHEDULE, piece_id, publisher, at=second)
        later(monkeypatch, first)
        steps.appear(piece_id, first)
        assert (state_of(piece(piece_id)), is_public(article_of(piece_id).id)) == (State.SCHEDULED, False)
        later(monkeypatch, second)
        assert is_public(article_of(piece_id).id)
        steps.appear(piece_id, second)
        assert taken(piece_id).count("appear") == 1

    def test_what_has_appeared_is_not_recalled_as_a_schedule(
        self, app: Flask, author: User, publisher: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The job is late: the public sees it, the state does not say so yet."""
        at = clock.now_ms() + clock.HOUR
        piece_id = scheduled(app, author, publisher, at)
        later(monkeypatch, at + 1)
        with pytest.raises(Overtaken):
            take(app, Step.RECALL, piece_id, publisher)
        take(app, Step.TAKE_DOWN, piece_id, publisher, remark="Đăng nhầm.")
        assert (taken(piece_id)[-2:], state_of(piece(piece_id))) == (["appear", "take_down"], State.WITHDRAWN)

    def test_the_address_of_what_was_recalled_tells_nothing(
        self, app: Flask, author: User, publisher: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        at = clock.now_ms() + clock.HOUR
        piece_id = scheduled(app, author, publisher, at)
        take(app, Step.RECALL, piece_id, publisher)
        path, reader = cast.article_path(article_of(piece_id).id), app.test_client()
        before = reader.get(path)
        later(monkeypatch, at + clock.DAY)
        assert {before.status_code, reader.get(path).status_code} == {404}


class TestNobodyThere:
    def test_what_somebody_wrote_who_is_disabled_now_goes_on(self, app: Flask, author: User, publisher: User) -> None:
        piece_id = a_piece(author)
        take(app, Step.SUBMIT, piece_id, author)
        change(User, author.id, active=False)
        take(app, Step.PUBLISH, piece_id, publisher)
        assert state_of(piece(piece_id)) is State.PUBLISHED

    def test_a_disabled_publisher_is_no_second_person(self, app: Flask, publisher: User) -> None:
        other, piece_id = cast.somebody("publisher"), a_piece(publisher)
        take(app, Step.SUBMIT, piece_id, publisher)
        with pytest.raises(Refused):
            take(app, Step.PUBLISH, piece_id, publisher)
        change(User, other.id, active=False)
        take(app, Step.PUBLISH, piece_id, publisher)

    def test_a_piece_that_is_nobodys_any_more_is_still_published(self, app: Flask, author: User, publisher: User) -> None:
        piece_id = a_piece(author)
        take(app, Step.SUBMIT, piece_id, author)
        change(User, author.id, unit_id=cast.a_unit("Văn phòng"))
        take(app, Step.PUBLISH, piece_id, publisher)
        assert state_of(piece(piece_id)) is State.PUBLISHED


def change(model: Any, number: int, **values: object) -> None:
    def store(session: Session) -> None:
        session.execute(update(model).where(model.id == number).values(**values))

    write(store)
