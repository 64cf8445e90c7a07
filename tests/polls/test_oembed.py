"""oEmbed: what programs are told about embedding a poll, and when they are told no."""

import json
import re
from urllib.parse import quote

import pytest
from flask import Flask

from tests import cast
from tests.client import PortalClient
from tests.polls.voting import change, form

PARTNER = "https://doitac.example.vn"
OURS = "http://localhost/tham-do/"


@pytest.fixture
def poll(app: Flask) -> cast.PollIds:
    cast.a_site()
    return cast.a_poll(sites=PARTNER, question="Bạn thấy <b>giao diện</b> thế nào?")


def asked(address: str, more: str = "") -> str:
    return f"/oembed?url={quote(address, safe='')}{more}"


def test_a_program_gets_a_link_and_a_frame(client: PortalClient, poll: cast.PollIds) -> None:
    told = client.get(asked(f"{OURS}{poll.id}", "&format=json&maxwidth=300")).get_json()
    html = told.pop("html")
    assert told.pop("height") > 300
    assert told == {
        "version": "1.0",
        "type": "rich",
        "title": "Bạn thấy <b>giao diện</b> thế nào?",
        "provider_name": "Sở Khoa học và Công nghệ",
        "provider_url": "http://localhost/",
        "cache_age": 3600,
        "width": 300,
    }
    assert f'<a href="{OURS}{poll.id}">Bạn thấy &lt;b&gt;giao diện&lt;/b&gt; thế nào?</a>' in html
    assert f'src="http://localhost/embed/polls/{poll.id}" title="Bạn thấy &lt;b&gt;' in html
    assert "<script" not in html


@pytest.mark.parametrize(
    ("address", "more", "code"),
    [
        (OURS + "1", "", 200),
        ("http://localhost/en/tham-do/1", "", 200),
        (OURS + "1", "&maxwidth=10000&maxheight=200", 200),
        (OURS + "1", "&format=xml", 501),
        (OURS + "99", "", 404),
        (OURS + "9999999999", "", 404),
        (OURS + "1/ket-qua", "", 404),
        ("http://localhost/", "", 404),
        ("https://localhost/tham-do/1", "", 404),
        ("http://localhost:81/tham-do/1", "", 404),
        ("http://khac.example.vn/tham-do/1", "", 404),
        ("http://localhost@khac.example.vn/tham-do/1", "", 404),
        ("http://[/tham-do/1", "", 404),
        ("", "", 404),
        (OURS + "1", "&maxwidth=0", 400),
        (OURS + "1", "&maxwidth=x", 400),
        (OURS + "1", "&maxwidth=1&maxwidth=2", 400),
        (OURS + "1" * 999, "", 400),
    ],
)
def test_what_is_answered(client: PortalClient, poll: cast.PollIds, address: str, more: str, code: int) -> None:
    answer = client.get(asked(address, more))
    assert (answer.status_code, answer.content_type) == (code, "application/json")
    assert ("error" in json.loads(answer.text)) == (code != 200)
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_what_is_asked_for_is_kept_to(client: PortalClient, poll: cast.PollIds) -> None:
    told = client.get(asked(f"http://localhost/en/tham-do/{poll.id}", "&maxwidth=9000&maxheight=200")).get_json()
    assert (told["width"], told["height"]) == (480, 200)
    assert f'src="http://localhost/en/embed/polls/{poll.id}"' in told["html"]
    assert 'width="480" height="200"' in told["html"]


def test_a_draft_is_unknown_and_a_poll_for_nobody_is_not_given_away(client: PortalClient, poll: cast.PollIds) -> None:
    change(poll, sites="")
    assert client.get(asked(f"{OURS}{poll.id}")).status_code == 401
    assert "oembed" not in client.get(f"/tham-do/{poll.id}").text
    change(poll, sites=PARTNER, published_at=None)
    assert client.get(asked(f"{OURS}{poll.id}")).status_code == 404


def test_the_poll_s_page_says_where_to_ask(client: PortalClient, poll: cast.PollIds) -> None:
    page = client.get(f"/tham-do/{poll.id}").text
    link = re.findall(r'<link rel="alternate" type="application/json\+oembed" href="([^"]+)"', page)[0].replace("&amp;", "&")
    assert client.get(link.removeprefix("http://localhost")).get_json()["title"] == "Bạn thấy <b>giao diện</b> thế nào?"


def test_no_vote_changes_what_is_answered(client: PortalClient, poll: cast.PollIds) -> None:
    change(poll, visibility="closed")
    before = client.get(asked(f"{OURS}{poll.id}"))
    client.swap(f"/tham-do/{poll.id}", form(poll, 0))
    after = client.get(asked(f"{OURS}{poll.id}"))
    assert (before.data, before.headers["ETag"]) == (after.data, after.headers["ETag"])
