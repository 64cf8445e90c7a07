"""What a second person has to have seen: nobody approves what they have changed since somebody else stood for the text."""

import pytest
from flask import Flask

from portal.accounts.models import User
from portal.core.errors import Refused
from portal.publishing.rules import Step, possible
from tests import cast
from tests.publishing.writing import a_piece, piece, save, take, taken


@pytest.fixture
def both(app: Flask) -> tuple[User, User]:
    return cast.somebody("publisher"), cast.somebody("publisher")


def in_review(app: Flask, author: User) -> int:
    piece_id = a_piece(author)
    take(app, Step.SUBMIT, piece_id, author)
    return piece_id


def test_a_comma_of_somebody_else_does_not_hide_who_changed_the_text(app: Flask, author: User, both: tuple[User, User]) -> None:
    piece_id, editor = in_review(app, author), cast.somebody("editor")
    save(app, piece_id, both[0], lead="Chỉ người duyệt biết câu này.")
    save(app, piece_id, editor, title="Kế hoạch truyền thông, năm 2022")
    with pytest.raises(Refused, match="người khác"):
        take(app, Step.PUBLISH, piece_id, both[0])
    take(app, Step.PUBLISH, piece_id, both[1])


@pytest.mark.parametrize("step", [Step.APPROVE, Step.PUBLISH])
def test_who_changed_it_approves_it_when_its_author_has_sent_it_again(
    app: Flask, author: User, both: tuple[User, User], step: Step
) -> None:
    piece_id = in_review(app, author)
    save(app, piece_id, both[0], lead="Sửa khi duyệt.")
    with pytest.raises(Refused):
        take(app, step, piece_id, both[0])
    take(app, Step.RETURN, piece_id, both[0], remark="Tôi đã sửa phần mở đầu, đề nghị xem lại.")
    take(app, Step.SUBMIT, piece_id, author)
    take(app, step, piece_id, both[0])
    assert taken(piece_id)[-1] == step.value


def test_who_changed_it_and_sent_it_to_review_does_not_approve_it(app: Flask, author: User, both: tuple[User, User]) -> None:
    piece_id = a_piece(author)
    save(app, piece_id, both[0], lead="Viết lại.")
    save(app, piece_id, author, title="Kế hoạch khác")
    take(app, Step.SUBMIT, piece_id, both[0])
    with pytest.raises(Refused):
        take(app, Step.PUBLISH, piece_id, both[0])


def test_what_was_published_before_counts_no_more(app: Flask, author: User, both: tuple[User, User]) -> None:
    piece_id = in_review(app, author)
    save(app, piece_id, both[0], lead="Sửa khi duyệt.")
    take(app, Step.PUBLISH, piece_id, both[1])
    save(app, piece_id, author, title="Kế hoạch mới")
    take(app, Step.SUBMIT, piece_id, both[0])
    take(app, Step.PUBLISH, piece_id, both[0], note="")


def test_what_was_kept_beside_is_in_no_text_and_counts_for_nothing(app: Flask, author: User, both: tuple[User, User]) -> None:
    piece_id = in_review(app, author)
    save(app, piece_id, cast.somebody("editor"), title="Của B")
    save(app, piece_id, both[0], base=1, title="Của tôi")
    take(app, Step.PUBLISH, piece_id, both[0])


def test_taken_down_and_published_again_an_urgent_publication_is_still_to_be_confirmed(
    app: Flask, author: User, both: tuple[User, User]
) -> None:
    piece_id = a_piece(author)
    take(app, Step.PUBLISH_URGENTLY, piece_id, both[0], remark="Bão số 5.")
    until = piece(piece_id).check_until
    take(app, Step.TAKE_DOWN, piece_id, both[0], remark="Nhầm ảnh.")
    assert Step.CONFIRM not in possible(piece(piece_id))
    take(app, Step.PUT_BACK, piece_id, both[0])
    assert piece(piece_id).check_until == until
    with pytest.raises(Refused):
        take(app, Step.CONFIRM, piece_id, both[0])
    take(app, Step.CONFIRM, piece_id, both[1])


def test_what_a_second_person_has_published_after_it_was_taken_down_needs_no_confirming(
    app: Flask, author: User, both: tuple[User, User]
) -> None:
    piece_id = a_piece(author)
    take(app, Step.PUBLISH_URGENTLY, piece_id, both[0], remark="Bão số 5.")
    take(app, Step.TAKE_DOWN, piece_id, both[0], remark="Nhầm ảnh.")
    save(app, piece_id, author, title="Bão số 6")
    take(app, Step.SUBMIT, piece_id, author)
    take(app, Step.PUBLISH, piece_id, both[1], note="")
    assert piece(piece_id).check_until is None


def test_an_urgent_publication_that_nobody_confirmed_makes_nobodys_own_text_anothers(
    app: Flask, author: User, both: tuple[User, User]
) -> None:
    piece_id = a_piece(author)
    save(app, piece_id, both[0], lead="Chỉ người đăng biết câu này.")
    take(app, Step.PUBLISH_URGENTLY, piece_id, both[0], remark="Bão số 5.")
    save(app, piece_id, author, title="Bão số 5")
    take(app, Step.SUBMIT, piece_id, both[0])
    with pytest.raises(Refused):
        take(app, Step.PUBLISH, piece_id, both[0], note="")
    assert piece(piece_id).check_until is not None
