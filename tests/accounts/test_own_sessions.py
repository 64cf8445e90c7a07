"""One's own sessions: listed, ended one by one or all but this; nobody ends another's, and an ended one is over at once."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import audit, create_app
from portal.accounts.models import TrustedDevice
from portal.core import clock
from portal.core.db import db, write
from portal.core.sessions import IDLE_MS, StaffSession, cookie_name
from tests import cast
from tests.accounts.browser import token_of
from tests.accounts.own import ACCOUNT, SIGN_IN, AtWork, a_trusted_device, actions, at_work, hash_of, keys_of
from tests.client import PortalClient

ALL = f"{ACCOUNT}/phien-khac/ket-thuc"


@pytest.fixture
def author(app: Flask) -> AtWork:
    return at_work(app, cast.somebody("author", unit=cast.a_unit(), password=cast.PASSWORD), device="Firefox, Linux")


def end(somebody: AtWork, key: str) -> tuple[int, str]:
    return somebody.sends(f"{ACCOUNT}/phien/{hash_of(key).hex()}/ket-thuc")


def test_the_page_says_who_somebody_is_here(author: AtWork) -> None:
    page = author.browser.get(ACCOUNT).text
    for told in (author.user.name, author.user.email, "Phòng Hành chính", "Cộng tác viên"):
        assert told in page


def test_the_page_is_kept_nowhere_and_tells_no_key(author: AtWork) -> None:
    answer = author.browser.get(ACCOUNT)
    assert answer.headers["Cache-Control"] == "no-store"
    assert author.key not in answer.text


def test_a_word_of_the_address_is_not_printed(author: AtWork) -> None:
    assert "hoanh-hoe" not in author.browser.get(f"{ACCOUNT}?xong=hoanh-hoe").text
    assert author.browser.get(f"{ACCOUNT}?xong=phien&xong=phien").status_code == 400


def test_sessions_are_listed_with_this_one_marked(app: Flask, author: AtWork) -> None:
    other = at_work(app, author.user, device="Chrome, Android")
    at_work(app, author.user, device="Safari, iPhone", stage="code")
    at_work(app, cast.somebody("editor"), device="Edge, Windows")
    page = author.browser.get(ACCOUNT).text
    assert "Chrome, Android" in page
    assert page.count("phiên này") == 1
    assert "Firefox, Linux <span" in page
    assert "Safari, iPhone" not in page
    assert "Edge, Windows" not in page
    assert hash_of(other.key).hex() in page
    assert hash_of(author.key).hex() not in page


def test_what_is_over_is_not_listed(app: Flask, author: AtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    at_work(app, author.user, device="Chrome, Android")
    later = clock.now_ms() + IDLE_MS - clock.MINUTE
    monkeypatch.setattr(clock, "now_ms", lambda: later)
    author.asks()
    monkeypatch.setattr(clock, "now_ms", lambda: later + 2 * clock.MINUTE)
    assert "Chrome, Android" not in author.browser.get(ACCOUNT).text


def test_a_session_that_is_ended_is_over_at_once(app: Flask, author: AtWork) -> None:
    other, third = at_work(app, author.user), at_work(app, author.user)
    assert end(author, other.key) == (303, f"{ACCOUNT}?xong=phien")
    assert (author.asks(), other.asks(), third.asks()) == (200, 303, 200)
    assert actions() == ["session_ended"]
    assert "Đã kết thúc phiên." in author.browser.get(f"{ACCOUNT}?xong=phien").text


def test_one_s_own_session_can_be_ended_too(author: AtWork) -> None:
    assert end(author, author.key)[0] == 303
    assert author.browser.get(ACCOUNT).headers["Location"] == f"{SIGN_IN}?next={ACCOUNT}"


def test_a_session_that_is_over_or_somebody_else_s_is_none(app: Flask, author: AtWork) -> None:
    colleague = at_work(app, cast.somebody("editor"))
    over = at_work(app, author.user)
    assert end(author, over.key)[0] == 303
    answers = [end(author, key) for key in (over.key, colleague.key, "never was one")]
    assert len(set(answers)) == 1
    assert colleague.asks() == 200
    assert actions() == ["session_ended"]


@pytest.mark.parametrize("name", ["a", "zz" * 32, "AB" * 32, "ab" * 31, "ab" * 33, "%20" + "ab" * 32, "ab " * 32])
def test_what_is_no_name_of_a_session_is_not_found(author: AtWork, name: str) -> None:
    assert author.sends(f"{ACCOUNT}/phien/{name}/ket-thuc")[0] == 404
    assert author.asks() == 200


def test_all_others_end_and_this_one_goes_on(app: Flask, author: AtWork) -> None:
    others = [at_work(app, author.user), at_work(app, author.user)]
    half = at_work(app, author.user, stage="code")
    colleague = at_work(app, cast.somebody("editor"))
    assert author.sends(ALL) == (303, f"{ACCOUNT}?xong=phien-khac")
    assert (author.asks(), colleague.asks()) == (200, 200)
    assert [one.asks() for one in others] == [303, 303]
    assert keys_of(author.user) == {hash_of(author.key)}
    assert half.asks("/ban-bien-tap/ma-xac-thuc") == 303
    assert author.sends(ALL)[0] == 303
    assert actions() == ["session_ended"]


def test_with_all_others_no_device_is_trusted_any_more(app: Flask, author: AtWork) -> None:
    at_work(app, author.user)
    colleague = cast.somebody("editor")
    for user in (author.user, author.user, colleague):
        a_trusted_device(user)
    assert author.sends(ALL)[0] == 303
    assert db.session.scalars(select(TrustedDevice.user_id)).all() == [colleague.id]
    assert actions() == ["session_ended", "device_forgotten", "device_forgotten"]
    assert "không còn thiết bị nào được tin cậy" in author.browser.get(f"{ACCOUNT}?xong=phien-khac").text


def test_the_ended_cookies_are_refused_by_every_process(app: Flask, settings: dict[str, Any], author: AtWork) -> None:
    others = [at_work(app, author.user) for _ in range(2)]
    second = create_app(settings)
    browser = second.test_client()
    browser.set_cookie(cookie_name(second), others[0].key)
    assert browser.get(ACCOUNT).status_code == 200
    assert end(author, others[0].key)[0] == 303
    assert browser.get(ACCOUNT).status_code == 303
    assert author.sends(ALL)[0] == 303
    browser.set_cookie(cookie_name(second), others[1].key)
    assert browser.get(ACCOUNT).status_code == 303
    with second.app_context():
        second.extensions["sqlalchemy"].engine.dispose()


def test_killed_half_way_no_session_has_ended(app: Flask, author: AtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    other = at_work(app, author.user)
    token = token_of(author.browser, ACCOUNT)

    def fail(session: Session, *_: object, **__: object) -> None:
        raise RuntimeError("killed")

    monkeypatch.setattr(audit, "record", fail)
    for path in (ALL, f"{ACCOUNT}/phien/{hash_of(other.key).hex()}/ket-thuc"):
        with pytest.raises(RuntimeError, match="killed"):
            author.browser.submit(path, {"token": token})
    db.session.rollback()
    assert other.asks() == 200


@pytest.mark.parametrize("token", ["", "0" * 64])
def test_without_the_token_nothing_ends(app: Flask, author: AtWork, token: str) -> None:
    other = at_work(app, author.user)
    for path in (ALL, f"{ACCOUNT}/phien/{hash_of(other.key).hex()}/ket-thuc"):
        assert author.browser.submit(path, {"token": token}).status_code == 403
        assert author.browser.get(path).status_code == 405
    assert other.asks() == 200


def test_a_visitor_ends_nothing(app: Flask, client: PortalClient, author: AtWork) -> None:
    for path in (ALL, f"{ACCOUNT}/phien/{hash_of(author.key).hex()}/ket-thuc"):
        assert client.submit(path, {"token": token_of(client, SIGN_IN)}).status_code == 401
    assert author.asks() == 200


def test_a_clock_that_is_set_back_logs_nobody_out(author: AtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now_ms()
    monkeypatch.setattr(clock, "now_ms", lambda: now - 2 * clock.HOUR)
    assert author.asks() == 200
    assert "phiên này" in author.browser.get(ACCOUNT).text


def test_two_days_later_everybody_is_out(author: AtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now_ms()
    monkeypatch.setattr(clock, "now_ms", lambda: now + 2 * clock.DAY)
    assert author.asks() == 303


def test_work_is_noted_once_a_minute_and_shown(app: Flask, author: AtWork) -> None:
    other = at_work(app, author.user, device="Chrome, Android")
    seen = clock.instant_at("2026-03-17T08:05")
    long_ago = update(StaffSession).where(StaffSession.key_hash == hash_of(other.key)).values(created_at=seen)
    write(lambda session: session.execute(long_ago))
    assert "08:05 ngày 17/03/2026" in author.browser.get(ACCOUNT).text
