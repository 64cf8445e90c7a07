"""No page asks the database more often because there is more in it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event, insert
from sqlalchemy import text as sql

from portal.articles.models import Section
from portal.articles.scopes import Scope
from portal.articles.views import MOST_LISTED
from portal.core import clock, versions
from portal.core.db import db, write
from tests import cast
from tests.client import PortalClient


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Collect the statements that are sent meanwhile, with nothing remembered from before."""
    app.extensions["page_cache"].clear()
    app.extensions["remembered"].clear()
    sent: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield sent
    event.remove(db.engine, "before_cursor_execute", note)


def asked(app: Flask, client: PortalClient, path: str) -> int:
    """Return how many statements about articles and sections a page takes that was never made before."""
    with statements(app) as sent:
        assert client.get(path).status_code == 200, path
    ours = [one for one in sent if "FROM article" in one or "FROM section" in one]
    assert not [one for one in ours if "count(" in one.lower()]
    return len(ours)


@pytest.mark.slow(why="fills two sections and makes pages of both")
def test_pages_of_much_take_as_many_statements_as_pages_of_little(app: Flask, client: PortalClient) -> None:
    long_ago, now = clock.instant_at("2019-02-03T08:00"), clock.now_ms()
    pages = {}
    for name, number in (("ít", 21), ("nhiều", 350)):
        section = cast.a_section(f"Mục {name}")
        for part in range(number // 100 + 1):
            below = cast.a_section(f"Phần {name} {part}", parent_id=section)
            cast.many_articles(number // 2, section=below, every_ms=clock.HOUR)
            cast.an_article("Ghim", section=below, published_at=long_ago, pinned_until=now + clock.DAY)
        cast.many_articles(number, section=section, every_ms=0, published_at=long_ago)
        article = cast.an_article("Giữa", section=section, published_at=long_ago)
        for _ in range(number // 20):
            cast.a_correction(article, "Sửa.", "2022-03-20T08:00")
        root = "/chuyen-muc/muc-" + ("it" if number == 21 else "nhieu")
        wanted = [root, f"{root}?trang=2", f"{root}/2019", f"{root}/2019/2", f"/bai-viet/giua-{article}"]
        pages[name] = [asked(app, client, page) for page in wanted]
    assert pages["ít"] == pages["nhiều"]
    assert max(pages["nhiều"]) <= 15


@pytest.mark.slow(why="makes many pages of a section with very many below it")
def test_sections_below_one_cost_no_statement(app: Flask, client: PortalClient) -> None:
    section = cast.a_section("Mục")
    cast.an_article("Tin", section=section, published_at=clock.instant_at("2019-02-03T08:00"))
    cast.a_page("Giới thiệu")
    root = "/chuyen-muc/muc"
    wanted = ["/", "/so-do-trang", "/trang/gioi-thieu", root, f"{root}/2019", f"{root}/2019/2", "/luu-tru"]
    few = [asked(app, client, page) for page in wanted]
    for number in range(60):
        below = cast.a_section(f"Phần {number}", parent_id=section)
        cast.an_article(f"Tin {number}", section=below, published_at=clock.instant_at("2018-02-03T08:00"))
    assert [asked(app, client, page) for page in wanted] == few


def test_a_section_with_more_below_it_than_a_statement_has_parts_is_shown(app: Flask, client: PortalClient) -> None:
    section = cast.a_section("Mục")
    cast.an_article("Tin", section=section, published_at=clock.instant_at("2019-02-03T08:00"))
    group = {"site_id": 1, "language": "vi", "parent_id": section, "position": 1}
    rows = [{**group, "slug": f"s-{n}", "name": f"Phần {n}", "translation_group": f"g{n}"} for n in range(600)]
    write(lambda session: (session.execute(insert(Section), rows), versions.bump(session)))
    for path in ("", "/2019", "/2019/2"):
        assert client.get("/chuyen-muc/muc" + path).status_code == 200
    assert client.get("/chuyen-muc/muc").text.count(">Phần ") == MOST_LISTED


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_list_of_sections_is_read_along_their_index(app: Flask) -> None:
    with app.test_request_context("/"):
        asked = Scope((1, 2, 3)).select(clock.now_ms()).limit(20)
        text = asked.compile(db.engine, compile_kwargs={"literal_binds": True})
        plan = " ".join(row[3] for row in db.session.execute(sql(f"EXPLAIN QUERY PLAN {text}")))
    assert "ix_article_section_published" in plan
    assert "SCAN" not in plan
