"""The list that a checkable poll publishes after its end: when, what it holds, and that a recount proves it."""

import json

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from portal.core import clock, jobs
from portal.core.db import db, now_in, write
from portal.core.errors import Refused
from portal.polls import acts, codes, listing, managing
from portal.polls.forms import values_of
from portal.polls.models import Ballot, Listing, Poll
from portal.settings.changing import Faulty
from portal.settings.groups import ROWS
from tests import cast
from tests.accounts.browser import own_token
from tests.audit.recording import entries
from tests.cast import PollIds
from tests.client import PortalClient
from tests.desk.working import at_work
from tests.polls.checking import a_listed_poll, actor, close, published, told, voted
from tests.polls.voting import change, form


@pytest.fixture
def poll(app: Flask) -> PollIds:
    return cast.a_poll(checkable=True)


@pytest.fixture
def listed(client: PortalClient) -> tuple[PollIds, str]:
    return a_listed_poll(client)


def test_the_list_adds_up_to_the_result_and_tells_nothing_of_time(client: PortalClient, poll: PollIds) -> None:
    for place in (0, 1, 2, 1, 1):
        voted(poll, 7, place)
    close(poll)
    acts.publish_list(poll.id, actor=actor())
    head, *lines = client.get(poll.url + "/danh-sach-phieu.csv").text.splitlines()
    assert head == "code,counted,choices"
    assert lines == sorted(lines) == published(poll)
    taken = [int(line.split(",")[2]) for line in lines]
    assert [taken.count(choice) for choice in poll.choices] == [7, 21, 7]
    by_time = db.session.execute(select(Ballot.request_id).order_by(Ballot.id)).scalars()
    secret = db.session.scalar(select(Poll.secret).where(Poll.id == poll.id)) or b""
    assert [codes.code_of(secret, bytes(one)) for one in by_time] != [line.split(",")[0] for line in lines]


def test_votes_that_do_not_count_are_listed_as_such(client: PortalClient, poll: PollIds) -> None:
    voted(poll, 29)
    code = told(client.swap("/en" + poll.url, form(poll, 1)).text)
    newest = select(func.max(Ballot.id)).scalar_subquery()
    write(lambda session: session.execute(update(Ballot).where(Ballot.id == newest).values(status="annulled")))
    close(poll)
    acts.publish_list(poll.id, actor=actor())
    assert sum(line.split(",")[1] == "0" for line in published(poll)) == 1
    assert "This vote is not counted" in client.submit(f"/en{poll.url}/kiem-phieu", {"ma": code}).text


@pytest.mark.parametrize(("number", "is_published"), [(29, False), (30, True)])
def test_a_poll_publishes_by_itself_at_its_end_from_thirty_votes_on(
    app: Flask, client: PortalClient, number: int, is_published: bool
) -> None:
    poll = cast.a_poll(checkable=True)
    voted(poll, number)
    assert "is published after the poll closes" in client.get(f"/en{poll.url}/kiem-phieu").text
    acts.close(poll.id, actor=actor())
    jobs.run_due()
    assert len(published(poll)) == (30 if is_published else 0)
    assert ("This code" in client.submit(f"/en{poll.url}/kiem-phieu", {"ma": "0000-0000"}).text) is is_published


def test_where_networks_are_watched_staff_have_a_day(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    poll = cast.a_poll(checkable=True, allowance=500)
    voted(poll, 30)
    acts.close(poll.id, actor=actor())
    jobs.run_due()
    assert published(poll) == []
    later = clock.now_ms() + clock.DAY + 1
    monkeypatch.setattr(clock, "now_ms", lambda: later)
    jobs.run_due()
    assert len(published(poll)) == 30


def test_a_poll_that_is_opened_again_publishes_nothing_at_its_former_end(app: Flask) -> None:
    poll = cast.a_poll(checkable=True)
    voted(poll, 30)
    acts.close(poll.id, actor=actor())
    change(poll, closes_at=clock.now_ms() + clock.HOUR)
    jobs.run_due()
    assert published(poll) == []


def test_a_job_whose_clock_is_ahead_waits_for_the_database(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    poll = cast.a_poll(checkable=True)
    voted(poll, 30)
    acts.close(poll.id, actor=actor())
    closed = db.session.scalar(select(Poll.closes_at).where(Poll.id == poll.id)) or 0
    monkeypatch.setattr(listing, "now_in", lambda _: closed - 1)
    with pytest.raises(listing.StillOpenError):
        listing.publish_due({"poll": poll.id, "closes_at": closed})
    assert published(poll) == []
    monkeypatch.setattr(listing, "now_in", lambda _: closed)
    listing.publish_due({"poll": poll.id, "closes_at": closed})
    assert len(published(poll)) == 30


def test_the_database_says_what_time_it_is(app: Flask) -> None:
    assert abs(write(now_in) - clock.now_ms()) < clock.MINUTE


def test_a_list_is_published_once(app: Flask, poll: PollIds) -> None:
    voted(poll, 30)
    close(poll)
    for _ in range(2):
        acts.publish_list(poll.id, actor=actor())
    stored = db.session.get_one(Poll, poll.id)
    listing.publish_due({"poll": poll.id, "closes_at": stored.closes_at})
    assert len(published(poll)) == 30
    said = [json.loads(entry.fields) for entry in entries() if entry.action == "poll_listed"]
    assert said == [{"number": 30}]


def test_what_has_no_list_is_refused_with_a_sentence(app: Flask, poll: PollIds) -> None:
    for why, ready in (
        ("Hãy kết thúc cuộc thăm dò", lambda: None),
        ("chưa đến 30 phiếu", lambda: (voted(poll, 29), close(poll))),
        ("không nhận mã", lambda: change(poll, checkable=False)),
    ):
        ready()
        with pytest.raises(Refused, match=why):
            acts.publish_list(poll.id, actor=actor())
    assert published(poll) == []


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("archived", [False, True])
@pytest.mark.parametrize("wrong", ["counted", "choices", "code", "gone", "root"])
def test_a_recount_finds_a_list_that_is_not_what_the_ballots_say(
    app: Flask, listed: tuple[PollIds, str], wrong: str, archived: bool
) -> None:
    poll, code = listed
    if archived:
        acts.archive(poll.id, actor=actor())
    counted = app.test_cli_runner().invoke(args=["polls", "recount"])
    assert counted.exit_code == 0, counted.output
    assert "1 published lists are what their ballots say." in counted.output
    of_code = update(Listing).where(Listing.code == code)
    statements = {
        "counted": of_code.values(counted=False),
        "choices": of_code.values(choices=[poll.choices[0]]),
        "code": of_code.values(code="0000-0000"),
        "gone": Listing.__table__.delete().where(Listing.code == code),  # type: ignore[attr-defined]
        "root": update(Poll).values(listed_root=bytes(32)),
    }
    write(lambda session: session.execute(statements[wrong]))
    counted = app.test_cli_runner().invoke(args=["polls", "recount"])
    assert counted.exit_code == 1
    assert f"poll {poll.id}: the published list" in counted.output


def test_editors_publish_the_list_and_see_where_it_stands(app: Flask, poll: PollIds) -> None:
    editor = at_work(app, "editor")[0]
    door = f"/en/ban-bien-tap/tham-do/{poll.id}/ma-kiem-phieu"
    voted(poll, 30)
    assert "as soon as the poll closes" in editor.get(door).text
    close(poll)
    assert "The list will be published at" in editor.get(door).text
    assert editor.submit(door, {"token": own_token(editor)}).status_code == 303
    page = editor.get(door + "?xong=cong-bo").text
    root = db.session.scalar(select(Poll.listed_root).where(Poll.id == poll.id)) or b""
    assert "The list is published." in page
    assert root.hex() in page
    assert db.session.scalar(select(func.count()).select_from(Listing)) == 30


@pytest.mark.parametrize("checkable", [True, False])
def test_what_voters_were_told_stays_once_there_are_votes(app: Flask, checkable: bool) -> None:
    poll = cast.a_poll(checkable=checkable)
    another = {**values_of(db.session.get_one(Poll, poll.id)), "checkable": not checkable}
    managing.save(poll.id, another, seen=0, actor=actor())
    voted(poll, 1)
    with pytest.raises(Faulty) as refused:
        managing.save(poll.id, {**another, "checkable": checkable}, seen=1, actor=actor())
    assert [fault.field for fault in refused.value.faults] == ["checkable"]


def test_the_text_of_a_published_list_stays(app: Flask, listed: tuple[PollIds, str]) -> None:
    poll, _ = listed
    now = values_of(db.session.get_one(Poll, poll.id))
    first, second, third = now[ROWS]
    for another, field in (
        ({"question": "Một câu hỏi khác?"}, "question"),
        ({ROWS: [{**first, "label": "Tên khác"}, second, third]}, ""),
        ({ROWS: [first, second]}, ""),
        ({ROWS: [first, second, third, {"id": 0, "level": 1, "label": "Thêm"}]}, ""),
    ):
        with pytest.raises(Faulty) as refused:
            managing.save(poll.id, {**now, **another}, seen=0, actor=actor())
        assert [fault.field for fault in refused.value.faults] == [field]
    managing.save(poll.id, {**now, "help": "Cách đọc kết quả.", ROWS: [second, first, third]}, seen=0, actor=actor())
