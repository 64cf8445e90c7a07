"""What somebody plants in an article runs nowhere: every hostile text in every field, on every page that prints one.

(Readers complain of every foreign request, broken rule and raised error.)
"""

import re
import secrets
from collections.abc import Iterator
from itertools import islice
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Dialog, Page

from portal.accounts.models import User
from portal.core.errors import Refused
from portal.core.html import clean
from portal.core.text import clean_line
from portal.publishing.history import name_revision
from portal.publishing.rules import Step
from tests import cast
from tests.browser.near import NamedSite
from tests.browser.reader import DRIVEN, Readers
from tests.browser.staff import signed_in
from tests.core.payloads import PAYLOADS
from tests.publishing.writing import BASE, a_piece, piece, save, take

pytestmark = [*DRIVEN, pytest.mark.parametrize("database", ["sqlite"])]

IN_ONE = 40
"""Texts that stand in one article, each cleaned by itself and all of them in one body."""
LINES = ("title", "lead", "author_line", "photo_line", "source_line")
HARM = r"""() => {
  const found = [];
  for (const element of document.querySelectorAll("*")) {
    for (const { name, value } of element.attributes) {
      const runs = /^on/i.test(name) || /^\s*(javascript|vbscript|data:text)/i.test(value);
      if (runs) found.push(`${element.tagName} ${name}=${value}`);
    }
  }
  const strange = /^(script|iframe|object|embed|form|svg|math|base|meta|link|style|template)$/i;
  for (const element of document.querySelectorAll(".prose *, .tiptap *, .diff-block *, h1, .lead, .author *")) {
    if (strange.test(element.localName)) found.push(element.localName);
    for (const { name } of element.attributes) {
      if (/^(data-)?hx-|^style$|^srcdoc$|^formaction$/i.test(name)) found.push(`${element.tagName} ${name}`);
    }
  }
  return window.harm ? [...found, "it ran"] : found;
}"""
BREAKING = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    '"},"x":"',
    "\u2028alert(1)",
    "]]><script>alert(1)</script>",
]
"""What breaks out of a script that holds data, where that is not written for it."""


def parts() -> Iterator[list[str]]:
    rest = iter(PAYLOADS.values())
    while some := list(islice(rest, IN_ONE)):
        yield some


def planted(some: list[str]) -> dict[str, Any]:
    """Return a content with a part of the hostile texts in its body, and one in each line that takes it."""
    lines = {name: text.replace("\n", " ")[:180] for name, text in zip(LINES, some, strict=False)}
    return {**lines, "title": lines["title"] or "Tên", "body": "".join(map(clean, some)) + "<p>Hết.</p>"}


@pytest.fixture
def user() -> User:
    return cast.somebody("publisher")


@pytest.fixture
def section() -> int:
    return cast.a_section("Tin tức")


def watched(context: BrowserContext) -> tuple[Page, list[str]]:
    page, opened = context.new_page(), []

    def note(dialog: Dialog) -> None:
        opened.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    return page, opened


def demand_harmless(page: Page, opened: list[str], path: str, *, code: int = 200) -> None:
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == code, path
    assert (path, page.evaluate(HARM), opened) == (path, [], [])


def test_no_planted_text_runs_on_any_page(app: Flask, near: NamedSite, staff: BrowserContext, section: int) -> None:
    author, publisher = cast.somebody("author", unit=cast.a_unit()), cast.somebody("publisher")
    pieces: list[Any] = []
    assert len(PAYLOADS) >= 100
    for some in parts():
        piece_id = a_piece(author, section_id=section, **planted(some))
        save(app, piece_id, author, body="<p>Ở giữa.</p>")
        save(app, piece_id, author, **planted(some))
        take(app, Step.SUBMIT, piece_id, author)
        take(app, Step.PUBLISH, piece_id, publisher, concern_reason="Thử.")
        pieces.append(piece(piece_id))
    page, opened = watched(staff)
    for one in pieces:
        for path in ("", "/xem", "/lich-su", "/so-sanh?tu=1&den=2", "/so-sanh?tu=2&den=3", "/go"):
            demand_harmless(page, opened, f"{BASE}/{one.id}{path}")
        demand_harmless(page, opened, f"/b/{one.thing_id}")
    for path in ("/", "/chuyen-muc/tin-tuc", "/so-do-trang", "/ban-bien-tap", BASE):
        demand_harmless(page, opened, path)


def test_no_planted_text_runs_in_any_line(near: NamedSite, staff: BrowserContext, section: int) -> None:
    """Each text in each line, five at a time: the one after it stands in the next line."""
    author, texts = cast.somebody("author", unit=cast.a_unit()), [clean_line(text)[:180] or "Trống" for text in PAYLOADS.values()]
    page, opened = watched(staff)
    for place in range(len(texts)):
        lines = dict(zip(LINES, (texts[place:] + texts)[: len(LINES)], strict=True))
        demand_harmless(page, opened, f"{BASE}/{a_piece(author, section_id=section, **lines)}/xem")


def test_what_is_said_with_steps_runs_nowhere(
    app: Flask, near: NamedSite, staff: BrowserContext, readers: Readers, section: int
) -> None:
    """Remarks, a leader's name, the public note, the public reason, the name of a revision."""
    author, publisher = cast.somebody("author", unit=cast.a_unit()), cast.somebody("publisher")
    administrator = signed_in(near, readers, cast.somebody("administrator"))
    page, opened = watched(staff)
    for text in [clean_line(text)[:180] for text in islice(PAYLOADS.values(), 0, None, 9)]:
        piece_id = a_piece(author, section_id=section)
        take(app, Step.SUBMIT, piece_id, author, remark=text)
        take(app, Step.RETURN, piece_id, publisher, remark=text)
        demand_harmless(page, opened, f"{BASE}/{piece_id}")
        take(app, Step.SUBMIT, piece_id, author)
        leader = {"who": text[:100], "how": "paper", "symbol": text[:50]}
        take(app, Step.PUBLISH, piece_id, publisher, leader=leader)
        saved = save(app, piece_id, author, title="Tên mới")
        name_revision(piece_id, saved.number, text[:100])
        take(app, Step.SUBMIT, piece_id, author)
        take(app, Step.PUBLISH, piece_id, publisher, note=text)
        demand_harmless(page, opened, f"/b/{piece(piece_id).thing_id}")
        take(app, Step.TAKE_DOWN, piece_id, publisher, remark=text)
        demand_harmless(page, opened, f"/b/{piece(piece_id).thing_id}", code=410)
        demand_harmless(page, opened, f"{BASE}/{piece_id}/lich-su")
    demand_harmless(page, opened, "/ban-bien-tap")
    log, asked = watched(administrator)
    demand_harmless(log, asked, "/ban-bien-tap/nhat-ky")


TYPES = {"/rss.xml": "xml", "/atom.xml": "xml", "/sitemap.xml": "xml", "/api/v1/articles": "application/json"}


@pytest.mark.parametrize("path", TYPES)
def test_no_planted_text_is_markup_where_programs_read(
    app: Flask, near: NamedSite, staff: BrowserContext, section: int, path: str
) -> None:
    """Each answer is what it says it is, and what is marked up within a feed is clean."""
    author, publisher = cast.somebody("author", unit=cast.a_unit()), cast.somebody("publisher")
    for some in islice(parts(), 0, None, 2):
        piece_id = a_piece(author, section_id=section, **planted(some))
        take(app, Step.SUBMIT, piece_id, author)
        take(app, Step.PUBLISH, piece_id, publisher, concern_reason="Thử.")
    answer = staff.request.get(path)
    assert answer.ok
    assert TYPES[path] in answer.headers["content-type"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    if TYPES[path] == "xml":
        elements = list(ElementTree.fromstring(answer.text()).iter())  # noqa: S314 - our own answer
        assert not [one.tag for one in elements if "xhtml" in one.tag and "link" not in one.tag]
        written = [
            one.text for one in elements if (one.text and one.attrib.get("type") == "html") or one.tag.endswith("}encoded")
        ]
        assert [text for text in written if "<script" in (text or "") or re.search(r"<[^>]* on[a-z]+=", text or "")] == []


def test_no_planted_text_runs_in_structured_data(app: Flask, near: NamedSite, readers: Readers, section: int) -> None:
    author, publisher = cast.somebody("author", unit=cast.a_unit()), cast.somebody("publisher")
    context = readers.new(near)
    page, opened = watched(context)
    for text in BREAKING:
        piece_id = a_piece(author, section_id=section, title=f"Tên {text}", lead=text, author_line=text)
        take(app, Step.SUBMIT, piece_id, author)
        take(app, Step.PUBLISH, piece_id, publisher)
        demand_harmless(page, opened, f"/b/{piece(piece_id).thing_id}")
        data = page.evaluate("() => JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent)")
        assert data


def test_what_is_typed_into_the_forms_is_refused_or_harmless(
    app: Flask, near: NamedSite, staff: BrowserContext, section: int
) -> None:
    """As one body, as somebody would post it: the sanitizer sees all of it at once."""
    author = cast.somebody("author", unit=cast.a_unit())
    page, opened = watched(staff)
    for some in parts():
        try:
            piece_id = a_piece(author, section_id=section, title=f"Tên {secrets.token_hex(2)}", body="".join(some))
        except Refused:
            continue
        demand_harmless(page, opened, f"{BASE}/{piece_id}/xem")
