"""Former addresses lead on for ever: a section's old slug, a former site's paths, the short address on paper."""

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal.articles.addresses import keep_leading, qr_code
from portal.articles.models import Article, Section
from portal.core import clock
from portal.core.db import db, write
from tests import cast
from tests.client import PortalClient


def leave(path: str, *, article: int | None = None, section: int | None = None) -> None:
    """Have a path lead to an article or a section."""

    def store(session: Session) -> None:
        thing = session.get_one(Article, article) if article else session.get_one(Section, section)
        keep_leading(session, path, thing)

    write(store)


def leads(client: PortalClient, path: str) -> tuple[int, str | None]:
    answer = client.get(path)
    return answer.status_code, answer.headers.get("Location")


def test_a_section_s_former_slug_leads_to_it_with_its_archive(client: PortalClient) -> None:
    section = cast.a_section("Thông báo mới")
    leave("/chuyen-muc/thong-bao", section=section)
    assert leads(client, "/chuyen-muc/thong-bao") == (301, "/chuyen-muc/thong-bao-moi")
    assert leads(client, "/chuyen-muc/thong-bao/2022/3") == (301, "/chuyen-muc/thong-bao-moi/2022/3")


def test_a_section_that_has_the_slug_today_comes_before_one_that_had_it(client: PortalClient) -> None:
    leave("/chuyen-muc/thong-bao", section=cast.a_section("Cũ"))
    cast.a_section("Thông báo")
    assert client.get("/chuyen-muc/thong-bao").status_code == 200


def test_a_former_site_s_path_leads_to_the_article(client: PortalClient) -> None:
    article = cast.an_article()
    leave("/index.php/tin-tuc/123.html", article=article)
    assert leads(client, "/index.php/tin-tuc/123.html") == (301, cast.article_path(article))
    assert leads(client, "/index.php/tin-tuc/123.html?utm_source=x") == (301, cast.article_path(article))
    assert client.get("/index.php/tin-tuc/124.html").status_code == 404


def test_a_former_site_s_query_tells_its_pages_apart(client: PortalClient) -> None:
    first, second = cast.an_article("Một"), cast.an_article("Hai")
    leave("/tin.aspx?id=1", article=first)
    leave("/tin.aspx?id=2", article=second)
    assert leads(client, "/tin.aspx?id=2") == (301, f"/bai-viet/hai-{second}")
    assert client.get("/tin.aspx?id=3").status_code == client.get("/tin.aspx").status_code == 404


def test_names_that_others_add_to_a_query_do_not_matter(client: PortalClient) -> None:
    article = cast.an_article("Một")
    leave("/View.aspx?id=5", article=article)
    for query in ("id=5", "id=5&fbclid=abc", "utm_source=x&utm_medium=y&id=5", "a=1&b=2&c=3&d=4&e=5&id=5&g=7&h=8"):
        assert leads(client, f"/View.aspx?{query}") == (301, f"/bai-viet/mot-{article}"), query
    assert client.get("/View.aspx?id=6&fbclid=abc").status_code == 404


@pytest.mark.parametrize("path", ["/trang/cu", "/bai-viet/cu-999999", "/chuyen-muc/cu", "/tham-do/999999"])
def test_a_former_path_of_a_form_that_views_know_leads_on(client: PortalClient, path: str) -> None:
    article = cast.an_article("Một")
    assert client.get(path).status_code == 404
    leave(path, article=article)
    assert leads(client, path) == (301, f"/bai-viet/mot-{article}")
    cast.change_article(article, published_at=clock.now_ms() + clock.DAY)
    assert leads(client, path) == (404, None)


def test_a_database_that_goes_away_just_then_is_said_to_be_gone(app: Flask, client: PortalClient) -> None:
    def away(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if "FROM old_address" in statement:
            raise OperationalError(statement, None, Exception("gone"))

    event.listen(db.engine, "before_cursor_execute", away)
    for path in ("/trang/cu", "/tin/cu"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (503, "no-store"), path
        assert int(answer.headers["Retry-After"]) > 0


def test_what_leads_on_is_asked_for_again(client: PortalClient) -> None:
    article = cast.an_article()
    leave("/tin/1", article=article)
    for path in ("/tin/1", f"/b/{article}"):
        assert client.get(path).headers["Cache-Control"] == "public, max-age=0, must-revalidate"


def test_an_address_belongs_to_its_language(client: PortalClient) -> None:
    article = cast.an_article("Plan", language="en")
    leave("/news/1", article=article)
    assert leads(client, "/en/news/1") == (301, f"/en/bai-viet/plan-{article}")
    assert client.get("/news/1").status_code == 404


def test_an_address_that_is_given_away_leads_to_its_new_owner(client: PortalClient) -> None:
    first, second = cast.an_article("Một"), cast.an_article("Hai")
    leave("/tin/1", article=first)
    leave("/tin/1", article=second)
    assert leads(client, "/tin/1") == (301, f"/bai-viet/hai-{second}")


def test_a_former_address_tells_nothing_of_what_is_hidden(client: PortalClient) -> None:
    scheduled = cast.an_article(published_at=clock.now_ms() + clock.DAY)
    gone = cast.an_article(withdrawn_at=clock.now_ms())
    leave("/tin/1", article=scheduled)
    leave("/tin/2", article=gone)
    assert leads(client, "/tin/1") == leads(client, f"/b/{scheduled}") == (404, None)
    assert leads(client, "/tin/2") == leads(client, f"/b/{gone}") == (410, None)


def test_a_form_is_not_led_on(client: PortalClient) -> None:
    leave("/tin/1", article=cast.an_article())
    assert client.submit("/tin/1").status_code == 404


def test_the_short_address_leads_to_the_article_in_its_language(client: PortalClient) -> None:
    article, english = cast.an_article(), cast.an_article("Plan", language="en")
    assert leads(client, f"/b/{article}") == (301, cast.article_path(article))
    assert leads(client, f"/b/{english}") == leads(client, f"/en/b/{english}") == (301, f"/en/bai-viet/plan-{english}")


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("number", ["0", "-1", "01", "9223372036854775808", "2147483648", "%D9%A1", "%00", "x", "4711", ""])
def test_a_short_address_of_nothing_is_not_found(client: PortalClient, number: str) -> None:
    cast.an_article()
    assert client.get(f"/b/{number}").status_code == 404
    assert client.get(f"/b/{number}/qr.svg").status_code == 404


def test_the_code_is_a_picture_of_the_short_address(client: PortalClient) -> None:
    article = cast.an_article()
    answer = client.get(f"/b/{article}/qr.svg")
    assert answer.headers["Content-Type"].startswith("image/svg+xml")
    assert answer.data == qr_code(f"http://localhost/b/{article}")
    assert b"<script" not in answer.data
    assert b"style=" not in answer.data


def test_paper_bears_both_addresses(client: PortalClient) -> None:
    article = cast.an_article()
    paper = client.get(cast.article_path(article)).text.partition('id="paper"')[2]
    assert f"Địa chỉ của trang này: http://localhost{cast.article_path(article)}" in paper
    assert f"Địa chỉ ngắn: http://localhost/b/{article}" in paper
    assert "data-printed hidden" in paper
