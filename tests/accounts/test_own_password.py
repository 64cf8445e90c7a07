"""One's own password: changed by whoever says the present one; everything that was signed in before is over at once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from portal import audit, create_app
from portal.accounts import passwords
from portal.accounts.models import Attempt, OneTimeLink, TrustedDevice, User
from portal.core import clock
from portal.core.db import db, write
from portal.core.sessions import cookie_name
from tests import cast
from tests.accounts.browser import sign_in, token_of
from tests.accounts.own import (
    ACCOUNT,
    PASSWORD_PAGE,
    SIGN_IN,
    AtWork,
    a_passkey,
    a_trusted_device,
    actions,
    at_work,
    hash_of,
    key_of,
    keys_of,
)
from tests.client import PortalClient

NEW = "chùa Ông dưới núi Thiên Ấn"
WRONG = "Mật khẩu hiện tại chưa đúng"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords that are set through a page are hashed as quickly as can be."""
    monkeypatch.setattr(passwords, "HASHER", cast.QUICK)


@pytest.fixture
def author(app: Flask) -> AtWork:
    cast.a_site()
    return at_work(app, cast.somebody("author", unit=cast.a_unit(), password=cast.PASSWORD))


def change(
    somebody: AtWork, present: str = cast.PASSWORD, new: str = NEW, again: str | None = None, **more: str
) -> tuple[int, str]:
    fields = {"present": present, "password": new, "again": new if again is None else again, **more}
    return somebody.sends(PASSWORD_PAGE, PASSWORD_PAGE, **fields)


def kept(user: User) -> str | None:
    return db.session.scalar(select(User.password_hash).where(User.id == user.id))


def test_the_present_password_changes_it(app: Flask, author: AtWork) -> None:
    assert change(author) == (303, f"{ACCOUNT}?xong=mat-khau")
    assert "Đã đổi mật khẩu." in author.browser.get(f"{ACCOUNT}?xong=mat-khau").text
    assert actions() == ["password_changed"]
    visitor: PortalClient = app.test_client()  # type: ignore[assignment]
    assert sign_in(visitor, author.user.email).status_code == 422
    assert sign_in(visitor, author.user.email, NEW).status_code == 303


def test_it_is_the_same_password_however_it_is_composed(app: Flask, author: AtWork) -> None:
    decomposed = "chu\u0300a O\u0302ng du\u031bo\u031b\u0301i nu\u0301i Thie\u0302n A\u0302\u0301n"
    assert change(author, new=decomposed)[0] == 303
    assert sign_in(app.test_client(), author.user.email, NEW).status_code == 303  # type: ignore[arg-type]


def test_this_session_goes_on_with_another_key_and_all_others_end(app: Flask, author: AtWork) -> None:
    other = at_work(app, author.user)
    half = at_work(app, author.user, stage="code")
    assert change(author)[0] == 303

    assert key_of(app, author.browser) != author.key
    assert keys_of(author.user) == {hash_of(key_of(app, author.browser))}
    assert (author.asks(), other.asks(), half.asks("/ban-bien-tap/ma-xac-thuc")) == (200, 303, 303)
    assert actions() == ["password_changed", "session_ended"]


def test_the_cookies_of_before_are_refused_by_every_process(app: Flask, settings: dict[str, Any], author: AtWork) -> None:
    other = at_work(app, author.user)
    second = create_app(settings)
    assert change(author)[0] == 303
    for key in (author.key, other.key):
        browser = second.test_client()
        browser.set_cookie(cookie_name(second), key)
        assert browser.get(ACCOUNT).status_code == 303
    with second.app_context():
        second.extensions["sqlalchemy"].engine.dispose()


def test_no_device_is_trusted_and_no_link_counts_any_more(author: AtWork) -> None:
    a_trusted_device(author.user)
    now = clock.now_ms()
    times = {"created_at": now, "expires_at": now + clock.HOUR}
    link = insert(OneTimeLink).values(key_hash=b"k" * 32, purpose="reset", user_id=author.user.id, **times)
    write(lambda session: session.execute(link))
    assert change(author)[0] == 303
    assert db.session.scalars(select(TrustedDevice)).all() == []
    assert db.session.scalars(select(OneTimeLink)).all() == []
    assert actions() == ["password_changed", "device_forgotten"]


@pytest.mark.parametrize("number", [0, 1])
def test_passkeys_that_still_open_the_account_are_told(author: AtWork, number: int) -> None:
    for _ in range(number):
        a_passkey(author.user)
    assert change(author)[0] == 303
    page = author.browser.get(f"{ACCOUNT}?xong=mat-khau").text
    told = '<p class="notice warn">1 khóa truy cập (passkey) vẫn mở được tài khoản này. <a href="/ban-bien-tap/khoa">Xem lại</a>'
    assert (told in page) == bool(number)
    assert ("kể cả sau khi đổi mật khẩu" in author.browser.get(ACCOUNT).text) == bool(number)
    assert told not in author.browser.get(ACCOUNT).text


def test_nobody_else_is_touched(app: Flask, author: AtWork) -> None:
    colleague = at_work(app, cast.somebody("editor", password=cast.PASSWORD))
    a_trusted_device(colleague.user)
    assert change(author)[0] == 303
    assert colleague.asks() == 200
    assert len(db.session.scalars(select(TrustedDevice)).all()) == 1
    assert kept(colleague.user) == colleague.user.password_hash


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"present": "một mật khẩu khác"}, WRONG),
        ({"present": ""}, "Hãy điền"),
        ({"new": ""}, "Hãy điền"),
        ({"again": "không giống nhau đâu"}, "Hai lần nhập không khớp nhau."),
        ({"new": "ngắn"}, "ngắn"),
        ({"new": "x" * 70_000, "again": "x"}, ""),
        ({"new": "ê" * 1_000}, "quá dài"),
        ({"new": "123456789012"}, ""),
        ({"new": cast.PEOPLE["author"] + "2026"}, ""),
        ({"new": "Sở Khoa học và Công nghệ"}, ""),
        ({"new": "Phòng Hành chính 1"}, ""),
        ({"new": cast.PASSWORD}, "Đây là mật khẩu bạn đang dùng."),
    ],
)
def test_what_is_not_right_changes_nothing(author: AtWork, fields: dict[str, str], said: str) -> None:
    status, text = change(author, **fields)
    assert status in {413, 422}
    assert said in text
    for secret in filter(None, fields.values()):
        assert len(secret) < 10 or f'value="{secret}"' not in text
    assert kept(author.user) == author.user.password_hash
    assert author.asks() == 200
    assert actions() == (["sign_in_refused"] if said == WRONG else [])


def test_an_unfit_new_password_does_not_tell_whether_the_present_one_is_right(author: AtWork) -> None:
    texts = [change(author, present=present, new="ngắn")[1] for present in (cast.PASSWORD, "một mật khẩu khác")]
    assert texts[0] == texts[1]
    assert db.session.scalars(select(Attempt)).all() == []


def test_guesses_are_braked_and_the_right_password_with_them(app: Flask, author: AtWork) -> None:
    for _ in range(10):
        assert change(author, present="một mật khẩu khác")[0] == 422
    token = token_of(author.browser, PASSWORD_PAGE)
    answer = author.browser.submit(PASSWORD_PAGE, {"token": token, "present": cast.PASSWORD, "password": NEW, "again": NEW})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 300
    assert WRONG in answer.text
    assert actions() == ["sign_in_refused"] * 10 + ["braked"]
    assert sign_in(app.test_client(), author.user.email).status_code == 429  # type: ignore[arg-type]


def test_the_right_password_leaves_no_failure_behind(author: AtWork) -> None:
    assert change(author)[0] == 303
    assert db.session.scalars(select(Attempt)).all() == []


def test_two_at_once_make_one_change(app: Flask, author: AtWork) -> None:
    token = token_of(author.browser, PASSWORD_PAGE)

    def send(new: str) -> int:
        with app.app_context():
            browser: PortalClient = app.test_client()  # type: ignore[assignment]
            browser.set_cookie(cookie_name(app), author.key)
            form = {"token": token, "present": cast.PASSWORD, "password": new, "again": new}
            return browser.submit(PASSWORD_PAGE, form).status_code

    with ThreadPoolExecutor(2) as pool:
        statuses = sorted(pool.map(send, [NEW, "biển Mỹ Khê lúc rạng đông"]))
    assert statuses[0] == 303
    assert statuses[1] in {303, 401, 422}
    assert actions().count("password_changed") == 1
    assert len(keys_of(author.user)) == 1


def test_two_browsers_at_once_leave_one_of_them_signed_in(app: Flask, author: AtWork) -> None:
    both = [author, at_work(app, author.user)]
    forms = [(one, token_of(one.browser, PASSWORD_PAGE)) for one in both]

    def send(one: AtWork, token: str) -> int:
        with app.app_context():
            form = {"token": token, "present": cast.PASSWORD, "password": NEW, "again": NEW}
            return one.browser.submit(PASSWORD_PAGE, form).status_code

    with ThreadPoolExecutor(2) as pool:
        statuses = sorted(pool.map(lambda pair: send(*pair), forms))
    assert statuses[0] == 303
    assert statuses[1] in {303, 401, 422}
    assert sorted(one.asks() for one in both) == [200, 303]
    assert (
        actions() == ["password_changed", "session_ended", *(["sign_in_refused"] if statuses[1] == 422 else [])]
        or statuses[1] == 401
    )


def test_killed_half_way_nothing_has_changed(app: Flask, author: AtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    other = at_work(app, author.user)
    a_trusted_device(author.user)
    token = token_of(author.browser, PASSWORD_PAGE)

    def fail(session: Session, *_: object, **__: object) -> None:
        raise RuntimeError("killed")

    monkeypatch.setattr(audit, "record", fail)
    with pytest.raises(RuntimeError, match="killed"):
        author.browser.submit(PASSWORD_PAGE, {"token": token, "present": cast.PASSWORD, "password": NEW, "again": NEW})
    db.session.rollback()
    assert kept(author.user) == author.user.password_hash
    assert keys_of(author.user) == {hash_of(author.key), hash_of(other.key)}
    assert len(db.session.scalars(select(TrustedDevice)).all()) == 1


def test_no_other_column_is_set_by_the_form(author: AtWork) -> None:
    more = {
        "role": "administrator",
        "unit_id": "9",
        "active": "",
        "is_active": "",
        "totp_secret": "x",
        "id": "9",
        "user": "x@y.vn",
    }
    assert change(author, **more)[0] == 303
    found = db.session.get_one(User, author.user.id)
    same = ("role", "unit_id", "active", "totp_secret", "email", "name")
    assert [getattr(found, name) for name in same] == [getattr(author.user, name) for name in same]


@pytest.mark.parametrize("token", ["", "0" * 64, "another's"])
def test_a_form_without_this_session_s_token_is_refused(app: Flask, author: AtWork, token: str) -> None:
    other = at_work(app, cast.somebody("editor"))
    sent = token_of(other.browser, ACCOUNT) if token == "another's" else token
    form = {"token": sent, "present": cast.PASSWORD, "password": NEW, "again": NEW}
    assert author.browser.submit(PASSWORD_PAGE, form).status_code == 403
    assert author.browser.submit(PASSWORD_PAGE, form | {"token": ["a", "b"]}).status_code == 403  # type: ignore[dict-item]
    assert kept(author.user) == author.user.password_hash


def test_a_field_that_stands_twice_is_refused(author: AtWork) -> None:
    form = {"token": token_of(author.browser, PASSWORD_PAGE), "present": [cast.PASSWORD, "x"], "password": NEW, "again": NEW}
    assert author.browser.submit(PASSWORD_PAGE, form).status_code == 400


def test_what_was_sent_before_is_refused_after_the_change(author: AtWork) -> None:
    token = token_of(author.browser, PASSWORD_PAGE)
    form = {"token": token, "present": cast.PASSWORD, "password": NEW, "again": NEW}
    assert [author.browser.submit(PASSWORD_PAGE, form).status_code for _ in range(2)] == [303, 403]


def test_who_has_no_password_has_none_to_change(app: Flask) -> None:
    editor = at_work(app, cast.somebody("editor"))
    assert 'name="present"' not in editor.browser.get(PASSWORD_PAGE).text
    form = {"token": token_of(editor.browser, PASSWORD_PAGE), "present": "x", "password": NEW, "again": NEW}
    assert editor.browser.submit(PASSWORD_PAGE, form).status_code == 422
    assert kept(editor.user) is None


def test_a_visitor_is_led_to_signing_in(app: Flask, client: PortalClient) -> None:
    cast.somebody("author", password=cast.PASSWORD)
    answer = client.get(PASSWORD_PAGE)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{SIGN_IN}?next={PASSWORD_PAGE}")
    assert client.submit(PASSWORD_PAGE, {"present": cast.PASSWORD, "password": NEW, "again": NEW}).status_code == 401
