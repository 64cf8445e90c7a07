"""What is taken down is gone within a second from all that served it: every address, every process, every node."""

import time

import pytest

from portal.articles.models import Section
from portal.core import clock
from portal.core.db import db
from tests import cast
from tests.serving.server import Answer, Server, get

pytestmark = [pytest.mark.serial, pytest.mark.slow(why="real servers")]

TITLE = "Quyết định vừa được thu hồi"
ENOUGH = 12
"""Connections for one address: with two processes, all of them reach the same one in 1 of 2,048 runs."""


def all_answers(nodes: list[Server], path: str, **headers: str) -> list[Answer]:
    return [get(node, path, **headers) for node in nodes for _ in range(ENOUGH)]


def test_it_is_gone_from_page_list_feed_map_api_and_cache(nodes: list[Server], app: object) -> None:
    section = db.session.get_one(Section, 1)
    article = cast.an_article(TITLE, section=section.id, published_at=clock.now_ms() - 1_000)
    cast.an_article("Bài vẫn còn đó", section=section.id, published_at=clock.now_ms() - 1_000)
    file = cast.an_attachment(article)
    today = clock.day_of(clock.now_ms())
    own = [
        cast.article_path(article, TITLE),
        f"/b/{article}",
        f"/the/{article}.png",
        f"/api/v1/articles/{article}",
        f"/tep/{file}",
    ]
    lists = [
        "/",
        f"/chuyen-muc/{section.slug}",
        f"/chuyen-muc/{section.slug}/{today.year}/{today.month}",
        "/rss.xml",
        "/atom.xml",
        f"/chuyen-muc/{section.slug}/rss.xml",
        "/api/v1/articles",
    ]
    time.sleep(1.0)
    before = {path: all_answers(nodes, path) for path in own + lists}
    assert [path for path in lists if not all(TITLE in answer.text for answer in before[path])] == []
    assert [path for path in own if {answer.status for answer in before[path]} - {200, 301}] == []

    cast.change_article(article, withdrawn_at=clock.now_ms())
    time.sleep(1.0)

    after = {path: all_answers(nodes, path, If_None_Match=before[path][0].headers.get("etag", '"x"')) for path in own + lists}
    assert [path for path in lists if any(answer.status != 200 or TITLE in answer.text for answer in after[path])] == []
    assert [path for path in own if {answer.status for answer in after[path]} - {404, 410}] == []
