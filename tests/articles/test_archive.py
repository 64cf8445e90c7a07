"""The archive: years and months, of a section and of the whole site, and no page for one that holds nothing."""

import pytest
from flask import Flask

from portal.core import clock
from tests import cast
from tests.client import Elements, PortalClient

SECTION = "/chuyen-muc/thong-bao"
BOTH = [SECTION, "/luu-tru"]


@pytest.fixture(autouse=True)
def filled(app: Flask) -> None:
    """Articles of 2020 and 2022, one of them minutes before a year's end, and what must not be seen."""
    section = cast.a_section("Thông báo")
    for title, at in (("Tết", "2022-01-01T00:00"), ("Cuối năm", "2020-12-31T23:59"), ("Tháng ba", "2022-03-17T08:00")):
        cast.an_article(title, section=section, published_at=clock.instant_at(at))
    cast.an_article("Gỡ", section=section, published_at=clock.instant_at("2021-05-05T08:00"), withdrawn_at=1)
    cast.an_article("Hẹn", section=section, published_at=clock.now_ms() + clock.DAY)
    cast.an_article("English", section=section, language="en", published_at=clock.instant_at("2021-06-05T08:00"))


def links(text: str, after: str) -> list[str | None]:
    part = text.partition(after)[2].partition("</nav>")[0]
    return [link["href"] for link in Elements(part).of("a")]


def titles(client: PortalClient, path: str) -> list[str]:
    text = client.get(path).text.partition('id="list"')[2]
    return [title for title in ("Tháng ba", "Tết", "Cuối năm", "Gỡ", "Hẹn", "English") if f"{title}</a>" in text]


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("root", BOTH)
def test_a_year_and_a_month_hold_what_was_published_in_them_by_local_time(client: PortalClient, root: str) -> None:
    assert titles(client, f"{root}/2022") == ["Tháng ba", "Tết"]
    assert titles(client, f"{root}/2022/1") == ["Tết"]
    assert titles(client, f"{root}/2020/12") == ["Cuối năm"]


EMPTY = ("2021", "2021/5", "2022/2", "2022/12", "9999", "1969", "1", "22", "2147483647")
IMPOSSIBLE = ("2022/13", "2022/0", "2022/03", "2022/-1", "2147483648", "%D9%A2022", "2022/%D9%A1", "2022/3/1", "2022/", "2022%00")


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("root", BOTH)
def test_a_period_that_is_empty_or_cannot_be_is_not_found(client: PortalClient, root: str) -> None:
    for period in (*EMPTY, *IMPOSSIBLE):
        assert client.get(f"{root}/{period}").status_code == 404, period


def test_the_years_that_hold_something_are_listed_and_no_other(client: PortalClient) -> None:
    assert links(client.get("/luu-tru").text, 'class="within"') == ["/luu-tru/2022", "/luu-tru/2020"]
    assert links(client.get(SECTION).text, 'id="years"') == [f"{SECTION}/2022", f"{SECTION}/2020"]


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("root", BOTH)
def test_the_months_that_hold_something_are_listed_and_the_open_one_is_marked(client: PortalClient, root: str) -> None:
    months = [f"{root}/2022/3", f"{root}/2022/1"]
    assert links(client.get(f"{root}/2022").text, 'class="within"') == months
    assert links(client.get(f"{root}/2022/1").text, 'class="within"') == months
    assert f'<a href="{root}/2022/1" aria-current="page">Tháng 1</a>' in client.get(f"{root}/2022/1").text


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("root", BOTH)
def test_a_period_leads_to_the_nearest_that_hold_something(client: PortalClient, root: str) -> None:
    assert links(client.get(f"{root}/2022/1").text, 'class="beside"') == [f"{root}/2022/3", f"{root}/2020/12"]
    assert links(client.get(f"{root}/2022").text, 'class="beside"') == [f"{root}/2020"]
    assert links(client.get(f"{root}/2022/3").text, 'class="beside"') == [f"{root}/2022/1"]


def test_a_month_has_its_name_in_the_page_s_language(client: PortalClient) -> None:
    assert "<h1>Thông báo – Tháng 3 năm 2022</h1>" in client.get(f"{SECTION}/2022/3").text
    assert "<h1>Archive – June 2021</h1>" in client.get("/en/luu-tru/2021/6").text
    assert client.get("/en/luu-tru/2022/3").status_code == 404


def test_a_full_month_has_pages_like_a_section(client: PortalClient) -> None:
    cast.many_articles(21, section=cast.a_section("Khác"), every_ms=0, published_at=clock.instant_at("2019-02-03T08:00"))
    assert "Tin số 1</a>" in client.get("/luu-tru/2019/2?trang=2").text
    assert client.get("/luu-tru/2019/2?trang=3").status_code == 404
    assert client.get("/luu-tru/2019/2?trang=x").status_code == 404


def test_an_archive_without_anything_says_so(client: PortalClient) -> None:
    answer = client.get("/en/luu-tru/2021")
    assert answer.status_code == 200
    cast.change_article(6, withdrawn_at=1)
    assert client.get("/en/luu-tru/2021").status_code == 404
    assert 'class="empty"' in client.get("/en/luu-tru").text
