"""Administrators see on each of their pages when the site was last saved, in red where that is long ago or failed."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from portal import audit
from portal.accounts.views import home
from portal.audit import vocabulary
from portal.backup import folder
from portal.core import clock
from portal.core.db import db, write
from portal.core.sessions import StaffSession, cookie_name
from tests import cast
from tests.client import PortalClient

PAGE, OWN = "/ban-bien-tap/ban-luu", "/ban-bien-tap/tai-khoan"
LINE = re.compile(
    r'<aside class="staff-notices"[^>]*>\s*<div class="wrap"><p( class="notice bad")?><a href="/ban-bien-tap/ban-luu">([^<]*)</a>'
)


def at_work(app: Flask, role: str) -> PortalClient:
    browser: PortalClient = app.test_client()  # type: ignore[assignment]
    browser.set_cookie(cookie_name(app), cast.session_of(cast.somebody(role, unit=cast.a_unit())))
    return browser


@pytest.fixture
def administrator(app: Flask) -> Iterator[PortalClient]:
    return at_work(app, "administrator")  # type: ignore[return-value]


def made(**fields: Any) -> None:
    values = {"way": "nightly", "kilobytes": 1_234, "files": 28, "missing": 0, **fields}
    write(lambda session: audit.record(session, vocabulary.BACKUP_MADE, actor=audit.COMMAND, **values))


def failed(cause: str) -> None:
    write(lambda session: audit.record(session, vocabulary.BACKUP_FAILED, actor=audit.COMMAND, cause=cause))


def line(browser: PortalClient, page: str = OWN) -> tuple[bool, str]:
    """Return whether the line is red, and what it says."""
    found = LINE.search(browser.get(page).text)
    assert found is not None
    return found[1] is not None, found[2]


def later(monkeypatch: pytest.MonkeyPatch, ms: int) -> None:
    now = clock.now_ms() + ms
    write(lambda session: session.execute(update(StaffSession).values(seen_at=now, expires_at=now + clock.HOUR)))
    monkeypatch.setattr(clock, "now_ms", lambda: now)


def test_the_latest_is_told(administrator: PortalClient) -> None:
    made()
    is_red, text = line(administrator)
    assert not is_red
    assert re.fullmatch(r"Bản lưu gần nhất: \d\d:\d\d ngày \d\d/\d\d/\d{4} \(1,2 MB\)\.", text)


def test_it_stands_where_signing_in_leads_an_administrator(app: Flask) -> None:
    failed("full")
    user = cast.somebody("administrator", unit=cast.a_unit())
    browser: PortalClient = app.test_client()  # type: ignore[assignment]
    browser.set_cookie(cookie_name(app), cast.session_of(user))
    with app.test_request_context():
        first = home(user.id)
    assert line(browser, first) == (True, "Bản lưu gần nhất: chưa có.")


def test_it_is_red_when_a_night_is_missing(administrator: PortalClient, monkeypatch: pytest.MonkeyPatch) -> None:
    made()
    later(monkeypatch, 27 * clock.HOUR)
    assert not line(administrator)[0]
    later(monkeypatch, 2 * clock.HOUR)
    is_red, text = line(administrator)
    assert is_red
    assert "đã quá lâu" in text


@pytest.mark.parametrize(
    ("cause", "words"), [("full", "đĩa đã đầy"), ("ended", "tiến trình bị dừng"), ("other", "nhật ký máy chủ")]
)
def test_it_is_red_when_the_last_one_failed(administrator: PortalClient, cause: str, words: str) -> None:
    made()
    failed(cause)
    is_red, text = line(administrator)
    assert is_red
    assert words in text
    made()
    assert not line(administrator)[0]


def test_it_is_red_when_files_were_missing(administrator: PortalClient) -> None:
    made(missing=3)
    is_red, text = line(administrator)
    assert is_red
    assert "thiếu hoặc hỏng: 3" in text


def test_a_new_site_waits_for_its_first_night(administrator: PortalClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert line(administrator) == (False, "Bản lưu gần nhất: chưa có.")
    write(lambda session: audit.record(session, vocabulary.UNIT_CREATED, actor=audit.COMMAND, thing="unit:1", name="Văn phòng"))
    later(monkeypatch, 2 * clock.DAY)
    assert line(administrator) == (True, "Bản lưu gần nhất: chưa có.")


@pytest.mark.parametrize("role", ["author", "editor", "publisher"])
def test_nobody_else_sees_it(app: Flask, role: str) -> None:
    failed("full")
    browser = at_work(app, role)
    assert LINE.search(browser.get(OWN).text) is None
    assert browser.get(PAGE).status_code == 404


def test_the_page_lists_the_last_ones_and_the_archives(app: Flask, administrator: PortalClient) -> None:
    folder.own().mkdir()
    (folder.own() / "nightly-20260317-020000.tar").write_bytes(bytes(1_500_000))
    made(way="command", missing=2)
    failed("full")
    html = administrator.get(PAGE).text
    rows = re.findall(r"<tr>\s*<th scope=\"row\">.*?</tr>", html, re.DOTALL)
    told = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]
    assert "Không thành công: đĩa đã đầy" in told[0]
    assert "1,2 MB 28 tệp Đã lưu; tệp thiếu hoặc hỏng: 2" in told[1]
    assert "nightly-20260317-020000.tar" in html
    assert "1,5 MB" in html
    db.session.rollback()


def test_the_page_says_how_many_are_kept_and_that_none_are_made(app: Flask) -> None:
    app.config["BACKUPS_KEPT"] = 5
    assert "giữ lại 5 bản mới nhất" in at_work(app, "administrator").get(PAGE).text
    app.config["BACKUPS_KEPT"] = 0
    html = at_work(app, "administrator").get(PAGE).text
    assert "Ban đêm không tạo bản lưu nào" in html
