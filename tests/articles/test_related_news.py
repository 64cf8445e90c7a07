"""Related news: the same section, most words in common, among equals the nearest in time."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from portal.articles.related import COMMON, MOST, nearest
from portal.core import clock
from portal.core.text import words
from tests import cast
from tests.client import PortalClient


@dataclass(frozen=True)
class Named:
    title: str
    published_at: int = 0


WORDS = ["kiểm", "soát", "thủ", "tục", "đề", "án", "công", "nghệ", "và", "của", "năm"]
articles = st.builds(Named, st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join), st.integers(0, 1_000))


def test_shared_words_come_before_nearness_in_time() -> None:
    plan = Named("Kế hoạch kiểm soát thủ tục", 100)
    far, near = Named("Rà soát thủ tục", 1), Named("Lịch nghỉ Tết", 99)
    assert nearest(plan, [near, far]) == [far, near]


def test_among_equals_the_nearest_in_time_is_first() -> None:
    plan = Named("Thủ tục", 100)
    before, after, long_ago = Named("Thủ tục", 90), Named("Thủ tục", 105), Named("Thủ tục", 1)
    assert nearest(plan, [long_ago, before, after]) == [after, before, long_ago]


def test_words_are_compared_without_marks_and_case() -> None:
    assert nearest(Named("ĐỀ ÁN"), [Named("Lịch"), Named("đề án")])[0].title == "đề án"


def test_words_that_say_nothing_do_not_relate() -> None:
    plan = Named("Danh sách của các và cho năm", 100)
    assert nearest(plan, [Named("của các và cho năm", 1), Named("Lịch", 99)])[0].title == "Lịch"


@given(articles, st.lists(articles, max_size=12))
def test_the_order_follows_the_rule_and_loses_nobody_better(article: Named, candidates: list[Named]) -> None:
    found = nearest(article, candidates)
    assert len(found) == min(MOST, len(candidates))

    def distance(one: Named) -> tuple[int, int]:
        shared = (set(words(article.title)) & set(words(one.title))) - COMMON
        return -len(shared), abs(one.published_at - article.published_at)

    assert [distance(one) for one in found] == sorted(map(distance, candidates))[:MOST]


def test_the_page_lists_its_own_section_s_news_without_itself(client: PortalClient) -> None:
    section, other = cast.a_section("Thông báo"), cast.a_section("Khoa học")
    now = clock.now_ms()
    page = cast.an_article("Thủ tục mới", section=section, published_at=now - 10)
    cast.an_article("Thủ tục cũ", section=section, published_at=now - 20)
    cast.an_article("Thủ tục nơi khác", section=other, published_at=now - 20)
    related = client.get(cast.article_path(page, "Thủ tục mới")).text.partition('id="related"')[2].partition("</section>")[0]
    assert "Thủ tục cũ" in related
    assert "Thủ tục mới" not in related
    assert "Thủ tục nơi khác" not in related


def test_an_article_without_neighbours_has_no_empty_list(client: PortalClient) -> None:
    assert 'id="related"' not in client.get(cast.article_path(cast.an_article())).text
