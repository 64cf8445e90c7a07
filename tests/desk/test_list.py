"""The whole list: each filter, each order, each page, for whoever may see what."""

import pytest
from flask import Flask

from portal.articles.models import Section
from portal.core import clock
from portal.core.db import db
from portal.desk.listing import PER_PAGE
from tests import cast
from tests.client import HTMX
from tests.desk.working import LIST, PUBLISHED, a_piece, at_work, link, many, titles


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("words", ["kế hoạch", "ke hoach", "KẾ  HOẠCH", "hoạch kế", "ke hoach đong"])
def test_a_title_is_found_by_its_words_with_and_without_marks(app: Flask, words: str) -> None:
    browser, author = at_work(app, "author")
    a_piece(author, "Kế hoạch chống bão miền Đông")
    a_piece(author, "Thông báo nghỉ lễ")
    assert titles(browser.get(LIST, query_string={"tim": words}).text) == ["Kế hoạch chống bão miền Đông"]


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("words", ["%", "_", "100%", "…", "thông hoạch"])
def test_signs_are_no_wildcards_and_every_word_must_be_there(app: Flask, words: str) -> None:
    browser, author = at_work(app, "author")
    a_piece(author, "Kế hoạch")
    a_piece(author, "Thông báo")
    answer = browser.get(LIST, query_string={"tim": words})
    assert titles(answer.text) == []
    assert "Không có bài nào phù hợp" in answer.text


def test_each_filter_leaves_what_matches(app: Flask) -> None:
    browser, editor = at_work(app, "editor")
    unit, here, there = cast.a_unit("Văn phòng"), cast.a_section("Một"), cast.a_section("Hai")
    author = cast.somebody("author", unit=unit)
    a_piece(author, "A", section=here)
    a_piece(editor, "B", section=there, state="in_review", waits_since=1)
    a_piece(author, "C", section=there, language="en", **PUBLISHED)
    found = {
        query: sorted(titles(browser.get(f"{LIST}?{query}").text))
        for query in (
            *("trang-thai=ban-nhap", "trang-thai=cho-duyet", "trang-thai=da-dang", "trang-thai=da-go"),
            *(f"chuyen-muc={there}", f"don-vi={unit}", f"nguoi={author.id}", "nguoi=toi", "ngon-ngu=en", "ngon-ngu=vi"),
            f"chuyen-muc={there}&nguoi={author.id}",
        )
    }
    assert list(found.values()) == [["A"], ["B"], ["C"], [], ["B", "C"], ["A", "C"], ["A", "C"], ["B"], ["C"], ["A", "B"], ["C"]]


def test_what_waits_too_long_is_marked_and_can_be_asked_for(app: Flask) -> None:
    browser, editor = at_work(app, "editor")
    quick, slow, silent = cast.a_section("Nhanh", review_hours=24), cast.a_section("Chậm", review_hours=48), cast.a_section("Im")
    since = clock.now_ms() - 27 * clock.HOUR - clock.MINUTE
    for section in (quick, slow, silent):
        name = db.session.get_one(Section, section).name
        a_piece(editor, name, section=section, state="in_review", waits_since=since)
    a_piece(editor, "Đã trả lại", section=quick, state="returned", waits_since=since)
    html = browser.get(f"{LIST}?trang-thai=qua-han").text
    assert titles(html) == ["Nhanh"]
    assert "Quá hạn 3 giờ" in html
    assert browser.get(LIST).text.count("Quá hạn 3 giờ") == 1


def test_each_order_is_kept_over_all_pages_there_and_back(app: Flask) -> None:
    browser, author = at_work(app, "author")
    number, since = 2 * PER_PAGE + 3, 1_000
    many(author, number, section=cast.a_section(), state="in_review", waits_since=since, publish_at=since, published_at=since)
    a_piece(author, "Không chờ ai")
    for sort in ("moi-sua", "moi-dang", "tieu-de", "cho-lau", "gan-gio"):
        path, pages, back = f"{LIST}?sap={sort}", [], ""
        while path:
            html = browser.get(path).text
            pages.append(titles(html))
            path, back = link(html, "next"), link(html, "prev") or back
        shown = [title for page in pages for title in page]
        assert len(shown) == len(set(shown)) == number + 1, sort
        assert (shown[-1] == "Không chờ ai") is (sort in {"moi-dang", "cho-lau", "gan-gio"})
        assert [len(page) for page in pages[:2]] == [PER_PAGE, PER_PAGE]
        assert titles(browser.get(back).text) == pages[1], sort
        first = link(browser.get(back).text, "prev")
        assert titles(browser.get(first).text) == pages[0]
        assert link(browser.get(first).text, "prev") == ""


def test_the_order_by_title_is_that_of_folded_titles(app: Flask) -> None:
    browser, author = at_work(app, "author")
    for title in ("Đề án", "Bão số 5", "Ấn phẩm", "Chương trình"):
        a_piece(author, title)
    assert titles(browser.get(f"{LIST}?sap=tieu-de").text) == ["Ấn phẩm", "Bão số 5", "Chương trình", "Đề án"]


def test_a_piece_that_changes_between_two_pages_makes_none_come_twice(app: Flask) -> None:
    browser, author = at_work(app, "author")
    many(author, PER_PAGE + 2, section=cast.a_section())
    html = browser.get(LIST).text
    a_piece(author, "Vừa mới")
    assert not set(titles(html)) & set(titles(browser.get(link(html, "next")).text))


def test_an_author_sees_the_own_unit_and_counts_only_it(app: Flask) -> None:
    browser, author = at_work(app, "author")
    stranger = cast.somebody("author", unit=cast.a_unit("Văn phòng"))
    a_piece(author, "Của ta")
    theirs = a_piece(stranger, "Của họ")
    for query in ("", f"?don-vi={stranger.unit_id}", "?tim=của", f"?nguoi={stranger.id}", "?trang-thai=ban-nhap&sap=tieu-de"):
        html = browser.get(f"{LIST}{query}").text
        assert "Của họ" not in html
        assert f"{LIST}/{theirs}" not in html
    assert '<p class="meta" role="status">1 bài</p>' in browser.get(LIST).text
    assert "Văn phòng" not in browser.get(LIST).text
    assert f"(#{stranger.id})" not in browser.get(LIST).text
    assert browser.get(f"{LIST}?sap=tieu-de&sau={theirs}").status_code == 404


@pytest.mark.parametrize("role", ["editor", "publisher"])
def test_editors_and_publishers_see_all(app: Flask, role: str) -> None:
    browser, _ = at_work(app, role)
    a_piece(cast.somebody("author", unit=cast.a_unit("Văn phòng")), "Của họ")
    a_piece(cast.somebody("author"), "Của không ai")
    assert len(titles(browser.get(LIST).text)) == 2


def test_only_who_may_do_something_with_many_is_offered_to_choose(app: Flask) -> None:
    for role, offered in {"author": (0, 0), "editor": (1, 0), "publisher": (1, 1)}.items():
        browser, user = at_work(app, role)
        a_piece(user)
        html = browser.get(LIST).text
        assert (int('name="bai"' in html), int("bai/go" in html)) == offered, role


def test_in_place_only_the_list_is_sent_with_its_address(app: Flask) -> None:
    browser, author = at_work(app, "author")
    a_piece(author, "Kế hoạch")
    html = browser.get(f"{LIST}?tim=ke&sap=tieu-de", headers=HTMX).text
    assert html.startswith(f'<div id="pieces" data-url="{LIST}?tim=ke&amp;sap=tieu-de">')
    assert "<h1" not in html
    assert titles(html) == ["Kế hoạch"]


WRONG = [
    *("trang-thai=bay", "sap=bay", "ngon-ngu=fr", "chuyen-muc=x", "don-vi=0", "nguoi=99999999999", "nguoi=ai"),
    *("sau=x", "truoc=0-1", "sau=1-99999999999", "sau=1-1&truoc=1-1", "sap=tieu-de&sau=1-1", "sap=tieu-de&sau=999999"),
]


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("query", WRONG)
def test_what_no_form_of_ours_sends_is_not_found(app: Flask, query: str) -> None:
    assert at_work(app, "publisher")[0].get(f"{LIST}?{query}").status_code == 404


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("query", ["tim=a&tim=b", "tim=" + 101 * "x", "tim=a%00b", "sap=tieu-de&sap=moi-sua"])
def test_what_cannot_be_read_is_refused(app: Flask, query: str) -> None:
    assert at_work(app, "author")[0].get(f"{LIST}?{query}").status_code == 400


@pytest.mark.parametrize("scope", ["cho-toi-duyet", "duyet-sau"])
def test_an_author_cannot_ask_for_what_waits_for_others(app: Flask, scope: str) -> None:
    browser = at_work(app, "author")[0]
    assert browser.get(f"{LIST}?trang-thai={scope}").status_code == 404
    assert scope not in browser.get(LIST).text


def test_a_title_is_printed_as_text(app: Flask) -> None:
    browser, author = at_work(app, "author")
    a_piece(author, "<img src=x onerror=alert(1)>")
    for path in (LIST, f"{LIST}?tim=img", "/ban-bien-tap"):
        html = browser.get(path).text
        assert "<img src=x" not in html
        assert "&lt;img src=x" in html


def test_a_piece_without_a_title_can_be_opened(app: Flask) -> None:
    browser, author = at_work(app, "author")
    a_piece(author, "")
    assert titles(browser.get(LIST).text) == ["(chưa có tiêu đề)"]


def test_the_list_takes_few_statements_however_long_it_is(app: Flask, statements: list[str]) -> None:
    browser, author = at_work(app, "publisher")
    many(author, PER_PAGE + 1, section=cast.a_section())
    browser.get(LIST)  # what all pages share is remembered
    statements.clear()
    browser.get(LIST)
    assert len(statements) <= 16
