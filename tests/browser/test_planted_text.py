"""What somebody plants in an article runs nowhere: every hostile text in every field, on every page that prints one.

(Readers complain of every foreign request, broken rule and raised error.)
"""

import json
import re
from contextlib import suppress
from xml.etree import ElementTree

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext

from portal.accounts.models import User
from portal.articles import pictures
from portal.articles.models import Article
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.html import clean
from portal.core.text import clean_line
from portal.files.renditions import render_waiting
from portal.publishing import links
from portal.publishing.rules import Step
from tests import cast
from tests.browser.near import NamedSite
from tests.browser.planting import HARMLESS, IN_ONE, LINES, PACKED, PARTS, Watch, planted, publish
from tests.browser.reader import DRIVEN
from tests.core.payloads import PAYLOADS
from tests.files.here import rendering_here
from tests.files.samples import a_photo
from tests.publishing.writing import BASE, a_piece, piece, save, take

pytestmark = [*DRIVEN, pytest.mark.parametrize("database", ["sqlite"])]

FEEDS = ("/rss.xml", "/atom.xml", "/chuyen-muc/tin-tuc/rss.xml", "/chuyen-muc/tin-tuc/atom.xml", "/sitemap.xml")


@pytest.fixture
def user() -> User:
    return cast.somebody("publisher")


@pytest.fixture
def section() -> int:
    return cast.a_section("Tin tức")


@pytest.fixture
def author() -> User:
    return cast.somebody("author", unit=cast.a_unit())


@pytest.fixture
def watch(near: NamedSite, staff: BrowserContext, author: User, section: int) -> Watch:
    """A publisher's browser, watched, where lists are so long that they have pages."""
    cast.many_articles(25, section=section)
    for _ in range(60):
        a_piece(author, section_id=section)
    return Watch(staff)


def test_no_planted_text_runs_on_any_page(app: Flask, watch: Watch, author: User, user: User, section: int) -> None:
    assert len(PAYLOADS) >= 100
    lists = ("/", "/chuyen-muc/tin-tuc", "/so-do-trang", "/ban-bien-tap", BASE)

    def pages(some: list[str]) -> list[str]:
        piece_id = a_piece(author, section_id=section, **planted(some))
        save(app, piece_id, author, body="<p>Ở giữa.</p>")
        save(app, piece_id, author, **planted(some))
        article = publish(app, piece_id, author, user, clean_line(some[-1])[:180])
        rest = ("", "/xem", "/lich-su", "/so-sanh?tu=1&den=2", "/so-sanh?tu=2&den=3", "/go", "/anh", "/lien-ket-xem")
        return [f"/b/{article}", *(f"{BASE}/{piece_id}{path}" for path in rest)]

    watch.learn(*pages(HARMLESS), *lists)
    for some in PARTS:
        watch.demand_harmless(*pages(some))
    watch.demand_harmless(*lists)


def test_no_planted_text_runs_in_any_line(app: Flask, watch: Watch, author: User, user: User, section: int) -> None:
    """Each text in each line of a published page: in the next line stand those after it."""
    lists = ("/", "/chuyen-muc/tin-tuc", BASE)
    first = a_piece(author, section_id=section, **dict(zip(LINES, HARMLESS, strict=True)))
    watch.learn(f"/b/{publish(app, first, author, user)}", f"{BASE}/{first}/xem", *lists)
    for place in range(len(PACKED)):
        piece_id = a_piece(author, section_id=section, **dict(zip(LINES, (PACKED[place:] + PACKED)[:5], strict=True)))
        watch.demand_harmless(f"/b/{publish(app, piece_id, author, user)}")
        if place % 10 == 9 or place == len(PACKED) - 1:
            watch.demand_harmless(f"{BASE}/{piece_id}/xem", *lists)


def test_no_planted_text_runs_while_it_is_on_its_way(app: Flask, watch: Watch, author: User, user: User, section: int) -> None:
    """Kept beside, approved, scheduled, behind a link, among what is done to several at once."""

    def pages(some: list[str], *, other: list[str]) -> list[str]:
        beside, approved, scheduled = (a_piece(author, section_id=section, **planted(some)) for _ in range(3))
        save(app, beside, author, **planted(other))
        kept = save(app, beside, cast.somebody("editor"), base=1, **planted(other[2:] + other[:2]))
        for piece_id, step in ((approved, Step.APPROVE), (scheduled, Step.SCHEDULE)):
            take(app, Step.SUBMIT, piece_id, author)
            take(app, step, piece_id, user, concern_reason="Thử.", at=clock.now_ms() + clock.DAY)
        there = a_piece(author, section_id=section, **planted(some))
        publish(app, there, author, user)
        ours = [f"{BASE}/{one}{rest}" for one in (beside, approved, scheduled) for rest in ("", "/xem")]
        several = [f"{BASE}/{act}?bai={there}&bai={scheduled}" for act in ("go", "chuyen")]
        return [*ours, f"{BASE}/{beside}/chon/{kept.number}", f"/xem-truoc/{links.make(beside, actor=author)}", *several]

    for other in (HARMLESS[1:] + HARMLESS[:1], ["Tên khác", *HARMLESS[1:]]):
        watch.learn(*pages(HARMLESS, other=other))
    for some in PARTS:
        watch.demand_harmless(*pages(some, other=some[1:] + some[:1]))


def test_no_planted_text_runs_beside_pictures(app: Flask, watch: Watch, author: User, user: User, section: int) -> None:
    """Each text as description, caption and credit of a picture: where pieces are written, and in an album."""
    photo = a_photo(320, 200)

    def pages(some: list[str]) -> list[str]:
        piece_id = a_piece(author, section_id=section)
        article = publish(app, piece_id, author, user)
        for place, alt in enumerate(some):
            words = {"alt": alt, "caption": some[place - 1], "credit": some[place - 2]}
            pictures.put(piece(piece_id), photo, "", **words, actor=author)
            cast.a_picture(article, photo, kind="album" if place else "lead", **words)
        render_waiting()
        return [f"{BASE}/{piece_id}/anh", f"{BASE}/{piece_id}", f"/b/{article}", "/", "/chuyen-muc/tin-tuc"]

    with rendering_here():
        watch.learn(*pages(HARMLESS))
        for at in range(0, len(PACKED), IN_ONE):
            watch.demand_harmless(*pages(PACKED[at : at + IN_ONE]))


def test_no_planted_text_is_markup_where_programs_read(
    app: Flask, staff: BrowserContext, author: User, user: User, section: int
) -> None:
    """Each answer is what it says it is, and what is marked up within one is clean."""

    def answered(path: str, kind: str) -> str:
        answer = staff.request.get(path)
        assert (answer.status, answer.headers["x-content-type-options"]) == (200, "nosniff")
        assert kind in answer.headers["content-type"]
        return answer.text()

    written = [a_piece(author, section_id=section, **planted(some)) for some in PARTS]
    articles = [publish(app, piece_id, author, user) for piece_id in written]
    for path in FEEDS:
        elements = list(ElementTree.fromstring(answered(path, "xml")).iter())  # noqa: S314 - our own answer
        assert not [one.tag for one in elements if "xhtml" in one.tag and "link" not in one.tag]
        marked = [one.text or "" for one in elements if one.attrib.get("type") == "html" or one.tag.endswith("}encoded")]
        assert [text for text in marked if "<script" in text or re.search(r"<[^>]* on[a-z]+=", text)] == []
    assert len(json.loads(answered("/api/v1/articles", "application/json"))["items"]) == len(articles)
    for article in (db.session.get_one(Article, number) for number in articles):
        said = json.loads(answered(f"/api/v1/articles/{article.id}", "application/json"))
        assert said["body_html"] == clean(said["body_html"]) == article.body
        assert (said["title"], said["lead"], said["author"]) == (article.title, article.lead, article.author_line)


def test_what_is_typed_into_the_forms_is_refused_or_harmless(watch: Watch, author: User, section: int) -> None:
    """As one body, as somebody would post it: the sanitizer sees all of it at once."""

    def path_with(body: str) -> str:
        return f"{BASE}/{a_piece(author, section_id=section, body=body)}/xem"

    watch.learn(path_with("<p>Kế hoạch.</p>"))
    for some in PARTS:
        with suppress(Refused):
            watch.demand_harmless(path_with("".join(some)))
