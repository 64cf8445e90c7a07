"""Recovery codes made anew and kept as a file, and the app taken away: each for a present code, which counts once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import audit
from portal.accounts import authenticator
from portal.accounts.models import RecoveryCode, TrustedDevice, User
from portal.core.db import db
from portal.core.sessions import cookie_name
from tests import cast
from tests.accounts.browser import sign_in, token_of
from tests.accounts.own import (
    ACCOUNT,
    CODES,
    REMOVAL,
    AtWork,
    a_passkey,
    a_trusted_device,
    actions,
    at_work,
    code_of,
    codes_on,
    hash_of,
    key_of,
    keys_of,
    recovery_code,
    with_app,
)
from tests.client import PortalClient

FILE = f"{CODES}/tep"


@pytest.fixture
def owned(app: Flask) -> tuple[AtWork, str]:
    """An author who has an app, and the app's secret."""
    cast.a_site()
    user, secret = with_app("author")
    return at_work(app, user), secret


def has_app(user: User) -> bool:
    return db.session.scalar(select(User.totp_secret).where(User.id == user.id)) is not None


def hashes() -> set[bytes]:
    return set(db.session.scalars(select(RecoveryCode.hash)))


def test_new_codes_stand_in_place_of_the_old_ones(app: Flask, owned: tuple[AtWork, str]) -> None:
    author, secret = owned
    old = recovery_code(app, author.user)
    status, page = author.sends(CODES, CODES, code=code_of(secret))
    assert status == 200
    assert len(codes_on(page)) == len(hashes()) == 10
    assert old not in codes_on(page)
    assert author.sends(CODES, CODES, code=old)[0] == 422
    assert author.asks() == 200


def test_a_recovery_code_asks_for_new_ones_too_once(app: Flask, owned: tuple[AtWork, str]) -> None:
    author, _secret = owned
    old = recovery_code(app, author.user)
    assert [author.sends(CODES, CODES, code=old)[0] for _ in range(2)] == [200, 422]


@pytest.mark.parametrize("path", [CODES, REMOVAL])
@pytest.mark.parametrize("wrong", ["", "000", "x" * 65, "used", "another's recovery code", "another's", "of the last hour"])
def test_a_wrong_code_changes_nothing(app: Flask, owned: tuple[AtWork, str], path: str, wrong: str) -> None:
    author, secret = owned
    recovery_code(app, author.user)
    colleague, other = with_app("editor")
    codes = {
        "used": code_of(secret),
        "another's recovery code": recovery_code(app, colleague),
        "another's": code_of(other),
        "of the last hour": code_of(secret, steps=-120),
    }
    if wrong == "used":
        assert author.sends(CODES, CODES, code=code_of(secret))[0] == 200
    before = hashes()
    assert author.sends(path, path, code=codes.get(wrong, wrong))[0] == 422
    assert (hashes(), has_app(author.user), has_app(colleague)) == (before, True, True)
    assert "second_factor_removed" not in actions()


@pytest.mark.parametrize("path", [CODES, REMOVAL])
def test_guesses_are_braked_and_the_right_code_with_them(owned: tuple[AtWork, str], path: str) -> None:
    author, secret = owned
    for _ in range(10):
        assert author.sends(path, path, code="000")[0] == 422
    answer = author.browser.submit(path, {"token": token_of(author.browser, path), "code": code_of(secret)})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 300
    assert has_app(author.user)
    assert actions() == ["sign_in_refused"] * 10 + ["braked"]


def test_the_file_holds_the_codes_and_is_kept_nowhere(owned: tuple[AtWork, str]) -> None:
    author, secret = owned
    codes = codes_on(author.sends(CODES, CODES, code=code_of(secret))[1])
    answer = author.browser.submit(FILE, {"token": token_of(author.browser, ACCOUNT), "codes": " ".join(codes)})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="ma-du-phong.txt"'
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.text.split()[-10:] == codes
    assert author.user.email in answer.text


def test_the_file_holds_nothing_but_one_s_own_codes(app: Flask, owned: tuple[AtWork, str]) -> None:
    author, _secret = owned
    own, foreign = recovery_code(app, author.user), recovery_code(app, with_app("editor")[0])
    form = {"token": token_of(author.browser, ACCOUNT)}
    mixed = author.browser.submit(FILE, form | {"codes": f"=1+1 <script> {foreign} {own}"})
    assert mixed.text.split()[-1] == own
    for nothing in ("", foreign, "<b>", "BCFGHJ-BCFGHJ-BCFGHJ"):
        assert author.browser.submit(FILE, form | {"codes": nothing}).status_code == 422
    for refused in ("x" * 401, "a\r\nb"):
        assert author.browser.submit(FILE, form | {"codes": refused}).status_code == 400
    assert "script" not in mixed.text
    assert foreign not in mixed.text


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_a_present_code_takes_the_app_away(app: Flask, owned: tuple[AtWork, str], kind: str) -> None:
    author, secret = owned
    other = at_work(app, author.user)
    a_trusted_device(author.user)
    spare = recovery_code(app, author.user)
    code = code_of(secret) if kind == "app" else spare

    assert author.sends(REMOVAL, REMOVAL, code=code) == (303, f"{ACCOUNT}?xong=bo-buoc-hai")

    assert not has_app(author.user)
    assert (hashes(), db.session.scalars(select(TrustedDevice)).all()) == (set(), [])
    assert (author.asks(), other.asks()) == (200, 303)
    assert keys_of(author.user) == {hash_of(key_of(app, author.browser))}
    assert key_of(app, author.browser) != author.key
    used = ["recovery_code_used"] if kind == "recovery" else []
    assert actions() == [*used, "second_factor_removed", "session_ended", "device_forgotten"]
    browser: PortalClient = app.test_client()  # type: ignore[assignment]
    assert sign_in(browser, author.user.email).headers["Location"] == "/ban-bien-tap"


@pytest.mark.parametrize("role", ["publisher", "administrator"])
def test_a_role_that_needs_a_second_factor_keeps_it_unless_there_is_a_passkey(app: Flask, role: str) -> None:
    user, secret = with_app(role)
    somebody = at_work(app, user)
    assert "bo-buoc-hai" not in somebody.browser.get(ACCOUNT).text
    assert 'name="code"' not in somebody.browser.get(REMOVAL).text
    answer = somebody.sends(REMOVAL, ACCOUNT, code=code_of(secret))
    assert answer[0] == 422
    assert "khóa truy cập" in answer[1]
    assert (has_app(user), actions()) == (True, [])
    a_passkey(user)
    assert somebody.sends(REMOVAL, REMOVAL, code=code_of(secret))[0] == 303
    assert not has_app(user)


def test_the_passkey_must_still_be_there_in_the_write_itself(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    user, secret = with_app("publisher")
    somebody = at_work(app, user)
    monkeypatch.setattr(authenticator, "may_remove", lambda _: True)  # as if it was, a moment ago
    assert somebody.sends(REMOVAL, REMOVAL, code=code_of(secret))[0] == 422
    assert (has_app(user), actions()) == (True, [])


def test_a_new_app_has_another_secret(app: Flask, owned: tuple[AtWork, str]) -> None:
    author, secret = owned
    assert author.sends(REMOVAL, REMOVAL, code=code_of(secret))[0] == 303
    page = author.browser.get("/ban-bien-tap/buoc-hai").text
    assert secret not in page.replace(" ", "")


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("path", [CODES, REMOVAL])
def test_two_at_once_with_one_code_do_it_once(app: Flask, owned: tuple[AtWork, str], path: str) -> None:
    author, secret = owned
    form = {"token": token_of(author.browser, path), "code": code_of(secret)}

    def send(_: int) -> int:
        with app.app_context():
            browser: PortalClient = app.test_client()  # type: ignore[assignment]
            browser.set_cookie(cookie_name(app), author.key)
            return browser.submit(path, form).status_code

    with ThreadPoolExecutor(2) as pool:
        statuses = sorted(pool.map(send, range(2)))
    assert statuses[0] in {200, 303}
    assert statuses[1] in {401, 404, 422}
    assert len(hashes()) == (10 if path == CODES else 0)
    assert actions().count("second_factor_removed") == (path == REMOVAL)


def test_killed_half_way_the_app_is_there_still(app: Flask, owned: tuple[AtWork, str], monkeypatch: pytest.MonkeyPatch) -> None:
    author, secret = owned
    recovery_code(app, author.user)
    a_trusted_device(author.user)
    form = {"token": token_of(author.browser, REMOVAL), "code": code_of(secret)}

    def fail(session: Session, *_: object, **__: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(audit, "record", fail)
        with pytest.raises(RuntimeError, match="killed"):
            author.browser.submit(REMOVAL, form)
    db.session.rollback()
    assert (has_app(author.user), len(hashes())) == (True, 1)
    assert len(db.session.scalars(select(TrustedDevice)).all()) == 1
    assert keys_of(author.user) == {hash_of(author.key)}
    assert author.browser.submit(REMOVAL, form).status_code == 303, "the code was not used up"


def test_who_has_no_app_finds_none_of_these_pages(app: Flask) -> None:
    editor = at_work(app, cast.somebody("editor"))
    for path in (CODES, REMOVAL):
        assert editor.asks(path) == 404
        assert editor.sends(path, code="123456")[0] == 404
    assert editor.sends(FILE, codes="BCFGHJ-BCFGHJ-BCFGHJ")[0] == 404


@pytest.mark.parametrize("path", [CODES, REMOVAL, FILE])
def test_without_the_token_nothing_happens(owned: tuple[AtWork, str], path: str) -> None:
    author, secret = owned
    for token in ("", "0" * 64):
        assert author.browser.submit(path, {"token": token, "code": code_of(secret)}).status_code == 403
    assert has_app(author.user)
