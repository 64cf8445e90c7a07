"""Before a new passkey or a new app somebody who is signed in is asked again: the password, a code, or a session just begun."""

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from portal.accounts import brakes
from portal.accounts.models import Attempt, Passkey, User
from portal.core import clock
from portal.core.db import db, write
from portal.core.sessions import StaffSession
from tests import cast
from tests.accounts.authenticator import Authenticator
from tests.accounts.browser import token_of
from tests.accounts.holding import KEYS
from tests.accounts.own import SET_UP, AtWork, actions, at_work, code_of, confirm, kept, recovery_code, shown, with_app

pytestmark = pytest.mark.usefixtures("still")


WRONG = "Mật khẩu hiện tại chưa đúng"
LATE = "Bạn đã đăng nhập hơn 10 phút trước."


def ask(somebody: AtWork, **fields: str) -> TestResponse:
    """Ask for the question of a new passkey, as the script does."""
    return somebody.browser.submit(f"{KEYS}/cau-hoi", {"token": token_of(somebody.browser, KEYS), **fields})


def rows(kind: Any) -> int:
    return len(db.session.scalars(select(kind)).all())


def age(somebody: AtWork, ms: int) -> None:
    """Have somebody's session begun so long ago."""
    begun = update(StaffSession).where(StaffSession.user_id == somebody.user.id).values(created_at=clock.now_ms() - ms)
    write(lambda session: session.execute(begun))


@pytest.mark.parametrize("again", ["", "sai", cast.PASSWORD + "x"])
def test_no_passkey_without_the_password(author: AtWork, again: str) -> None:
    answer = ask(author, again=again)
    said = answer.get_json()
    assert (answer.status_code, said["field"]) == (422, "again")
    assert said["said"].startswith(WRONG if again else "Hãy điền")
    assert "challenge" not in answer.text
    assert (rows(Attempt), actions()) == (bool(again), ["sign_in_refused"] if again else [])


def test_the_right_password_is_asked_once_and_counts_as_no_attempt(author: AtWork) -> None:
    device = Authenticator(origin="http://localhost", rp_id="localhost")
    question = ask(author, again=cast.PASSWORD).get_json()
    form = {"token": token_of(author.browser, KEYS), "answer": json.dumps(device.create(question))}
    assert author.browser.submit(KEYS, form).status_code == 200
    assert (rows(Passkey), rows(Attempt), actions()) == (1, 0, ["passkey_added"])


def test_no_app_without_the_password(author: AtWork) -> None:
    secret = shown(author)
    for again, said in (("", "Hãy điền"), ("sai", WRONG)):
        status, page = confirm(author, secret, again=again)
        assert status == 422
        assert f'<span class="field-bad" id="again-said">{said}' in page
        assert cast.PASSWORD not in page
    assert (kept(author.user), actions()) == (None, ["sign_in_refused"])
    assert confirm(author, secret)[0] == 200
    assert kept(author.user) == secret
    assert rows(Attempt) == 1


def test_a_wrong_code_of_the_app_asks_for_no_password(author: AtWork) -> None:
    status, page = author.sends(SET_UP, SET_UP, code="000000", again="sai")
    assert status == 422
    assert 'id="code-said">Mã này chưa đúng' in page
    assert (rows(Attempt), actions()) == (0, [])


@pytest.mark.parametrize("what", ["passkey", "app"])
def test_guesses_are_braked_as_signing_in_is(author: AtWork, what: str) -> None:
    def guess(again: str) -> TestResponse:
        if what == "passkey":
            return ask(author, again=again)
        form = {"token": token_of(author.browser, SET_UP), "code": code_of(shown(author)), "again": again}
        return author.browser.submit(SET_UP, form)

    for _ in range(brakes.MOST["account"]):
        assert guess("sai").status_code == 422
    braked = guess(cast.PASSWORD)
    assert (braked.status_code, int(braked.headers["Retry-After"]) > 0) == (429, True)
    assert (rows(Passkey), kept(author.user)) == (0, None)
    assert actions()[-1] == "braked"


def test_setting_up_just_after_the_password_asks_for_nothing(app: Flask) -> None:
    publisher = at_work(app, cast.somebody("publisher", password=cast.PASSWORD), stage="set_up")
    assert 'name="again"' not in publisher.browser.get(SET_UP).text
    status, _page = publisher.sends(SET_UP, SET_UP, code=code_of(shown(publisher)))
    assert status == 200
    assert actions() == ["second_factor_set_up", "sign_in"]


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("kind", ["code", "recovery"])
def test_who_has_no_password_gives_a_code_which_is_used_up(app: Flask, kind: str) -> None:
    user, secret = with_app(password_hash=None)
    somebody = at_work(app, user)
    code = code_of(secret) if kind == "code" else recovery_code(app, user)
    assert 'autocomplete="one-time-code"' in somebody.browser.get(KEYS).text
    assert ask(somebody, again="000000").status_code == 422
    assert ask(somebody, again=code).status_code == 200
    again = ask(somebody, again=code)
    assert (again.status_code, again.get_json()["said"][:17]) == (422, "Mã này không đúng")
    used = [] if kind == "code" else ["recovery_code_used"]
    assert actions() == ["sign_in_refused", *used, "sign_in_refused"]


def with_a_passkey_alone(app: Flask) -> AtWork:
    return at_work(app, cast.somebody("author"), first="passkey")


def test_who_has_a_passkey_alone_needs_a_session_just_begun(app: Flask) -> None:
    somebody = with_a_passkey_alone(app)
    secret = shown(somebody)
    age(somebody, 10 * clock.MINUTE)
    assert LATE in somebody.browser.get(KEYS).text
    assert "data-passkey=" not in somebody.browser.get(KEYS).text
    assert LATE in somebody.browser.get(SET_UP).text
    assert ask(somebody).get_json()["said"].startswith(LATE)
    status, page = confirm(somebody, secret)
    assert (status, LATE in page, kept(somebody.user)) == (422, True, None)

    age(somebody, 10 * clock.MINUTE - 1)
    assert ask(somebody).status_code == 200
    assert confirm(somebody, secret)[0] == 200
    assert rows(User) == 1


def test_another_key_makes_no_session_younger(app: Flask) -> None:
    """Whoever sets an app up gets another key; the session began when it began."""
    somebody = with_a_passkey_alone(app)
    age(somebody, 9 * clock.MINUTE)
    began = db.session.scalars(select(StaffSession.created_at)).one()
    assert confirm(somebody, shown(somebody))[0] == 200
    assert db.session.scalars(select(StaffSession.created_at)).one() == began
