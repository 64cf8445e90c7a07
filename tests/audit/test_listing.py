"""Entries are found by who, what, on what thing and when; pages follow each other without a gap, at the same cost anywhere."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, text

from portal.audit import NOBODY, record, vocabulary
from portal.audit.listing import PER_PAGE, Filters, Page, csv_of, page, place
from portal.core import clock
from portal.core.db import db, write
from tests.audit.recording import ADMINISTRATOR, EDITOR, some_entries

FILTERS = {
    "nothing": Filters(),
    "action": Filters(action="sign_out"),
    "actor": Filters(actor=EDITOR.id),
    "thing": Filters(thing="user:2"),
    "days": Filters(since=date(2020, 1, 1), until=date(2100, 1, 1)),
    "all": Filters("sign_out", EDITOR.id, "user:2", date(2020, 1, 1), date(2100, 1, 1)),
}


def walked(filters: Filters) -> list[Page]:
    """Return all pages from the newest to the oldest."""
    pages = [page(filters)]
    while (after := pages[-1].older) is not None:
        pages.append(page(filters, place(after)))
    return pages


def ids(pages: list[Page]) -> list[int]:
    return [line.id for one in pages for line in one.lines]


def at(monkeypatch: pytest.MonkeyPatch, local: str) -> None:
    instant = clock.instant_at(local)
    monkeypatch.setattr(clock, "now_ms", lambda: instant)


def test_pages_follow_each_other_newest_first(app: Flask) -> None:
    some_entries(2 * PER_PAGE + 3)
    pages = walked(Filters())
    assert ids(pages) == list(range(2 * PER_PAGE + 3, 0, -1))
    assert [len(one.lines) for one in pages] == [PER_PAGE, PER_PAGE, 3]


def test_each_page_leads_back_to_the_one_before(app: Flask) -> None:
    some_entries(2 * PER_PAGE + 3)
    first, second, third = walked(Filters())
    assert first.newer is None
    assert second.newer == ""
    assert page(Filters(), place(third.newer or "")).lines == second.lines


def test_a_page_that_is_full_to_the_last_line_has_no_older_one(app: Flask) -> None:
    some_entries(PER_PAGE)
    assert page(Filters()).older is None


def test_entries_of_the_same_instant_are_all_there(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, "2026-03-17T08:00")
    some_entries(PER_PAGE + 2)
    assert ids(walked(Filters())) == list(range(PER_PAGE + 2, 0, -1))


def test_a_place_beyond_the_last_is_an_empty_page_that_leads_back(app: Flask) -> None:
    some_entries(1)
    beyond = page(Filters(), (1, 1))
    assert (beyond.lines, beyond.newer, beyond.older) == ([], "", None)
    assert page(Filters()).lines == page(Filters(), place("999999999999999-1")).lines


@pytest.mark.parametrize("said", ["", "1", "1-", "0-1", "1-0", "-1-1", "1-1 ", "１-1", "1-2147483648", "1" * 16 + "-1", "1-1\n"])
def test_what_is_no_place_is_none(said: str) -> None:
    assert place(said) is None


def test_each_filter_finds_its_own_and_all_of_them_together(app: Flask) -> None:
    some_entries(1)
    some_entries(1, actor=ADMINISTRATOR)
    write(lambda session: record(session, vocabulary.USER_DISABLED, actor=ADMINISTRATOR, thing="user:2"))
    write(lambda session: record(session, vocabulary.SIGN_IN_REFUSED, actor=NOBODY, thing="user:2", cause="too_late"))
    found = {
        "nothing": Filters(),
        "action": Filters(action="sign_out"),
        "actor": Filters(actor=ADMINISTRATOR.id),
        "thing": Filters(thing="user:2"),
        "both": Filters(actor=ADMINISTRATOR.id, thing="user:2"),
        "none": Filters(action="flown"),
    }
    assert {name: ids([page(filters)]) for name, filters in found.items()} == {
        "nothing": [4, 3, 2, 1],
        "action": [2, 1],
        "actor": [3, 2],
        "thing": [4, 3, 1],
        "both": [3],
        "none": [],
    }


def test_days_are_those_of_the_site_s_time_zone(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    for local in ("2026-03-16T23:59", "2026-03-17T00:00", "2026-03-17T23:59", "2026-03-18T00:00"):
        at(monkeypatch, local)
        some_entries(1)
    day = date(2026, 3, 17)
    assert ids([page(Filters(since=day, until=day))]) == [3, 2]
    assert ids([page(Filters(since=day))]) == [4, 3, 2]
    assert ids([page(Filters(until=day))]) == [3, 2, 1]


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_first_and_the_last_day_of_all_are_days(app: Flask, day: date) -> None:
    some_entries(1)
    assert ids([page(Filters(since=date.min, until=day))]) == ([1] if day == date.max else [])
    assert ids([page(Filters(since=day))]) == ([1] if day == date.min else [])


def test_a_clock_set_back_hides_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    for local in ("2026-03-17T10:00", "2026-03-17T08:00", "2026-03-17T09:00"):
        at(monkeypatch, local)
        some_entries(1)
    assert ids([page(Filters())]) == [1, 3, 2]


def test_a_line_says_who_when_and_what(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, "2026-03-17T08:00")
    write(lambda session: record(session, vocabulary.SIGN_IN_REFUSED, actor=EDITOR, thing="user:2", cause="too_late"))
    with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": "/en"}):
        [line] = page(Filters()).lines
    assert (line.at, line.iso) == ("08:00 on 17/03/2026", "2026-03-17T08:00:00+07:00")
    assert (line.who, line.actor_id, line.action, line.thing) == (EDITOR.name, 2, "sign_in_refused", "user:2")
    assert line.sentence == "Sign-in was refused. Cause: account or session was changed meanwhile"


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("name", FILTERS)
def test_a_page_takes_two_statements_of_few_rows(app: Flask, name: str) -> None:
    some_entries(3 * PER_PAGE)
    after = place(page(FILTERS[name]).older or "")
    run: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        run.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    page(FILTERS[name], after)
    assert len(run) == 2
    assert all("LIMIT" in statement for statement in run)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", FILTERS)
def test_nothing_is_sorted_and_nothing_read_whole(app: Flask, name: str) -> None:
    some_entries(1)
    wanted = FILTERS[name].select().limit(PER_PAGE + 1)
    sql = str(wanted.compile(db.engine, compile_kwargs={"literal_binds": True}))
    plan: list[Any] = [row[3] for row in db.session.execute(text("EXPLAIN QUERY PLAN " + sql))]
    assert all(step.startswith("SEARCH audit_entry USING INDEX") for step in plan), plan


def test_csv_of_what_matches_is_newest_first(app: Flask) -> None:
    some_entries(2)
    some_entries(1, actor=ADMINISTRATOR)
    lines = "".join(csv_of(Filters(actor=EDITOR.id))).splitlines()
    assert lines[0] == "\ufeffid,at,time,site_id,actor_id,actor_name,action,thing,fields,previous_hash,hash"
    assert [line.split(",")[0] for line in lines[1:]] == ["2", "1"]
