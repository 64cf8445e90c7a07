"""Results that are not public yet: in no page, fragment, error or ETag, whoever votes meanwhile."""

import re

import pytest
from werkzeug.test import TestResponse

from portal.core import clock, versions
from portal.core.db import write
from tests import cast
from tests.cast import PollIds
from tests.client import HTMX, PortalClient
from tests.polls.voting import change, form, word_anew

COUNTED = re.compile(r"\d+%|poll-figure|poll-total|poll-bar-part|Total votes|No votes yet|not counted: |uncounted")


def hidden(visibility: str) -> tuple[PollIds, str]:
    """Store a poll with a visibility in an article; return it with the article's address."""
    poll = cast.a_poll(visibility=visibility)
    return poll, cast.article_path(cast.an_article(poll_id=poll.id))


def looks(client: PortalClient, poll: PollIds, page: str) -> list[TestResponse]:
    """Return everything that a browser which has not voted can see of a poll, on an article's page too."""
    client.delete_cookie("browser")
    paths = [poll.url, poll.url + "/ket-qua", poll.url + "/phieu"]
    return [
        client.get(page),
        *(client.get("/en" + path) for path in paths),
        *(client.get("/en" + path, headers=HTMX) for path in paths[1:]),
        client.get(f"/api/v1/polls/{poll.id}"),
        client.swap("/en" + poll.url, form(poll)),
        client.swap("/en" + poll.url, form(poll, 0, version=7)),
    ]


def same(answer: TestResponse) -> tuple[int, str, str | None]:
    """Return what an outsider could compare, without what changes anyhow."""
    return answer.status_code, answer.text, answer.headers.get("ETag")


def vote(client: PortalClient, poll: PollIds, place: int) -> TestResponse:
    client.delete_cookie("browser")
    answer = client.swap("/en" + poll.url, form(poll, place))
    assert answer.status_code == 200
    write(versions.bump)  # every page is made anew, at once
    return answer


@pytest.mark.parametrize("visibility", ["voted", "closed"])
def test_votes_change_nothing_that_an_outsider_sees(client: PortalClient, visibility: str) -> None:
    poll, page = hidden(visibility)
    before = [same(look) for look in looks(client, poll, page)]

    for place in (0, 0, 2):
        vote(client, poll, place)

    after = looks(client, poll, page)
    assert [same(look) for look in after] == before
    assert not any(COUNTED.search(look.text.partition('id="figures"')[0]) for look in after)


@pytest.mark.parametrize("visibility", ["voted", "closed"])
def test_votes_that_are_set_aside_change_nothing_either(client: PortalClient, visibility: str) -> None:
    poll, page = hidden(visibility)
    change(poll, uncounted=0)
    before = [same(look) for look in looks(client, poll, page)]

    change(poll, uncounted=12)

    after = looks(client, poll, page)
    assert [same(look) for look in after] == before
    assert not any(COUNTED.search(look.text.partition('id="figures"')[0]) for look in after)


def test_votes_that_are_set_aside_are_told_wherever_the_result_is(client: PortalClient) -> None:
    poll, page = hidden("always")
    change(poll, uncounted=12)
    client.delete_cookie("browser")

    for path in ("/en" + poll.url, f"/en{poll.url}/ket-qua", f"/en{poll.url}/phieu"):
        assert "12 votes are not counted: they look automated." in client.get(path).text
    assert "12 phiếu không được tính vì có dấu hiệu bỏ phiếu tự động." in client.get(page).text
    assert client.get(f"/api/v1/polls/{poll.id}").json["result"]["uncounted"] == 12


@pytest.mark.parametrize("visibility", ["voted", "closed"])
def test_a_removed_choice_does_not_tell_whether_it_had_votes(client: PortalClient, visibility: str) -> None:
    with_votes, without = hidden(visibility)[0], hidden(visibility)[0]
    vote(client, with_votes, 2)
    for poll in (with_votes, without):
        word_anew(poll, remove=2)
    client.delete_cookie("browser")

    for poll in (with_votes, without):
        assert "Xấu" not in client.get("/en" + poll.url + "/ket-qua").text


def test_a_voter_sees_the_result_where_voting_opens_it(client: PortalClient) -> None:
    poll, _ = hidden("voted")
    vote(client, poll, 0)

    assert "50% · 1" in vote(client, poll, 1).text
    assert "50% · 1" in client.get("/en" + poll.url + "/ket-qua").text


def test_a_voter_sees_no_result_before_closing_where_closing_opens_it(client: PortalClient) -> None:
    poll, _ = hidden("closed")

    told = vote(client, poll, 1)
    again = client.swap("/en" + poll.url, form(poll, 0))

    for answer in (told, again, client.get("/en" + poll.url + "/ket-qua")):
        assert not COUNTED.search(answer.text)
        assert "The result is published after the poll closes." in answer.text
        assert "Your choice" in answer.text


@pytest.mark.parametrize("visibility", ["voted", "closed"])
def test_everybody_sees_the_result_after_closing(client: PortalClient, visibility: str) -> None:
    poll, page = hidden(visibility)
    vote(client, poll, 0)
    change(poll, closes_at=clock.now_ms() - 1)
    client.delete_cookie("browser")

    for path in (page, "/en" + poll.url, "/en" + poll.url + "/ket-qua"):
        assert "100% · 1" in client.get(path).text


def test_an_open_result_is_seen_by_everybody(client: PortalClient) -> None:
    poll, page = hidden("always")
    vote(client, poll, 0)

    assert all(COUNTED.search(look.text) for look in looks(client, poll, page))
