"""What staff see of a poll while it runs, and take out of it as sheets."""

import csv
import html
import io
import json
import re
import zipfile

import pytest
from flask import Flask
from sqlalchemy import update

from portal.core import clock
from portal.core.db import write
from portal.core.networks import network_of
from portal.polls import ballots, groups
from portal.polls.ballots import Sent
from portal.polls.browser import new_token
from portal.polls.models import Ballot
from portal.polls.velocity import Source
from tests import cast
from tests.accounts.browser import own_token
from tests.audit.recording import entries
from tests.cast import PollIds
from tests.client import HTMX, PortalClient
from tests.desk.working import at_work
from tests.polls.voting import change, word_anew


def vote(poll: PollIds, *places: int, channel: str = "page", site: str | None = None) -> None:
    browser, chosen = new_token(), frozenset(poll.choices[place] for place in places)
    source = Source(channel=channel, site=site, network=network_of("203.0.113.77"), likeness="x")
    ballots.cast(Sent(poll.id, 1, chosen, browser, browser, source=source))


def door(poll: PollIds) -> str:
    return f"/ban-bien-tap/tham-do/{poll.id}/ket-qua"


@pytest.fixture
def editor(app: Flask) -> PortalClient:
    return at_work(app, "editor")[0]


@pytest.fixture
def poll(app: Flask) -> PollIds:
    """Three votes: two for the first choice, one of them from another site; the third beyond the allowance."""
    made = cast.a_poll(allowance=2, question='=HYPERLINK("x") đẹp?')
    vote(made, 0)
    vote(made, 0, channel="embed", site="xa-a.example.vn")
    vote(made, 1, channel="home")
    return made


def test_the_page_tells_choices_times_places_and_what_does_not_count(editor: PortalClient, poll: PollIds) -> None:
    page = editor.get("/en" + door(poll)).text
    for said in (
        *("Votes counted: 2.", "Votes not counted: 1.", "Beyond the allowance of their network: 1."),
        *("a. Đẹp", "100%", "By hour", "another site: xa-a.example.vn", "the home page", "One vote per browser"),
    ):
        assert said in page, said


def test_the_figures_are_refreshed_alone_and_hold_nothing_that_can_be_chosen(editor: PortalClient, poll: PollIds) -> None:
    path = door(poll)
    assert f'hx-get="{path}/so-lieu"' in editor.get(path).text
    vote(poll, 2)
    part = editor.get("/en" + path + "/so-lieu", headers=HTMX).text
    assert part.lstrip().startswith('<section class="poll-live" id="poll-live"')
    assert ("Votes not counted: 2." in part, "<input" in part, "<form" in part) == (True, False, False)


def test_a_hidden_result_is_there_for_staff_and_a_closed_poll_asks_no_more(editor: PortalClient, poll: PollIds) -> None:
    change(poll, visibility="closed")
    assert "Votes counted: 2." in editor.get("/en" + door(poll)).text
    change(poll, closes_at=1)
    assert "every 5s" not in editor.get(door(poll)).text


def test_a_long_poll_is_told_by_the_day_and_an_empty_one_says_so(editor: PortalClient, app: Flask) -> None:
    poll = cast.a_poll()
    assert "No votes yet." in editor.get("/en" + door(poll)).text
    vote(poll, 0)
    write(lambda session: session.execute(update(Ballot).values(cast_at=clock.now_ms() - 5 * clock.DAY)))
    vote(poll, 1)
    assert "By day" in editor.get("/en" + door(poll)).text


def test_the_sheet_holds_figures_reasons_and_what_they_mean_and_no_formula(editor: PortalClient, poll: PollIds) -> None:
    answer = editor.submit("/en" + door(poll) + "/tham-do.csv", {"token": own_token(editor)})
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    assert f'filename="tham-do-{poll.id}.csv"' in answer.headers["Content-Disposition"]
    lines = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert ["Question", '\'=HYPERLINK("x") đẹp?'] in lines
    assert [["Votes counted", "2"] in lines, ["Đẹp", "2", "100"] in lines, ["the home page", "0", "1"] in lines] == [True] * 3
    assert lines[-1][0].startswith("One vote per browser")
    told = [(entry.action, entry.thing, entry.fields) for entry in entries()]
    assert told == [("poll_exported", f"poll:{poll.id}", '{"kind":"csv"}')]


def test_excel_gets_the_same_lines_with_numbers_as_numbers(editor: PortalClient, poll: PollIds) -> None:
    sent = {"token": own_token(editor)}
    answer = editor.submit("/en" + door(poll) + "/tham-do.xlsx", sent)
    assert answer.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert f'filename="tham-do-{poll.id}.xlsx"' in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        texts = [html.unescape(one) for one in re.findall(r"<t[^>]*>([^<]*)</t>", read(book, "sharedStrings"))]
        sheet = read(book, "worksheets/sheet1")
    assert "<f>" not in sheet
    rows = [re.findall(r'<c [^>]*?(t="s")?><v>([0-9]+)</v>', one) for one in re.findall("<row .+?</row>", sheet)]
    lines = [[texts[int(value)] if is_text else int(value) for is_text, value in row] for row in rows]
    of_csv = editor.submit("/en" + door(poll) + "/tham-do.csv", sent).data.decode("utf-8-sig")
    same = [[one.removeprefix("'") for one in line] for line in csv.reader(io.StringIO(of_csv)) if line]
    assert [list(map(str, line)) for line in lines] == same
    assert ["Đẹp", 2, 100] in lines
    assert [json.loads(entry.fields)["kind"] for entry in entries()] == ["xlsx", "csv"]


def read(book: zipfile.ZipFile, part: str) -> str:
    return book.read(f"xl/{part}.xml").decode()


def test_programs_get_the_same(editor: PortalClient, poll: PollIds) -> None:
    said = json.loads(editor.submit("/en" + door(poll) + "/tham-do.json", {"token": own_token(editor)}).data)
    assert (said["base"], said["uncounted"]["total"]) == (2, 1)
    assert [one["votes"] for one in said["choices"]] == [2, 0, 0]
    assert said["places"][-1]["counted"] + sum(one["counted"] for one in said["places"][:-1]) == 2
    assert len(said["definitions"]) == 2


def test_several_answers_are_percent_of_voters_and_removed_ones_are_told(editor: PortalClient, app: Flask) -> None:
    poll = cast.a_poll(max_choices=2)
    vote(poll, 0, 1)
    vote(poll, 0)
    word_anew(poll, remove=1)
    page = editor.get("/en" + door(poll)).text
    assert ("Bình thường (removed)" in page, ">50%<" in page, ">100%<" in page) == (True, True, True)


def test_what_staff_annulled_is_told_apart(editor: PortalClient, app: Flask) -> None:
    poll = cast.a_poll(allowance=500)
    for _ in range(groups.WORTH_A_LOOK):
        vote(poll, 0)
    groups.annul(poll.id, groups.found(poll.id)[0].key, reason="program", actor=cast.somebody("editor"))
    assert "Annulled by staff: 20." in editor.get("/en" + door(poll)).text


@pytest.mark.parametrize("role", ["author", "administrator"])
def test_nobody_else_finds_them(app: Flask, poll: PollIds, role: str) -> None:
    browser, _ = at_work(app, role)
    assert [browser.get(door(poll) + part).status_code for part in ("", "/so-lieu")] == [404, 404]
    assert browser.submit(door(poll) + "/tham-do.csv", {"token": own_token(browser)}).status_code == 404
