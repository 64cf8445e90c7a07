"""The preview is the page itself: all that readers find in it is what a preview has shown, but what lives and what counts."""

import re
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask import Flask

from portal.accounts.models import User
from portal.articles.models import Article
from portal.core import clock
from portal.core.db import db
from portal.publishing.rules import Step
from tests import cast
from tests.articles.sending import Sender
from tests.client import PortalClient
from tests.clocks import Clock
from tests.publishing.writing import Desk, a_piece, piece, save, take

LEFT_OUT = re.compile(r"\b(?:tools|paper|seen|figures|poll)\b")
"""Classes and ids of what a preview has not, or not alive: passing on, the foot of the printed page, counters, the poll."""
TITLE = "Kế hoạch truyền thông năm 2022"
TEXT = {
    "lead": "Sở ban hành kế hoạch.\nKế hoạch có hai phần.",
    "body": "<h2>Phần một</h2><p>Kế hoạch số <b>30/KH-UBND</b> ngày 23/02/3022.</p>"
    "<table><tbody><tr><th>Việc</th><td>Hạn</td></tr></tbody></table>"
    '<p><a href="https://example.vn/">Văn bản</a></p><ul><li>Một</li></ul><blockquote><p>Trích.</p></blockquote>',
    "author_line": "Bút danh",
    "photo_line": "Trần Thị B",
    "source_line": "Báo Quảng Ngãi",
    "published_on": "2022-03-17T08:00",
}


def main_of(html: str) -> list[str]:
    """Return what stands in a page's main part, in lines: its elements with their attributes, and its words."""
    (main,) = (one for one in html5lib.parse(html, namespaceHTMLElements=False).iter("main"))
    return list(_lines(main))


def _lines(element: Element) -> list[str]:
    if LEFT_OUT.search(f"{element.get('class', '')} {element.get('id', '')}") or element.get("role") == "note":
        return []
    lines = [f"<{element.tag} {sorted(element.attrib.items())}>", *_words(element.text)]
    for child in element:
        lines += [*_lines(child), *_words(child.tail)]
    is_empty_side = element.get("class") == "side" and len(lines) == 1
    return [] if is_empty_side else [*lines, f"</{element.tag}>"]


def _words(text: str | None) -> list[str]:
    said = " ".join((text or "").split())
    return [said] if said else []


@pytest.fixture
def section() -> int:
    """A section with news around the day of the article, and a poll."""
    number = cast.a_section()
    for title, day in (("Kế hoạch truyền thông năm 2021", "2021-03-17"), ("Kế hoạch khác", "2022-03-20"), ("Tin", "2023-01-01")):
        cast.an_article(title, section=number, published_at=clock.instant_at(f"{day}T08:00"))
    return number


def test_of_a_first_text_it_is_what_is_published(
    app: Flask, client: PortalClient, author: User, publisher: User, section: int, standing: Clock
) -> None:
    piece_id = a_piece(author, title=TITLE, section_id=section, poll_id=cast.a_poll().id, **TEXT)
    shown = Desk(app, author).read(piece_id, "xem").text
    take(app, Step.SUBMIT, piece_id, author)
    take(app, Step.PUBLISH, piece_id, publisher)
    public = client.get(cast.article_path(piece(piece_id).thing_id or 0, TITLE)).text
    assert main_of(shown) == main_of(public)
    assert all("Bạn thấy giao diện website như thế nào?" in html for html in (shown, public))
    for words in (TITLE, "30/KH-UBND", "Bút danh", "17/03/2022", "Kế hoạch truyền thông năm 2021", "năm 2022, có thể"):
        assert any(words in line for line in main_of(shown)), words


def test_of_a_change_it_is_what_is_published_with_all_that_hangs_on_it(
    app: Flask, client: PortalClient, author: User, publisher: User, section: int, standing: Clock
) -> None:
    piece_id = a_piece(author, title=TITLE, section_id=section, **TEXT)
    Sender(app, author, piece_id).form(("Kế hoạch.pdf", cast.A_PDF))
    for change in ({}, {"note": "Sửa ngày ban hành."}):
        take(app, Step.SUBMIT, piece_id, author)
        take(app, Step.PUBLISH, piece_id, publisher, **change)
        save(app, piece_id, author, lead=f"Lần {len(change)}", title=f"{TITLE} và năm 2023", body=f"<p>Mới.</p>{TEXT['body']}")
    article = piece(piece_id).thing_id or 0
    shown = Desk(app, author).read(piece_id, "xem").text
    take(app, Step.SUBMIT, piece_id, author)
    take(app, Step.PUBLISH, piece_id, publisher, note="")
    slug = db.session.get_one(Article, article, populate_existing=True).title
    public = client.get(cast.article_path(article, slug)).text
    assert main_of(shown) == main_of(public)
    for words in ("Sửa ngày ban hành.", "Kế hoạch.pdf", "và năm 2023"):
        assert any(words in line for line in main_of(shown)), words
