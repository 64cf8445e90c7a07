"""An article that was taken down says so, with the reason and what to read instead, and is gone from everywhere else."""

import pytest

from portal.articles.models import Article
from portal.core import clock
from portal.core.db import db
from tests import cast
from tests.client import PortalClient

AT = {"published_at": 1_600_000_000_000, "withdrawn_at": 1_647_750_000_000}
REASON = "Số liệu <b>chưa</b> được kiểm tra."


def test_it_is_gone_with_its_day_and_reason_and_not_its_title(client: PortalClient) -> None:
    answer = client.get(cast.article_path(cast.an_article(**AT, withdrawn_reason=REASON)))
    assert answer.status_code == 410
    assert "Bài viết này đã được gỡ ngày 20/03/2022." in answer.text
    assert "Số liệu &lt;b&gt;chưa&lt;/b&gt; được kiểm tra." in answer.text
    assert "Kế hoạch truyền thông" not in answer.text
    assert '<meta name="robots" content="noindex">' in answer.text
    assert 'class="button" href="/"' in answer.text


def test_without_a_reason_none_is_made_up(client: PortalClient) -> None:
    assert "Lý do" not in client.get(cast.article_path(cast.an_article(**AT))).text


def test_it_names_what_to_read_instead(client: PortalClient) -> None:
    instead = cast.an_article("Bài thay thế")
    text = client.get(cast.article_path(cast.an_article(**AT, replaced_by_id=instead))).text
    assert f'<a href="/bai-viet/bai-thay-the-{instead}" lang="vi" hreflang="vi">Bài thay thế</a>' in text


@pytest.mark.parametrize("hidden", [{"withdrawn_at": 1}, {"published_at": 2**42}])
def test_what_is_hidden_itself_is_not_named_instead(client: PortalClient, hidden: dict[str, object]) -> None:
    instead = cast.an_article("Bài thay thế", **hidden)
    assert "Bài thay thế" not in client.get(cast.article_path(cast.an_article(**AT, replaced_by_id=instead))).text


def test_it_says_the_same_in_english_and_under_any_slug(client: PortalClient) -> None:
    article = cast.an_article(**AT, withdrawn_reason="Lý do")
    answer = client.get(f"/en/bai-viet/x-{article}")
    assert answer.status_code == 410
    assert "This article was taken down on 20/03/2022." in answer.text
    assert '<span lang="vi">Lý do</span>' in answer.text
    assert client.get(f"/bai-viet/khac-{article}").status_code == 410


def test_what_was_never_published_is_not_said_to_be_gone(client: PortalClient) -> None:
    now = clock.now_ms()
    before = cast.an_article(published_at=now - 1_000, withdrawn_at=now - 2_000)
    assert client.get(cast.article_path(before)).status_code == 404


def test_it_is_gone_from_a_page_that_was_kept(client: PortalClient) -> None:
    article = cast.an_article(section=cast.a_section("Thông báo"), published_at=clock.instant_at("2022-03-17T08:00"))
    pages = ["/", "/chuyen-muc/thong-bao", "/luu-tru/2022", "/sitemap.xml", cast.article_path(article), f"/b/{article}/qr.svg"]
    assert [client.get(page).status_code for page in pages] == [200] * 6
    cast.change_article(article, withdrawn_at=clock.now_ms())
    answers = [client.get(page) for page in pages]
    assert [answer.status_code for answer in answers] == [200, 200, 404, 200, 410, 404]
    assert not any(cast.article_path(article) in answer.text for answer in answers)


def test_one_that_is_put_back_is_there_again(client: PortalClient) -> None:
    page = cast.article_path(article := cast.an_article(**AT))
    assert client.get(page).status_code == 410
    cast.change_article(article, withdrawn_at=None)
    assert client.get(page).status_code == 200
    assert db.session.get_one(Article, article).withdrawn_at is None
