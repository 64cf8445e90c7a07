"""The staff's page with the snippet, the sites that may embed a poll, and those that do."""

import re
from html import unescape

import pytest
from flask import Flask

from portal.core.db import db
from portal.core.sessions import cookie_name
from portal.polls.heights import height
from portal.polls.models import Poll
from tests import cast
from tests.client import PortalClient
from tests.polls.test_embeds import PARTNER, door
from tests.polls.voting import form

MOST_OCTETS = 1_500


@pytest.fixture
def poll(app: Flask) -> cast.PollIds:
    cast.a_site()
    return cast.a_poll(sites=PARTNER)


@pytest.fixture
def editor(client: PortalClient, app: Flask) -> PortalClient:
    client.set_cookie(cookie_name(app), cast.signed_in())
    return client


def page(editor: PortalClient, poll: cast.PollIds, query: str = "") -> str:
    answer = editor.get(f"/ban-bien-tap/tham-do/{poll.id}/ma-nhung{query}")
    assert answer.status_code == 200
    return answer.text


def snippet(html: str) -> str:
    return unescape(re.findall(r"<textarea[^>]*>(.*?)</textarea>", html, re.DOTALL)[0])


def test_the_snippet_has_the_look_that_was_chosen(editor: PortalClient, poll: cast.PollIds) -> None:
    usual = snippet(page(editor, poll))
    assert f'src="http://localhost/embed/polls/{poll.id}"' in usual
    for said in ('title="Bạn thấy', 'loading="lazy"', 'width="100%"', 'referrerpolicy="origin"', "allow-forms"):
        assert said in usual
    assert re.search(r'<script src="http://localhost/static/embed\.\w+\.js" integrity="sha384-[\w+/]{64}" crossorigin', usual)
    chosen = snippet(page(editor, poll, "?palette=than&theme=dark&lang=en&script=0"))
    assert f'src="http://localhost/en/embed/polls/{poll.id}?palette=than&amp;theme=dark"' in chosen
    assert "<script" not in chosen
    assert editor.get(f"/ban-bien-tap/tham-do/{poll.id}/ma-nhung?palette=do").status_code == 404


def test_the_page_lists_who_may_embed_it_and_who_does(editor: PortalClient, poll: cast.PollIds) -> None:
    assert "Chưa có ai bình chọn ở trang khác." in page(editor, poll)
    for site in (PARTNER, PARTNER, None):
        editor.swap(door(editor, poll, site), form(poll, 0))
        editor.delete_cookie("embedded")
    html = page(editor, poll)
    assert f"<code>{PARTNER}</code>" in html
    rows = re.findall(r'<th scope="row">([^<]+)</th><td class="figure">(\d+)</td>', html)
    assert rows == [("doitac.example.vn", "2"), ("Trang không cho biết tên", "1")]


def test_a_poll_without_a_list_and_a_draft_say_so(editor: PortalClient) -> None:
    html = page(editor, cast.a_poll(published_at=None))
    assert "bản nháp" in html
    assert "Danh sách chưa có trang nào" in html


def test_the_script_for_other_sites_is_small_and_may_be_checked_by_them(client: PortalClient, app: Flask) -> None:
    answer = client.get(app.extensions["assets"].url("js/embed.js"))
    assert 0 < len(answer.data) <= MOST_OCTETS
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "immutable" in answer.headers["Cache-Control"]


def test_a_frame_is_higher_with_more_words_and_where_it_is_narrower(app: Flask, poll: cast.PollIds) -> None:
    long = cast.a_poll(labels=("Văn bản mới ban hành trong tháng",) * 5)
    few, many = db.session.get(Poll, poll.id), db.session.get(Poll, long.id)
    assert few is not None
    assert many is not None
    assert height(few, 320) < height(many, 320)
    assert height(many, 640) < height(many, 320) < height(many, 1) < 5_000


def test_the_foreign_host_needs_a_poll_that_is_public(app: Flask) -> None:
    told = app.test_cli_runner().invoke(args=["polls", "demo-host", "99"])
    assert (told.exit_code, "There is no public poll 99." in told.output) == (1, True)
