"""The audit's page: for administrators alone, by filters, in pages, as a file; and it tells whether the log is whole."""

import csv
import io
import re

import pytest
from flask import Flask
from sqlalchemy import update

from portal.audit import checks, filters, record, vocabulary
from portal.audit.listing import PER_PAGE, Filters, csv_of
from portal.core import clock, jobs
from portal.core.db import db, write
from portal.core.sessions import StaffSession, cookie_name
from tests import cast
from tests.accounts.browser import own_token, token_of
from tests.audit.recording import ADMINISTRATOR, EDITOR, entries, some_entries, tamper
from tests.client import HTMX, PortalClient

PAGE = "/ban-bien-tap/nhat-ky"
WHOLE, BROKEN = "Nhật ký còn nguyên", "Nhật ký không còn nguyên"


@pytest.fixture
def administrator(app: Flask, client: PortalClient) -> PortalClient:
    """The browser of an administrator who is signed in."""
    client.set_cookie(cookie_name(app), cast.session_of(cast.somebody("administrator")))
    return client


def rows(html: str) -> int:
    return html.count('<tr role="row">') - html.count("<thead>")


def download(client: PortalClient, **chosen: str) -> list[list[str]]:
    """Return the lines of the file, without its header."""
    answer = client.submit(f"{PAGE}/tai-ve", {"token": token_of(client, PAGE), **chosen})
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))[1:]


@pytest.mark.parametrize("role", ["author", "editor", "publisher"])
def test_nobody_else_finds_it(app: Flask, client: PortalClient, role: str) -> None:
    some_entries(1)
    client.set_cookie(cookie_name(app), cast.session_of(cast.somebody(role)))
    token = own_token(client)
    assert "Nhật ký" not in client.get("/ban-bien-tap/tai-khoan").text
    for path in (PAGE, f"{PAGE}?viec=sign_out"):
        assert client.get(path).status_code == 404
        assert EDITOR.name not in client.get(path, headers=HTMX).text
    for act in ("tai-ve", "kiem-tra"):
        assert client.submit(f"{PAGE}/{act}", {"token": token}).status_code == 404
    assert [entry.action for entry in entries()] == ["sign_out", *["access_refused"] * 3]


def test_an_entry_says_when_who_what_and_to_what(administrator: PortalClient, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(clock, "now_ms", lambda: clock.instant_at("2026-03-17T08:00"))
        some_entries(1)
    html = administrator.get(PAGE).text
    assert '<time datetime="2026-03-17T08:00:00+07:00">08:00 ngày 17/03/2026</time>' in html
    assert f'href="{PAGE}?nguoi=2">{EDITOR.name}</a>' in html
    assert "Đã đăng xuất" in html
    assert f'href="{PAGE}?vao=user:2">user:2</a>' in html


def test_what_is_written_in_a_name_is_text(administrator: PortalClient) -> None:
    strange = type("Strange", (), {"id": 7, "name": "<script>alert(1)</script>"})()
    write(lambda session: record(session, vocabulary.SIGN_OUT, actor=strange, thing="user:7"))
    assert "<script>alert" not in administrator.get(PAGE).text


def test_each_filter_leaves_what_matches(administrator: PortalClient) -> None:
    some_entries(2)
    some_entries(1, actor=ADMINISTRATOR)
    today = clock.day_of(clock.now_ms()).strftime("%d/%m/%Y")
    found = {
        query: rows(administrator.get(f"{PAGE}?{query}").text)
        for query in ("", "viec=sign_out", "viec=braked", "nguoi=2", "nguoi=99", "vao=user:4", "vao=user:4&nguoi=2")
    }
    assert list(found.values()) == [3, 3, 0, 2, 0, 1, 0]
    assert [rows(administrator.get(f"{PAGE}?{query}").text) for query in (f"tu={today}", f"den={today}", "den=2020-01-01")] == [
        3,
        3,
        0,
    ]


def test_the_form_keeps_what_was_chosen(administrator: PortalClient) -> None:
    some_entries(1)
    html = administrator.get(f"{PAGE}?viec=sign_out&nguoi=2&vao=user:2&tu=17/03/2022&den=").text
    assert '<option value="sign_out" selected>' in html
    assert '<option value="2" selected>' in html
    assert 'value="user:2"' in html
    assert 'value="2022-03-17"' in html


WRONG = {
    "vao=user": "user:12",
    "vao=user:0": "user:12",
    "vao=<b>": "user:12",
    "vao=user:99999999999": "user:12",
    "tu=31/02/2022": "17/03/2022",
    "tu=2022-02-31": "17/03/2022",
    "tu=0000-01-01": "17/03/2022",
    "tu=hôm qua": "17/03/2022",
    "den=１７/03/2022": "17/03/2022",
    "tu=2022-03-17&den=2022-03-16": "trước",
}


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("query", WRONG)
def test_what_cannot_be_read_is_said_at_its_field(administrator: PortalClient, query: str) -> None:
    some_entries(1)
    answer = administrator.get(PAGE, query_string=dict(pair.split("=", 1) for pair in query.split("&")))
    assert answer.status_code == 422
    assert WRONG[query] in re.findall(r'class="field-bad" id="\w+-said">([^<]+)<', answer.text)[0]
    assert rows(answer.text) == 0
    assert "tai-ve" not in answer.text


@pytest.mark.each_case_on_both
@pytest.mark.parametrize(
    "query", ["viec=flown", "nguoi=x", "nguoi=0", "nguoi=99999999999", "viec=a&viec=b", "vao=a%0Ab", "tu=%00", "vao=" + 61 * "x"]
)
def test_what_no_form_of_ours_sends_is_refused(administrator: PortalClient, query: str) -> None:
    assert administrator.get(f"{PAGE}?{query}").status_code == 400


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("after", ["x", "0-1", "1-99999999999"])
def test_a_place_that_is_none_is_not_found(administrator: PortalClient, after: str) -> None:
    assert administrator.get(f"{PAGE}?sau={after}").status_code == 404


def test_pages_follow_each_other_with_the_same_filters(administrator: PortalClient) -> None:
    some_entries(2 * PER_PAGE + 1)
    some_entries(1, actor=ADMINISTRATOR)
    path, seen = f"{PAGE}?viec=sign_out&nguoi=2", []
    while path:
        html = administrator.get(path).text
        seen.append(rows(html))
        older = re.search(r'rel="next" href="([^"]+)"', html)
        path = older[1].replace("&amp;", "&") if older else ""
        assert not path or "viec=sign_out" in path
    assert seen == [PER_PAGE, PER_PAGE, 1]
    assert 'rel="prev"' in html


def test_in_place_only_the_list_is_sent(administrator: PortalClient) -> None:
    some_entries(1)
    answer = administrator.get(f"{PAGE}?viec=sign_out", headers=HTMX)
    assert answer.text.lstrip().startswith(f'<div id="audit" data-url="{PAGE}?viec=sign_out">')
    assert rows(answer.text) == 1
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_file_holds_what_matches_and_who_took_it(administrator: PortalClient) -> None:
    some_entries(2)
    some_entries(1, actor=ADMINISTRATOR)
    assert [line[6] for line in download(administrator, nguoi="2")] == ["sign_out", "sign_out"]
    assert [line[6] for line in download(administrator)] == ["audit_exported", "audit_exported", *3 * ["sign_out"]]
    taken = entries()[-2:]
    assert [entry.fields for entry in taken] == ['{"whole":false}', '{"whole":true}']
    assert {entry.actor_name for entry in taken} == {cast.PEOPLE["administrator"]}


def test_the_file_is_one_that_no_browser_opens_or_keeps(administrator: PortalClient) -> None:
    answer = administrator.submit(f"{PAGE}/tai-ve", {"token": token_of(administrator, PAGE)})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(r'attachment; filename="nhat-ky-\d{4}-\d\d-\d\d\.csv"', answer.headers["Content-Disposition"])
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_form_of_the_file_carries_the_filters(administrator: PortalClient) -> None:
    some_entries(1)
    html = administrator.get(f"{PAGE}?nguoi=2&sau=").text
    form = html[html.index("tai-ve") :]
    assert '<input type="hidden" name="nguoi" value="2">' in form
    assert form.count('type="hidden"') == 2


def test_a_file_of_nonsense_is_none_and_leaves_no_entry(administrator: PortalClient) -> None:
    token = token_of(administrator, PAGE)
    for chosen in ({"vao": "x"}, {"tu": "x"}, {"viec": "x"}, {"nguoi": ["1", "2"]}):
        assert administrator.submit(f"{PAGE}/tai-ve", {"token": token, **chosen}).status_code == 400
    assert administrator.submit(f"{PAGE}/tai-ve").status_code == 403
    assert administrator.get(f"{PAGE}/tai-ve").status_code == 405
    assert entries() == []


def test_a_file_that_is_read_slowly_holds_no_transaction(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.audit.listing.BATCH", 2)
    some_entries(5)
    pieces = csv_of(Filters())
    for _ in range(4):
        next(pieces)
        assert not db.session.registry().in_transaction()


def test_before_the_first_check_nothing_is_claimed(administrator: PortalClient) -> None:
    html = administrator.get(PAGE).text
    assert "chưa được kiểm tra" in html
    assert WHOLE not in html


def test_a_check_that_is_asked_for_tells_on_the_page(administrator: PortalClient) -> None:
    jobs.run_due()
    some_entries(3)
    answer = administrator.submit(f"{PAGE}/kiem-tra", {"token": token_of(administrator, PAGE)})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{PAGE}?xong=kiem-tra")
    assert "Đã yêu cầu kiểm tra" in administrator.get(answer.headers["Location"]).text
    jobs.run_due()
    html = administrator.get(PAGE).text
    assert WHOLE in html
    assert "4 mục" in html
    assert [entry.action for entry in entries()] == ["chain_verified", *3 * ["sign_out"], "chain_verified"]


def test_a_page_walks_no_chain(administrator: PortalClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def walked() -> None:
        raise AssertionError("walked")

    monkeypatch.setattr(checks, "examine", walked)
    assert administrator.get(PAGE).status_code == 200
    assert administrator.submit(f"{PAGE}/kiem-tra", {"token": token_of(administrator, PAGE)}).status_code == 303


def test_ten_who_ask_are_answered_by_one_check(administrator: PortalClient) -> None:
    jobs.run_due()
    token = token_of(administrator, PAGE)
    for _ in range(10):
        administrator.submit(f"{PAGE}/kiem-tra", {"token": token})
    jobs.run_due()
    assert len(entries()) == 2


def test_a_broken_chain_is_said_in_so_many_words(administrator: PortalClient) -> None:
    some_entries(3)
    tamper("UPDATE audit_entry SET actor_name = 'x' WHERE id = 2")
    checks.check({})
    html = administrator.get(PAGE).text
    assert BROKEN in html
    assert "mục số 2" in html
    assert WHOLE not in html


def test_a_check_that_is_days_old_is_shown_as_such(administrator: PortalClient, monkeypatch: pytest.MonkeyPatch) -> None:
    checks.check({})
    assert "notice ok" in administrator.get(PAGE).text
    db.session.rollback()
    later = clock.now_ms() + 3 * clock.DAY
    write(lambda session: session.execute(update(StaffSession).values(seen_at=later, expires_at=later + 9)))
    monkeypatch.setattr(clock, "now_ms", lambda: later)
    assert "notice warn" in administrator.get(PAGE).text


def test_the_chain_is_checked_each_day_by_itself(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs.run_due()
    jobs.run_due()
    assert len(entries()) == 1
    later = clock.now_ms() + clock.DAY + 1_000
    monkeypatch.setattr(clock, "now_ms", lambda: later)
    jobs.run_due()
    assert [entry.action for entry in entries()] == ["chain_verified", "chain_verified"]


def test_every_action_stands_in_one_group(app: Flask) -> None:
    grouped = [name for names in filters.GROUPS.values() for name in names]
    assert sorted(grouped) == sorted(vocabulary.ALL)


def test_people_are_listed_once_under_their_newest_name(app: Flask) -> None:
    some_entries(2)
    some_entries(1, actor=ADMINISTRATOR)
    renamed = type("Renamed", (), {"id": EDITOR.id, "name": cast.PEOPLE["author"]})()
    write(lambda session: record(session, vocabulary.SIGN_OUT, actor=renamed, thing="user:2"))
    assert filters.people() == [(2, cast.PEOPLE["author"]), (4, cast.PEOPLE["administrator"])]
