"""The way of an article: each step leads from where it may be taken to where it says, and nowhere else."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import User
from portal.articles.models import Correction, is_public
from portal.audit.models import Entry
from portal.core import clock, jobs
from portal.core.db import db
from portal.core.errors import Refused
from portal.publishing import acts, steps
from portal.publishing.rules import RULES, Step, possible
from portal.publishing.states import State, state_of
from portal.publishing.steps import Overtaken
from tests import cast
from tests.publishing.writing import a_piece, article_of, piece, published, save, take, taken


def test_from_draft_over_review_to_published(app: Flask, author: User, publisher: User) -> None:
    piece_id = a_piece(author, title="Kế hoạch")
    take(app, Step.SUBMIT, piece_id, author)
    take(app, Step.RETURN, piece_id, publisher, remark="Thiếu ngày ban hành.")
    assert state_of(piece(piece_id)) is State.RETURNED
    save(app, piece_id, author, lead="Ngày 23/02/2022, Sở ban hành kế hoạch.")
    take(app, Step.SUBMIT, piece_id, author)
    take(app, Step.APPROVE, piece_id, publisher)
    take(app, Step.PUBLISH, piece_id, publisher)
    assert state_of(piece(piece_id)) is State.PUBLISHED
    assert taken(piece_id) == ["submit", "return", "submit", "approve", "publish"]
    assert article_of(piece_id).lead == "Ngày 23/02/2022, Sở ban hành kế hoạch."
    assert is_public(article_of(piece_id).id)


def test_each_step_is_on_record(app: Flask, author: User, publisher: User) -> None:
    piece_id = published(app, author, publisher)
    entries = db.session.scalars(select(Entry).where(Entry.thing == f"piece:{piece_id}").order_by(Entry.id)).all()
    assert [(entry.action, entry.actor_id) for entry in entries] == [
        ("piece_begun", author.id),
        ("piece_submit", author.id),
        ("piece_publish", publisher.id),
    ]


def test_a_published_article_stays_while_it_is_revised(app: Flask, author: User, publisher: User) -> None:
    piece_id = published(app, author, publisher, title="Cũ")
    save(app, piece_id, author, title="Mới")
    assert (state_of(piece(piece_id)), article_of(piece_id).title) == (State.REVISING, "Cũ")
    take(app, Step.SUBMIT, piece_id, author)
    take(app, Step.PUBLISH, piece_id, publisher, note="Sửa tên.")
    article = article_of(piece_id)
    assert (article.title, article.updated_at is not None) == ("Mới", True)
    assert [row.text for row in db.session.scalars(select(Correction).where(Correction.article_id == article.id))] == ["Sửa tên."]


def test_a_minor_change_is_not_announced(app: Flask, author: User, publisher: User) -> None:
    piece_id = published(app, author, publisher)
    save(app, piece_id, author, title="Mới")
    take(app, Step.SUBMIT, piece_id, author)
    take(app, Step.PUBLISH, piece_id, publisher, note="")
    assert (article_of(piece_id).title, article_of(piece_id).updated_at) == ("Mới", None)


def test_a_change_says_whether_it_is_minor(app: Flask, author: User, publisher: User) -> None:
    piece_id = published(app, author, publisher)
    save(app, piece_id, author, title="Mới")
    take(app, Step.SUBMIT, piece_id, author)
    with pytest.raises(Refused, match="thay đổi"):
        take(app, Step.PUBLISH, piece_id, publisher)


def test_changes_can_be_given_up(app: Flask, author: User, publisher: User) -> None:
    piece_id = published(app, author, publisher, title="Cũ")
    save(app, piece_id, author, title="Mới")
    take(app, Step.DISCARD, piece_id, author)
    assert (state_of(piece(piece_id)), piece(piece_id).title, article_of(piece_id).title) == (State.PUBLISHED, "Cũ", "Cũ")


def test_taken_down_with_a_reason_and_published_again(app: Flask, author: User, publisher: User) -> None:
    piece_id = published(app, author, publisher)
    with pytest.raises(Refused):
        take(app, Step.TAKE_DOWN, piece_id, publisher)
    take(app, Step.TAKE_DOWN, piece_id, publisher, remark="Đăng nhầm.")
    article = article_of(piece_id)
    assert (state_of(piece(piece_id)), article.withdrawn_reason, is_public(article.id)) == (State.WITHDRAWN, "Đăng nhầm.", False)
    take(app, Step.PUT_BACK, piece_id, publisher)
    assert (state_of(piece(piece_id)), is_public(article.id)) == (State.PUBLISHED, True)


def test_what_was_seen_differently_is_not_stepped_on(app: Flask, author: User, publisher: User) -> None:
    piece_id = a_piece(author)
    take(app, Step.SUBMIT, piece_id, author)
    seen = piece(piece_id).head
    save(app, piece_id, publisher, title="Vừa sửa")
    with pytest.raises(Overtaken):
        take(app, Step.PUBLISH, piece_id, publisher, seen=seen)
    assert piece(piece_id).state == "in_review"


@pytest.mark.parametrize("field", ["title", "body", "section_id"])
def test_what_is_not_whole_is_not_sent_to_review(app: Flask, author: User, field: str) -> None:
    piece_id = a_piece(author)
    save(app, piece_id, author, **{field: None})
    with pytest.raises(Refused):
        take(app, Step.SUBMIT, piece_id, author)


def test_no_step_is_taken_from_a_state_that_does_not_allow_it(app: Flask, author: User, publisher: User) -> None:
    piece_id = a_piece(author)
    allowed = set(possible(piece(piece_id)))
    assert allowed == {Step.SUBMIT, Step.PUBLISH_URGENTLY}
    for step in set(RULES) - allowed:
        with pytest.raises(Overtaken):
            take(app, step, piece_id, publisher, remark="Lý do", note="", at=clock.now_ms() + clock.HOUR)
    assert taken(piece_id) == []


class TestTheSecondPerson:
    def test_with_two_publishers_nobody_approves_their_own(self, app: Flask, publisher: User) -> None:
        cast.somebody("publisher")
        piece_id = a_piece(publisher)
        take(app, Step.SUBMIT, piece_id, publisher)
        with pytest.raises(Refused, match="người khác"):
            take(app, Step.PUBLISH, piece_id, publisher)

    def test_nor_what_they_have_just_changed(self, app: Flask, author: User, publisher: User) -> None:
        cast.somebody("publisher")
        piece_id = a_piece(author)
        take(app, Step.SUBMIT, piece_id, author)
        save(app, piece_id, publisher, title="Của người duyệt")
        with pytest.raises(Refused):
            take(app, Step.APPROVE, piece_id, publisher)

    def test_a_leaders_approval_on_record_does(self, app: Flask, publisher: User) -> None:
        cast.somebody("publisher")
        piece_id = a_piece(publisher)
        take(app, Step.SUBMIT, piece_id, publisher)
        take(app, Step.PUBLISH, piece_id, publisher, leader={"who": "Giám đốc Sở", "how": "paper", "symbol": "30/KH-SKHCN"})
        assert state_of(piece(piece_id)) is State.PUBLISHED

    def test_alone_a_publisher_approves_their_own(self, app: Flask, publisher: User) -> None:
        cast.somebody("publisher", active=False)
        piece_id = a_piece(publisher)
        take(app, Step.SUBMIT, piece_id, publisher)
        take(app, Step.PUBLISH, piece_id, publisher)
        assert state_of(piece(piece_id)) is State.PUBLISHED

    def test_urgently_it_is_published_at_once_and_confirmed_by_another(self, app: Flask, publisher: User) -> None:
        second, piece_id = cast.somebody("publisher"), a_piece(publisher)
        with pytest.raises(Refused):
            take(app, Step.PUBLISH_URGENTLY, piece_id, publisher)
        take(app, Step.PUBLISH_URGENTLY, piece_id, publisher, remark="Bão số 5.")
        assert is_public(article_of(piece_id).id)
        assert 0 < (piece(piece_id).check_until or 0) - clock.now_ms() <= 24 * clock.HOUR
        with pytest.raises(Refused):
            take(app, Step.CONFIRM, piece_id, publisher)
        take(app, Step.CONFIRM, piece_id, second)
        assert piece(piece_id).check_until is None


class TestTheSchedule:
    def scheduled(self, app: Flask, author: User, publisher: User, at: int, **values: Any) -> int:
        piece_id = a_piece(author, **values)
        take(app, Step.SUBMIT, piece_id, author)
        take(app, Step.SCHEDULE, piece_id, publisher, at=at)
        return piece_id

    def test_it_appears_by_its_own_instant(
        self, app: Flask, author: User, publisher: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        at = clock.now_ms() + clock.HOUR
        piece_id = self.scheduled(app, author, publisher, at)
        article = article_of(piece_id)
        assert (state_of(piece(piece_id)), is_public(article.id)) == (State.SCHEDULED, False)
        monkeypatch.setattr(clock, "now_ms", lambda: at)
        assert is_public(article.id)
        steps.appear(piece_id, at)
        assert (state_of(piece(piece_id)), taken(piece_id)[-1]) == (State.PUBLISHED, "appear")
        steps.appear(piece_id, at)
        assert taken(piece_id).count("appear") == 1

    @pytest.mark.each_case_on_both
    @pytest.mark.parametrize("away", [-clock.HOUR, 0, 1_000 * 366 * clock.DAY])
    def test_never_in_the_past_nor_in_the_year_3022(self, app: Flask, author: User, publisher: User, away: int) -> None:
        piece_id = a_piece(author)
        take(app, Step.SUBMIT, piece_id, author)
        with pytest.raises(Refused):
            take(app, Step.SCHEDULE, piece_id, publisher, at=clock.now_ms() + away)
        assert piece(piece_id).thing_id is None

    def test_a_day_of_publication_in_the_past_does_not_make_it_appear_early(
        self, app: Flask, author: User, publisher: User
    ) -> None:
        piece_id = self.scheduled(app, author, publisher, clock.now_ms() + clock.HOUR, published_on="2022-03-17T08:00")
        assert not is_public(article_of(piece_id).id)

    def test_from_its_minute_on_it_bears_the_day_of_publication_that_was_given(
        self, app: Flask, author: User, publisher: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        at = clock.now_ms() + clock.HOUR
        piece_id = self.scheduled(app, author, publisher, at, published_on="2022-03-17T08:00")
        monkeypatch.setattr(clock, "now_ms", lambda: at)
        steps.appear(piece_id, at)
        assert is_public(article_of(piece_id).id)
        assert article_of(piece_id).published_at == clock.instant_at("2022-03-17T08:00")

    def test_a_day_of_publication_that_is_still_to_come_is_refused(self, app: Flask, author: User, publisher: User) -> None:
        piece_id = a_piece(author, published_on="3022-03-17T08:00")
        for step in (Step.SUBMIT, Step.PUBLISH_URGENTLY):
            with pytest.raises(Refused, match="Ngày đăng còn ở phía trước"):
                take(app, step, piece_id, publisher, remark="Bão số 5.")
        assert (state_of(piece(piece_id)), piece(piece_id).thing_id) == (State.DRAFT, None)

    def test_recalled_it_never_appears(self, app: Flask, author: User, publisher: User, monkeypatch: pytest.MonkeyPatch) -> None:
        at = clock.now_ms() + clock.HOUR
        piece_id = self.scheduled(app, author, publisher, at)
        take(app, Step.RECALL, piece_id, publisher)
        monkeypatch.setattr(clock, "now_ms", lambda: at + clock.MINUTE)
        steps.appear(piece_id, at)
        assert (state_of(piece(piece_id)), is_public(article_of(piece_id).id)) == (State.DRAFT, False)

    def test_a_scheduled_change_waits_for_its_minute(
        self, app: Flask, author: User, publisher: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        piece_id, at = published(app, author, publisher, title="Cũ"), clock.now_ms() + clock.HOUR
        save(app, piece_id, author, title="Mới")
        take(app, Step.SUBMIT, piece_id, author)
        take(app, Step.SCHEDULE, piece_id, publisher, at=at, note="Đổi tên.")
        assert article_of(piece_id).title == "Cũ"
        monkeypatch.setattr(clock, "now_ms", lambda: at)
        steps.appear(piece_id, at)
        assert (article_of(piece_id).title, article_of(piece_id).updated_at) == ("Mới", at)

    def test_recalled_and_scheduled_again_for_the_same_minute_it_appears_once(
        self, app: Flask, author: User, publisher: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        at = clock.now_ms() + clock.HOUR
        piece_id = self.scheduled(app, author, publisher, at)
        take(app, Step.RECALL, piece_id, publisher)
        take(app, Step.SUBMIT, piece_id, author)
        take(app, Step.SCHEDULE, piece_id, publisher, at=at)
        monkeypatch.setattr(clock, "now_ms", lambda: at)
        jobs.run_due()
        assert state_of(piece(piece_id)) is State.PUBLISHED
        assert taken(piece_id).count("appear") == 1

    def test_a_change_that_cannot_appear_is_tried_again_until_it_can(
        self, app: Flask, author: User, publisher: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        piece_id, at = published(app, author, publisher, title="Cũ"), clock.now_ms() + clock.HOUR
        save(app, piece_id, author, title="Mới")
        take(app, Step.SUBMIT, piece_id, author)
        take(app, Step.SCHEDULE, piece_id, publisher, at=at, note="Đổi tên.")

        def fail(*_: object, **__: object) -> None:
            raise OSError("a full disk")

        for late in range(8):
            monkeypatch.setattr(clock, "now_ms", lambda late=late: at + late * 3 * clock.HOUR)
            with pytest.MonkeyPatch.context() as broken:
                broken.setattr(acts, "put", fail)
                jobs.run_due()
        assert (state_of(piece(piece_id)), article_of(piece_id).title) == (State.SCHEDULED, "Cũ")
        monkeypatch.setattr(clock, "now_ms", lambda: at + clock.DAY + clock.HOUR)
        jobs.run_due()
        assert (state_of(piece(piece_id)), article_of(piece_id).title) == (State.PUBLISHED, "Mới")
