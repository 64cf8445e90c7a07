"""Editors make polls: a form that loses nothing, versions that keep what was voted on, and no way to write a tally."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.polls import managing
from portal.polls.ballots import Outcome, Sent
from portal.polls.ballots import cast as cast_ballot
from portal.polls.browser import new_token
from portal.polls.forms import values_of
from portal.polls.models import Ballot, BallotMark, Choice, Poll, PollNetwork, PollVersion
from portal.polls.velocity import Source
from tests import cast
from tests.accounts.browser import own_token
from tests.audit.recording import entries
from tests.cast import PollIds
from tests.client import PortalClient
from tests.desk.working import at_work
from tests.polls.voting import form as ballot
from tests.polls.voting import tallies

DOOR = "/ban-bien-tap/tham-do"


@pytest.fixture
def editor(app: Flask) -> PortalClient:
    return at_work(app, "editor")[0]


def sheet(browser: PortalClient, path: str, **typed: Any) -> dict[str, Any]:
    """Return the form on a page as it stands there, with some fields typed anew."""
    page = browser.get(path).text
    body = page[page.index('<form class="setting"') :]
    fields = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*?value="([^"]*)"', body))
    ticks = set(re.findall(r'name="([^"]+)" type="checkbox"', body)) - set(
        re.findall(r'name="([^"]+)" type="checkbox" value="y" checked', body)
    )
    chosen = re.findall(r'<select[^>]*name="([^"]+)".*?<option value="([^"]*)" selected', body, re.DOTALL)
    kept = {name: value for name, value in fields.items() if name not in ticks}
    return {**kept, **dict(chosen), "token": own_token(browser), "do": "save", **typed}


def made(browser: PortalClient, *labels: str, **typed: Any) -> int:
    """Make a poll by the form and return its id."""
    rows = {f"{place}-{name}": value for place, label in enumerate(labels) for name, value in row(label).items()}
    asked = {"question": "Bạn hài lòng với bộ phận một cửa?", "rows": str(len(labels)), **rows, **typed}
    answer = browser.submit(f"{DOOR}/moi", sheet(browser, f"{DOOR}/moi", **asked))
    assert answer.status_code == 303, answer.text
    return int(re.search(r"/(\d+)\?xong=luu", answer.headers["Location"])[1])  # type: ignore[index]


def row(label: str, number: int = 0) -> dict[str, str]:
    return {"id": str(number), "level": "1", "label": label}


def stored(poll_id: int) -> Poll:
    db.session.rollback()
    return db.session.get_one(Poll, poll_id, populate_existing=True)


def labels(poll_id: int) -> list[str]:
    return [choice.label for choice in stored(poll_id).current_choices()]


@pytest.mark.parametrize("role", ["author", "administrator"])
def test_nobody_else_finds_the_pages(app: Flask, role: str) -> None:
    browser, _ = at_work(app, role)
    poll = cast.a_poll()
    paths = [DOOR, f"{DOOR}/moi", f"{DOOR}/{poll.id}", f"{DOOR}/{poll.id}/xoa"]
    assert {browser.get(path).status_code for path in paths} == {404}
    assert "tham-do" not in browser.get("/ban-bien-tap/tai-khoan").text


def test_a_poll_is_made_published_and_voted_on(editor: PortalClient, client: PortalClient) -> None:
    number = made(editor, "Hài lòng", "Chưa hài lòng", closes_at="2099-11-30T17:00", sites="https://XA-a.example.vn:443/")
    poll = stored(number)
    assert (labels(number), poll.is_public, poll.sites) == (["Hài lòng", "Chưa hài lòng"], False, "https://xa-a.example.vn")
    assert client.get(f"/tham-do/{number}").status_code == 404
    assert editor.submit(f"{DOOR}/{number}/dang", {"token": own_token(editor)}).status_code == 303
    assert "17:00" in client.get(f"/tham-do/{number}").text
    ids = PollIds(number, [choice.id for choice in stored(number).choices])
    assert client.swap(ids.url, ballot(ids, 1)).status_code == 200
    assert tallies(ids) == [0, 1]
    assert [entry.action for entry in entries()] == ["poll_create", "poll_publish"]


def test_choices_are_added_moved_and_removed_before_anything_is_saved(editor: PortalClient) -> None:
    typed = sheet(editor, f"{DOOR}/moi", question="Câu hỏi", **{"0-label": "Một", "1-label": "Hai"})
    page = editor.submit(f"{DOOR}/moi", {**typed, "do": "add"})
    assert (page.status_code, 'name="2-label"' in page.text, 'value="Câu hỏi"' in page.text) == (200, True, True)
    page = editor.submit(f"{DOOR}/moi", {**typed, "do": "down-0"})
    assert re.findall(r'name="\d-label" value="([^"]*)"', page.text) == ["Hai", "Một"]
    page = editor.submit(f"{DOOR}/moi", {**typed, "do": "remove-0"})
    assert re.findall(r'name="\d-label" value="([^"]*)"', page.text) == ["Hai"]
    assert db.session.scalar(select(func.count()).select_from(Poll)) == 0


WRONG = [
    ({"question": " "}, "Fill this in."),
    ({"question": "x" * 301}, "It is too long"),
    ({"question": "a\u0000b"}, "a character that cannot be seen"),
    ({"1-label": "hài LÒNG"}, "This choice stands there already."),
    ({"rows": "1"}, "A poll has at least two choices."),
    ({"min_choices": "2"}, "This is less than what has to be chosen at least."),
    ({"max_choices": "9"}, "There are not so many choices."),
    ({"max_choices": "١"}, "Write a whole number from 1 to 60."),
    ({"closes_at": "2020-01-01T00:00"}, "It has to close after it opens"),
    ({"opens_at": "2099-01-02T00:00", "closes_at": "2099-01-01T00:00"}, "It has to close after it opens"),
    ({"closes_at": "2099-02-30T00:00"}, "There is no such date and time."),
    ({"visibility": "never"}, "Choose one of the list."),
    ({"language": "xx"}, "Choose one of the list."),
    ({"allowance": "-1"}, "Write a whole number"),
    ({"sites": "http://xa-a.example.vn"}, "does not begin with https://"),
    ({"sites": "https://xa-a.example.vn/tin"}, "is no site"),
    ({"sites": "https://a@xa-a.example.vn"}, "is no site"),
    ({"sites": "https://*.example.vn"}, "is no site"),
    ({"sites": "https://203.0.113.5"}, "is no site"),
    ({"sites": "https://xa-a.example.vn;script-src"}, "is no site"),
    ({"sites": "'self'"}, "is no site"),
]


@pytest.mark.parametrize(("typed", "said"), WRONG)
def test_what_cannot_be_is_said_at_its_field_and_nothing_typed_is_lost(
    editor: PortalClient, typed: dict[str, str], said: str
) -> None:
    rows = {f"0-{name}": value for name, value in row("Hài lòng").items()} | {
        f"1-{name}": value for name, value in row("Chưa").items()
    }
    asked = sheet(editor, f"{DOOR}/moi", question="Câu hỏi của tôi", help="Giải thích", rows="2", **rows)
    page = editor.submit("/en" + f"{DOOR}/moi", {**asked, **typed})
    assert (page.status_code, said in page.text, "Giải thích" in page.text) == (422, True, True)
    assert db.session.scalar(select(func.count()).select_from(Poll)) == 0


def test_names_of_sites_are_kept_as_browsers_send_them(editor: PortalClient) -> None:
    number = made(editor, "Có", "Không", sites="https://xã-a.example.vn http://localhost:8001 https://xã-a.example.vn/")
    assert stored(number).sites == "https://xn--x-a-mla.example.vn http://localhost:8001"


def test_a_change_of_the_text_is_another_version_and_ballots_stay_with_theirs(editor: PortalClient, client: PortalClient) -> None:
    poll = cast.a_poll()
    assert client.swap(poll.url, ballot(poll, 0)).status_code == 200
    path = f"{DOOR}/{poll.id}"
    assert editor.submit(path, sheet(editor, path, **{"0-label": "Rất đẹp"})).status_code == 303
    assert (stored(poll.id).version, tallies(poll)) == (2, [1, 0, 0])
    assert [one.version for one in db.session.scalars(select(PollVersion).order_by(PollVersion.version))] == [1, 2]
    assert db.session.scalar(select(Ballot.version)) == 1
    other = client.application.test_client()
    page = other.swap("/en" + poll.url, ballot(poll, 0))  # type: ignore[attr-defined]
    assert (page.status_code, "“Đẹp” is now “Rất đẹp”" in page.text) == (409, True)


def test_order_times_and_explanation_leave_the_version(editor: PortalClient) -> None:
    poll = cast.a_poll()
    path = f"{DOOR}/{poll.id}"
    typed = sheet(editor, path, help="Mỗi người một ý", closes_at="2099-01-01T08:00")
    first, second = ({key: typed[f"{place}-{key}"] for key in ("id", "label")} for place in (0, 1))
    swapped = {f"0-{key}": value for key, value in second.items()} | {f"1-{key}": value for key, value in first.items()}
    assert editor.submit(path, {**typed, **swapped}).status_code == 303
    assert (stored(poll.id).version, labels(poll.id)) == (1, ["Bình thường", "Đẹp", "Xấu"])


def test_a_choice_with_votes_is_kept_as_removed_and_one_of_an_empty_poll_is_gone(
    editor: PortalClient, client: PortalClient
) -> None:
    voted, empty = cast.a_poll(), cast.a_poll()
    assert client.swap(voted.url, ballot(voted, 2)).status_code == 200
    for poll in (voted, empty):
        path = f"{DOOR}/{poll.id}"
        assert editor.submit(path, sheet(editor, path, rows="2")).status_code == 303
        assert labels(poll.id) == ["Đẹp", "Bình thường"]
    counted = func.count().filter(Choice.poll_id == voted.id), func.count().filter(Choice.poll_id == empty.id)
    assert db.session.execute(select(*counted).select_from(Choice)).one() == (3, 2)
    assert tallies(voted) == [0, 0, 1]


def test_two_editors_at_once_lose_nothing(app: Flask, editor: PortalClient) -> None:
    poll, other = cast.a_poll(), at_work(app, "publisher")[0]
    path = f"{DOOR}/{poll.id}"
    mine, theirs = sheet(editor, path, question="Của tôi?"), sheet(other, path, question="Của người khác?")
    assert other.submit(path, theirs).status_code == 303
    page = editor.submit("/en" + path, mine)
    assert (page.status_code, "Somebody else has changed this poll" in page.text, 'value="Của tôi?"' in page.text) == (
        409,
        True,
        True,
    )
    assert stored(poll.id).question == "Của người khác?"
    again = {**mine, "seen": re.search(r'name="seen" value="(\d+)"', page.text)[1]}  # type: ignore[index]
    assert editor.submit(path, again).status_code == 303
    assert stored(poll.id).question == "Của tôi?"


def test_what_voters_were_told_stays_once_there_are_votes(editor: PortalClient, client: PortalClient) -> None:
    poll = cast.a_poll()
    path = f"{DOOR}/{poll.id}"
    assert client.swap(poll.url, ballot(poll, 0)).status_code == 200
    page = editor.submit("/en" + path, sheet(editor, path, max_choices="2"))
    assert (page.status_code, "There are votes already" in page.text) == (422, True)
    assert stored(poll.id).edits == 0


def test_no_form_writes_a_tally(editor: PortalClient, client: PortalClient) -> None:
    poll = cast.a_poll()
    path = f"{DOOR}/{poll.id}"
    typed = sheet(editor, path, voters="9", votes="9", uncounted="9", version="9", secret="x", **{"0-votes": "9"})
    assert editor.submit(path, typed).status_code == 303
    assert (tallies(poll), stored(poll.id).voters, stored(poll.id).version) == ([0, 0, 0], 0, 1)


def test_closing_copying_and_archiving_go_their_ways(editor: PortalClient, client: PortalClient) -> None:
    poll = cast.a_poll(allowance=5)
    assert client.swap(poll.url, ballot(poll, 0)).status_code == 200
    token, path = {"token": own_token(editor)}, f"{DOOR}/{poll.id}"
    assert editor.submit(f"{path}/luu-tru", token).status_code == 422
    assert editor.submit(f"{path}/dong", token).status_code == 303
    assert client.application.test_client().swap(poll.url, ballot(poll, 0)).status_code == 409  # type: ignore[attr-defined]
    copied = editor.submit(f"{path}/sao-chep", token).headers["Location"]
    other = stored(int(re.search(r"/(\d+)\?", copied)[1]))  # type: ignore[index]
    assert (labels(other.id), other.voters, other.is_public, other.closes_at) == (labels(poll.id), 0, False, None)
    assert other.secret not in {None, stored(poll.id).secret}
    assert "This cannot be undone." in editor.get("/en" + f"{path}/luu-tru").text
    assert editor.submit(f"{path}/luu-tru", token).status_code == 303
    assert stored(poll.id).secret is None
    assert {db.session.scalar(select(func.count()).select_from(table)) for table in (BallotMark, PollNetwork)} == {0}
    assert tallies(poll) == [1, 0, 0]
    assert 'class="setting"' not in editor.get(path).text
    assert editor.submit(path, {**token, "do": "save", "seen": "1", "rows": "0"}).status_code == 422


def test_only_a_poll_without_votes_that_nothing_names_is_deleted(editor: PortalClient, client: PortalClient) -> None:
    token = {"token": own_token(editor)}
    voted, free = cast.a_poll(), cast.a_poll()
    assert client.swap(voted.url, ballot(voted, 0)).status_code == 200
    page = editor.submit("/en" + f"{DOOR}/{voted.id}/xoa", token)
    assert (page.status_code, "There are votes in this poll" in page.text) == (422, True)
    assert editor.submit(f"{DOOR}/{free.id}/xoa", token).status_code == 303
    assert editor.get(f"{DOOR}/{free.id}").status_code == 404
    assert db.session.scalar(select(func.count()).select_from(Poll)) == 1


def test_a_poll_taken_down_is_seen_by_nobody_and_keeps_its_votes(editor: PortalClient, client: PortalClient) -> None:
    poll = cast.a_poll()
    assert client.swap(poll.url, ballot(poll, 0)).status_code == 200
    assert editor.submit(f"{DOOR}/{poll.id}/go", {"token": own_token(editor)}).status_code == 303
    assert client.get(poll.url).status_code == 404
    assert client.application.test_client().swap(poll.url, ballot(poll, 1)).status_code == 404  # type: ignore[attr-defined]
    assert tallies(poll) == [1, 0, 0]


def test_a_poll_that_is_over_is_not_published(editor: PortalClient) -> None:
    poll = cast.a_poll(published_at=None, closes_at=clock.now_ms() - 1)
    page = editor.submit("/en" + f"{DOOR}/{poll.id}/dang", {"token": own_token(editor)})
    assert (page.status_code, "It would be closed already." in page.text) == (422, True)


def test_twenty_saves_while_five_hundred_votes_arrive_lose_none(app: Flask) -> None:
    poll, editor = cast.a_poll(may_change=False), cast.somebody("editor")
    begun, outcomes = threading.Event(), list[Outcome]()

    def vote(number: int) -> Outcome:
        with app.app_context():
            begun.set()
            while True:
                version = db.session.scalars(select(Poll.version).where(Poll.id == poll.id)).one()
                db.session.rollback()
                chosen = frozenset({poll.choices[number % 3]})
                sent = Sent(poll.id, version, chosen, new_token(), new_token(), source=Source(network="203.0.113.7"))
                outcome = cast_ballot(sent).outcome
                if outcome is not Outcome.CHANGED:  # asked again, as a voter is
                    return outcome

    with ThreadPoolExecutor(8) as voters:
        votes = [voters.submit(vote, number) for number in range(500)]
        assert begun.wait(30)
        for number in range(20):
            now = stored(poll.id)
            typed = {**values_of(now), "question": f"Câu hỏi lần {number}?"}
            seen = now.edits
            db.session.rollback()
            managing.save(poll.id, typed, seen=seen, actor=editor)
        outcomes = [vote.result(60) for vote in votes]
    assert outcomes == [Outcome.COUNTED] * 500
    assert (sum(tallies(poll)), stored(poll.id).voters) == (500, 500)
    versions = list(db.session.scalars(select(PollVersion.version).order_by(PollVersion.version)))
    assert (stored(poll.id).version, versions) == (21, list(range(1, 22)))
    by_version = dict(db.session.execute(select(Ballot.version, func.count()).group_by(Ballot.version)).all())
    assert (sum(by_version.values()), set(by_version) <= set(versions)) == (500, True)
