"""The demo content tells the facts of the page that the portal is modelled on, in words of its own."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.articles.models import Article
from portal.core.db import db
from portal.core.text import words
from portal.demo import articles
from portal.demo.content import fill_if_empty
from portal.polls.cli import differences
from portal.site.models import Site
from tests import cast
from tests.client import PortalClient
from tests.front.conftest import Words

SEED = Path(__file__).resolve().parents[2].parent / "shared" / "seed" / "page.txt"
TITLE = "Kế hoạch truyền thông về hoạt động kiểm soát thủ tục hành chính năm 2022 của Sở Khoa học và Công nghệ"
FACTS = (
    *(TITLE, "Đăng ngày 17/03/2022", "số 30/KH-UBND ngày 23/02/3022", "số 1891/KH-SKHCN ngày 30/12/2021"),
    *("số 226/KH-SKHCN ngày 08/3/2022", "KE HOACH TRUYEN THONG VE HOAT ĐONG KIEM SOAT TTHC NAM 2022.pdf", "Tỉnh Quảng Ngãi"),
    *("Bạn thấy giao diện website như thế nào?", "a. Đẹp 0% · 0", "b. Bình thường 50% · 1", "c. Xấu 50% · 1"),
    *("Tổng bình chọn: 2", "2.250", "1.957.856", "Thống kê truy cập", "Truy cập nội dung luôn", "Tin liên quan"),
)
COPIED_WORDS = 12


def article(demo: PortalClient) -> str:
    """Return the page of the plan, to which the menu leads."""
    url = re.findall(r'href="(/bai-viet/ke-hoach-truyen-thong[^"]+-1)"', demo.get("/").text)[0]
    return demo.get(url).text


def run(app: Flask) -> int:
    return app.test_cli_runner().invoke(args=["demo"]).exit_code


@pytest.mark.slow(why="fills the database")
def test_the_page_tells_every_fact_as_it_was_printed(demo: PortalClient) -> None:
    said = Words(article(demo)).text
    assert [fact for fact in FACTS if fact not in said] == []


@pytest.mark.slow(why="fills the database")
@pytest.mark.parametrize(
    ("home", "words"), [("/", "trang mẫu để giới thiệu phần mềm"), ("/en/", "a demonstration of the software")]
)
def test_every_page_says_that_the_agency_is_a_demo(demo: PortalClient, home: str, words: str) -> None:
    assert words in demo.get(home).text


def test_the_plan_can_be_downloaded_and_opened(demo: PortalClient) -> None:
    for url in re.findall(r'href="(/tep/[^"]+)"', article(demo)):
        answer = demo.get(url)
        assert answer.status_code == 200
        assert answer.data.startswith(b"%PDF")


@pytest.mark.slow(why="fills the database")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # the statements of its pages have tests on both
def test_every_link_of_the_demo_leads_somewhere(demo: PortalClient) -> None:
    seen, left = set[str](), ["/", "/en/"]
    while left:
        url = left.pop()
        if url not in seen:
            seen.add(url)
            answer = demo.get(url)
            assert answer.status_code == 200, url
            found = re.findall(r'(?:href|src)="(/[^"#]*)"', answer.text) if answer.content_type.startswith("text/html") else []
            left += [link.replace("&amp;", "&") for link in found]
    assert len(seen) > 30


@pytest.mark.slow(why="fills the database")
def test_the_plan_has_related_news(demo: PortalClient) -> None:
    related = article(demo).partition('id="related"')[2].partition("</section>")[0]
    assert related.count("<li>") == 5


@pytest.mark.slow(why="fills the database")
def test_the_demo_s_tallies_are_what_its_ballots_say(demo: PortalClient) -> None:
    assert differences() == []


@pytest.mark.slow(why="fills the database twice")
def test_the_command_fills_an_empty_database_once(app: Flask) -> None:
    assert run(app) == 0
    before = db.session.scalar(select(func.count()).select_from(Article))
    db.session.rollback()
    assert run(app) != 0
    assert db.session.scalar(select(func.count()).select_from(Article)) == before
    assert before == len(articles.read()) + 1, "and what somebody of the demo has scheduled"


@pytest.mark.parametrize("begun", ["with an article", "with the agency alone"])
def test_the_command_refuses_a_database_with_content(app: Flask, begun: str) -> None:
    cast.an_article("Tin thật") if begun == "with an article" else cast.a_site()
    assert run(app) != 0
    assert db.session.scalars(select(Site.name)).one() == "Sở Khoa học và Công nghệ"
    assert db.session.scalars(select(Article.title)).all() == (["Tin thật"] if begun == "with an article" else [])


NAMES = (
    "Kế hoạch số 30/KH-UBND ngày 23/02/3022 của UBND tỉnh Quảng Ngãi",
    "Kế hoạch số 1891/KH-SKHCN ngày 30/12/2021 của Sở Khoa học và Công nghệ",
    "Kế hoạch số 226/KH-SKHCN ngày 08/3/2022 của Sở Khoa học và Công nghệ về hoạt động kiểm soát TTHC năm 2022",
    "kế hoạch truyền thông về hoạt động kiểm soát thủ tục hành chính (TTHC) năm 2022",
    "truyền thông về hoạt động kiểm soát thủ tục hành chính (TTHC) năm 2022",
    "Sở Khoa học và Công nghệ",
)
"""Titles and names of documents, which nobody can put in words of his own: each counts as one word."""


def runs(text: str) -> set[str]:
    """Return every run of twelve words of a text."""
    said = " ".join(words(text))
    for name in NAMES:
        said = said.replace(" ".join(words(name)), "NAME")
    parts = said.split()
    return {" ".join(parts[place : place + COPIED_WORDS]) for place in range(len(parts) - COPIED_WORDS + 1)}


def test_no_paragraph_of_the_seed_is_copied() -> None:
    if not SEED.exists():
        pytest.skip("the page that the portal is modelled on is not beside the repository")
    seed = runs(SEED.read_text("utf-8").replace(TITLE, ""))
    for text in articles.read():
        for said in (text.lead, Words(text.body).text):
            assert sorted(runs(said) & seed) == [], text.title


def test_a_copied_paragraph_would_be_found() -> None:
    line = "một hai ba bốn năm sáu bảy tám chín mười mười một mười hai"
    assert runs("trước " + line) & runs(line + " sau")
    assert not runs("một hai ba bốn") & runs(line)


def test_an_agency_without_articles_is_not_given_demo_content(app: Flask) -> None:
    cast.a_site()

    assert not fill_if_empty()
    assert db.session.scalar(select(func.count()).select_from(Article)) == 0


def test_two_first_starts_at_once_fill_once(app: Flask) -> None:
    def start(_: int) -> bool:
        with app.app_context():
            return fill_if_empty()

    with ThreadPoolExecutor(2) as starts:
        assert sorted(starts.map(start, range(2))) == [False, True]
