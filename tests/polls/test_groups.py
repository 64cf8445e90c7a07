"""Votes that look wrong are seen as groups, annulled or counted as a whole, and the tallies stay what the ballots say."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.core.db import db
from portal.core.errors import Refused
from portal.core.networks import network_of
from portal.core.statements import Transaction
from portal.polls import ballots, groups
from portal.polls.ballots import Sent
from portal.polls.browser import new_token
from portal.polls.models import Ballot, BallotMark, PollNetwork
from portal.polls.velocity import DEFAULT_ALLOWANCE, Source
from tests import cast
from tests.accounts.browser import own_token
from tests.audit.recording import entries
from tests.cast import PollIds
from tests.client import PortalClient
from tests.clocks import Clock
from tests.desk.working import at_work
from tests.polls.test_velocity import uncounted
from tests.polls.voting import change, tallies

SCHOOL, CAFE = "203.0.113.77", "198.51.100.4"
SCRIPT = "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 vi"
PHONES = [f"Mozilla/5.0 (Linux; Android {version}; {model}) vi" for version in range(6, 16) for model in "ABCDEF"]


@pytest.fixture(autouse=True)
def database_clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The database's clock, standing: no test runs into the next hour."""
    stood = Clock()
    monkeypatch.setattr(Transaction, "now", lambda _: stood.now_ms())
    return stood


def vote(poll: PollIds, place: int, likeness: str = SCRIPT, address: str = SCHOOL, site: str | None = None) -> bytes:
    """Vote as a browser that has not voted yet; return what names its ballot."""
    browser = new_token()
    source = Source(network=network_of(address), likeness=likeness, site=site)
    ballots.cast(Sent(poll.id, 1, frozenset({poll.choices[place]}), browser, browser, source=source))
    return browser


def stuffed(poll: PollIds, number: int, **fields: Any) -> None:
    for _ in range(number):
        vote(poll, 0, **fields)


def door(poll: PollIds) -> str:
    return f"/ban-bien-tap/tham-do/{poll.id}/phieu-bat-thuong"


def actor() -> Any:
    return cast.somebody("editor")


def found(poll: PollIds) -> list[groups.Group]:
    db.session.rollback()
    return groups.found(poll.id)


@pytest.mark.slow(why="1,300 ballots")
def test_one_annulment_removes_what_was_stuffed_and_leaves_the_honest(app: Flask, client: PortalClient) -> None:
    poll, honest = cast.a_poll(allowance=DEFAULT_ALLOWANCE), list[bytes]()
    for number in range(1_300):
        if number % 13 in {2, 6, 10}:
            honest.append(vote(poll, 1, PHONES[number % len(PHONES)]))
        else:
            vote(poll, 0)
    assert len(honest) == 300
    assert sum(tallies(poll)) == DEFAULT_ALLOWANCE
    group, *others = found(poll)
    assert (group.number, group.counted + group.set_aside) == (1_000, 1_000)
    assert max(other.busiest for other in others) < groups.WORTH_A_LOOK
    assert groups.annul(poll.id, group.key, reason="program", actor=actor()) == 1_000
    assert tallies(poll) == [0, 300, 0]
    assert uncounted(poll) == 1_000
    assert "1,000 votes are not counted: they look automated." in client.get("/en" + poll.url).text
    assert ballots.cast(Sent(poll.id, 1, frozenset(poll.choices[1:2]), honest[-1], honest[-1])).outcome is ballots.Outcome.COUNTED


def test_a_group_is_annulled_and_counted_again_as_a_whole(app: Flask) -> None:
    poll = cast.a_poll(allowance=30)
    stuffed(poll, 40)
    vote(poll, 1, PHONES[0], CAFE)
    (group,) = found(poll)
    assert (group.counted, group.set_aside, tallies(poll), uncounted(poll)) == (30, 10, [30, 1, 0], 10)
    assert groups.annul(poll.id, group.key, reason="program", actor=actor()) == 40
    assert (tallies(poll), uncounted(poll)) == ([0, 1, 0], 40)
    assert groups.restore(poll.id, group.key, reason="people", actor=actor()) == 40
    assert (tallies(poll), uncounted(poll)) == ([40, 1, 0], 0)
    told = [(entry.action, entry.thing, entry.fields) for entry in entries()]
    assert told == [
        ("poll_group_annulled", f"poll:{poll.id}", '{"number":40,"reason":"program"}'),
        ("poll_group_restored", f"poll:{poll.id}", '{"number":40,"reason":"people"}'),
    ]


def test_what_is_annulled_gives_its_place_to_the_oldest_that_waited(app: Flask) -> None:
    poll = cast.a_poll(allowance=20)
    stuffed(poll, 20)
    waited = [vote(poll, 1, phone) for phone in PHONES[:25]]
    (group,) = [one for one in found(poll) if one.number == 20]
    groups.annul(poll.id, group.key, reason="program", actor=actor())
    assert tallies(poll) == [0, 20, 0]
    keys = [ballots.voter_key(secret_of(poll), one) for one in waited]
    standing = dict(db.session.execute(select(Ballot.voter_key, Ballot.status)).all())
    assert [standing[key] for key in keys] == ["counted"] * 20 + ["set_aside"] * 5
    assert db.session.scalar(select(func.sum(PollNetwork.counted))) == 20


def secret_of(poll: PollIds) -> bytes:
    return bytes(db.session.execute(db.text("SELECT secret FROM poll WHERE id = :poll"), {"poll": poll.id}).scalar_one())


def test_another_embedding_site_is_another_group(app: Flask) -> None:
    poll = cast.a_poll(allowance=500)
    stuffed(poll, 20)
    stuffed(poll, 20, site="xa-a.example.vn")
    stuffed(poll, 20, site="")
    assert sorted(str(one.site) for one in found(poll)) == ["", "None", "xa-a.example.vn"]
    (theirs,) = [one for one in found(poll) if one.site == "xa-a.example.vn"]
    assert groups.annul(poll.id, theirs.key, reason="other", actor=actor()) == 20
    assert tallies(poll) == [40, 0, 0]


def test_two_who_annul_at_once_do_it_once(app: Flask) -> None:
    poll, both = cast.a_poll(allowance=500), [actor(), actor()]
    stuffed(poll, 25)
    key = found(poll)[0].key
    db.session.rollback()

    def annul(who: Any) -> int:
        with app.app_context():
            try:
                return groups.annul(poll.id, key, reason="program", actor=who)
            except Refused:
                return 0

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(annul, both)) == [0, 25]
    assert (tallies(poll), len(entries())) == ([0, 0, 0], 1)


def test_votes_that_arrive_meanwhile_are_neither_lost_nor_counted_twice(app: Flask) -> None:
    poll, who = cast.a_poll(allowance=10_000), actor()
    stuffed(poll, 25)
    key = found(poll)[0].key
    db.session.rollback()

    def arrive(number: int) -> None:
        with app.app_context():
            vote(poll, 1, PHONES[number % len(PHONES)], CAFE)

    with ThreadPoolExecutor(4) as pool:
        arriving = [pool.submit(arrive, number) for number in range(100)]
        for act, reason in ((groups.annul, "program"), (groups.restore, "mistake"), (groups.annul, "program")):
            act(poll.id, key, reason=reason, actor=who)
        for one in arriving:
            one.result(60)
    assert tallies(poll) == [0, 100, 0]


def test_an_editor_finds_and_annuls_a_group_on_the_page(app: Flask) -> None:
    editor, poll = at_work(app, "editor")[0], cast.a_poll(allowance=30)
    assert "Nothing looks wrong so far." in editor.get("/en" + door(poll)).text
    stuffed(poll, 35)
    page = editor.get("/en" + door(poll)).text
    key = re.search(r'name="nhom" value="([^"]+)"', page)[1]  # type: ignore[index]
    assert network_of(SCHOOL) not in page
    sent = {"token": own_token(editor), "nhom": key, "lam": "loai", "ly-do": "program"}
    refused = editor.submit("/en" + door(poll), {**sent, "ly-do": ""})
    assert (refused.status_code, "Choose a reason first." in refused.text) == (422, True)
    done = editor.submit("/en" + door(poll), sent)
    assert "35 votes no longer count." in editor.get(done.headers["Location"]).text
    again = editor.submit("/en" + door(poll), sent)
    assert (again.status_code, "There is nothing left to do" in again.text) == (422, True)


@pytest.mark.parametrize("key", ["", "x", 16 * "0" + "-0000-\x01", 16 * "g" + "-0000-", 16 * "0" + "-0000-" + 261 * "a"])
def test_a_key_that_is_none_is_refused(app: Flask, key: str) -> None:
    editor, poll = at_work(app, "editor")[0], cast.a_poll(allowance=30)
    sent = {"token": own_token(editor), "nhom": key, "lam": "loai", "ly-do": "program"}
    assert editor.submit(door(poll), sent).status_code == (400 if "\x01" in key else 422)
    assert entries() == []


@pytest.mark.parametrize("role", ["author", "administrator"])
def test_nobody_else_finds_the_page(app: Flask, role: str) -> None:
    assert at_work(app, role)[0].get(door(cast.a_poll())).status_code == 404


def test_a_poll_that_is_not_watched_says_how_to_have_it_watched(app: Flask) -> None:
    editor, poll = at_work(app, "editor")[0], cast.a_poll()
    stuffed(poll, 25)
    assert db.session.scalar(select(func.count()).select_from(BallotMark)) == 0
    assert "Nobody looks at the networks of this poll." in editor.get("/en" + door(poll)).text


def test_what_is_published_or_archived_stays_as_it_is(app: Flask) -> None:
    for columns in ({"listed_root": bytes(32)}, {"secret": None}):
        poll = cast.a_poll(allowance=500)
        stuffed(poll, 25)
        key = found(poll)[0].key
        change(poll, **columns)
        with pytest.raises(Refused):
            groups.annul(poll.id, key, reason="program", actor=actor())
        assert tallies(poll) == [25, 0, 0]
