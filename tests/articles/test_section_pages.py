"""A section lists its articles, newest first, in pages of twenty: five by number, those beyond by the article before."""

import re

import pytest

from portal.articles.listing import NUMBERED, PER_PAGE, REACH
from portal.core import clock
from tests import cast
from tests.client import Elements, PortalClient

PAGE = "/chuyen-muc/thong-bao"


def rows(text: str) -> list[int]:
    """Return the numbers of the articles on a page, in order."""
    return [int(found) for found in re.findall(r"Tin số (\d+)</a>", text.partition('id="list"')[2])]


def link(text: str, rel: str) -> str | None:
    """Return where "Tin cũ hơn" (next) or "Tin mới hơn" (prev) leads."""
    found = [one["href"] for one in Elements(text).of("a") if one.get("rel") == rel and "hx-get" in one]
    return found[0] if found else None


def chain(client: PortalClient, path: str, rel: str) -> list[str]:
    """Return the addresses of all pages that a link leads through, the first with them."""
    found = [path]
    while (following := link(client.get(found[-1]).text, rel)) is not None:
        found.append(following)
    return found


@pytest.mark.slow(why="opens every page of a long list")
def test_every_article_stands_on_exactly_one_page_newest_first(client: PortalClient) -> None:
    cast.many_articles(REACH + 45, section=cast.a_section("Thông báo"))
    pages = chain(client, PAGE, "next")
    read = [rows(client.get(page).text) for page in pages]
    assert [len(page) for page in read] == [PER_PAGE] * 7 + [5]
    assert [one for page in read for one in page] == list(range(1, REACH + 46))
    assert pages[:5] == [PAGE, *(f"{PAGE}?trang={number}" for number in range(2, 6))]
    assert all(re.fullmatch(rf"{PAGE}\?truoc=\d{{13}}-\d+", page) for page in pages[5:])


@pytest.mark.slow(why="opens every page of a long list")
def test_the_way_back_is_the_way_there(client: PortalClient) -> None:
    cast.many_articles(REACH + 45, section=cast.a_section("Thông báo"))
    there = chain(client, PAGE, "next")
    assert chain(client, there[-1], "prev") == there[::-1]


def test_articles_of_the_same_instant_are_parted_between_pages(client: PortalClient) -> None:
    cast.many_articles(REACH + 3, section=cast.a_section("Thông báo"), every_ms=0)
    last = client.get(f"{PAGE}?trang={NUMBERED}").text
    beyond = client.get(link(last, "next") or "").text
    assert rows(last)[-1] == 4
    assert rows(beyond) == [3, 2, 1]


def test_a_list_that_ends_with_a_page_leads_no_further(client: PortalClient) -> None:
    section = cast.a_section("Thông báo")
    cast.many_articles(REACH, section=section)
    assert link(client.get(f"{PAGE}?trang={NUMBERED}").text, "next") is None
    assert client.get(f"{PAGE}?trang={NUMBERED + 1}").status_code == 404


def test_the_numbers_lead_to_the_pages_that_there_are(client: PortalClient) -> None:
    cast.many_articles(2 * PER_PAGE + 1, section=cast.a_section("Thông báo"))
    text = client.get(f"{PAGE}?trang=2").text.partition('class="paging-numbers"')[2].partition("</ol>")[0]
    assert [one["href"] for one in Elements(text).of("a")] == [PAGE, f"{PAGE}?trang=2", f"{PAGE}?trang=3"]
    assert [one["href"] for one in Elements(text).of("a") if one.get("aria-current") == "page"] == [f"{PAGE}?trang=2"]
    assert client.get(f"{PAGE}?trang=4").status_code == 404


def test_a_list_of_one_page_has_no_paging(client: PortalClient) -> None:
    cast.many_articles(PER_PAGE, section=cast.a_section("Thông báo"))
    assert 'class="paging"' not in client.get(PAGE).text


@pytest.mark.parametrize("query", ["trang=1", "trang=1&utm_source=x"])
def test_the_first_page_has_one_address(client: PortalClient, query: str) -> None:
    cast.a_section("Thông báo")
    answer = client.get(f"{PAGE}?{query}")
    assert (answer.status_code, answer.headers["Location"]) == (301, PAGE)


def test_a_page_by_key_that_has_a_number_leads_to_it(client: PortalClient) -> None:
    section, now = cast.a_section("Thông báo"), clock.now_ms()
    cast.many_articles(PER_PAGE + 5, section=section)
    first = cast.an_article("Mới nhất", section=section, published_at=now - 1000)
    answer = client.get(f"{PAGE}?truoc={now - 1000}-{first}")
    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)


def test_a_page_after_the_last_article_is_none(client: PortalClient) -> None:
    article = cast.an_article(section=cast.a_section("Thông báo"), published_at=1_600_000_000_000)
    assert client.get(f"{PAGE}?truoc=1600000000000-{article}").status_code == 404


def test_a_page_by_key_stays_when_its_article_is_taken_down(client: PortalClient) -> None:
    section = cast.a_section("Thông báo")
    cast.many_articles(REACH + 5, section=section)
    beyond = link(client.get(f"{PAGE}?trang={NUMBERED}").text, "next") or ""
    cast.an_article(section=section, published_at=clock.now_ms() - 1000)
    assert rows(client.get(beyond).text) == list(range(REACH + 1, REACH + 6))
    cast.change_article(int(beyond.rpartition("-")[2]), withdrawn_at=clock.now_ms())
    assert rows(client.get(beyond).text) == list(range(REACH + 1, REACH + 6))


@pytest.mark.each_case_on_both
@pytest.mark.parametrize(
    "query",
    [
        *("trang=0", "trang=-1", "trang=01", "trang=%D9%A1", "trang=9223372036854775808", "trang=", "trang=1.0", "trang=a"),
        *("truoc=", "truoc=1", "truoc=0-1", "truoc=1-0", "truoc=1-1", "truoc=-1-1", "truoc=%D9%A1-%D9%A1", "truoc=1-01"),
        *("truoc=1600000000000-2147483648", "truoc=9223372036854775808-1", "truoc=1600000000000-1", "truoc=1600000000000"),
        *(
            "trang=2&truoc=1600000000000-1",
            "trang=2&trang=2",
            "truoc=1-1&truoc=1-1",
            "truoc=" + "1" * 400,
            "truoc=%00",
            "trang=%00",
        ),
    ],
)
def test_an_address_that_names_no_page_is_refused(client: PortalClient, query: str) -> None:
    cast.an_article(section=cast.a_section("Thông báo"))
    assert client.get(f"{PAGE}?{query}").status_code in {400, 404}


def test_a_key_of_what_is_not_published_yet_names_no_page(client: PortalClient) -> None:
    section, later = cast.a_section("Thông báo"), clock.now_ms() + clock.DAY
    cast.an_article(section=section)
    assert client.get(f"{PAGE}?truoc={later}-{cast.an_article(section=section, published_at=later)}").status_code == 404


def test_only_the_pages_with_a_number_are_for_search_engines(client: PortalClient) -> None:
    cast.many_articles(REACH + 1, section=cast.a_section("Thông báo"))
    last = client.get(f"{PAGE}?trang={NUMBERED}").text
    assert "noindex" not in last
    assert '<meta name="robots" content="noindex, follow">' in client.get(link(last, "next") or "").text
    assert f'<link rel="canonical" href="http://localhost{PAGE}">' in client.get(PAGE).text


def test_an_empty_section_says_so(client: PortalClient) -> None:
    cast.a_section("Thông báo")
    answer = client.get(PAGE)
    assert answer.status_code == 200
    assert 'class="empty"' in answer.text
    assert 'class="paging"' not in answer.text


def test_a_section_that_is_none_is_not_found(client: PortalClient) -> None:
    assert client.get("/chuyen-muc/khong-co").status_code == 404


def test_articles_of_the_same_instant_keep_one_order(client: PortalClient) -> None:
    section, now = cast.a_section("Thông báo"), clock.now_ms()
    for number in range(3):
        cast.an_article(f"Tin số {number}", section=section, published_at=now - clock.DAY)
    assert rows(client.get(PAGE).text) == [2, 1, 0]
