"""What somebody plants in an article runs nowhere: every hostile text in every field, on every page that prints one.

(Readers complain of every foreign request, broken rule and raised error.)
"""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Request

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
from portal.publishing.history import name_revision
from portal.publishing.rules import Step
from tests import cast
from tests.browser.near import NamedSite
from tests.browser.reader import DRIVEN, Readers
from tests.browser.staff import signed_in
from tests.core.payloads import PAYLOADS
from tests.files.here import rendering_here
from tests.files.samples import a_photo
from tests.publishing.writing import BASE, a_piece, article_of, piece, save, take

pytestmark = [*DRIVEN, pytest.mark.parametrize("database", ["sqlite"])]

IN_ONE = 40
PARTS = [list(PAYLOADS.values())[at : at + IN_ONE] for at in range(0, len(PAYLOADS), IN_ONE)]
"""Texts that stand in one article, each cleaned by itself and all of them in one body."""
LINES = ("title", "lead", "author_line", "photo_line", "source_line")
FEEDS = ("/rss.xml", "/atom.xml", "/chuyen-muc/tin-tuc/rss.xml", "/chuyen-muc/tin-tuc/atom.xml", "/sitemap.xml")
BREAKING = ["</script><script>alert(1)</script>", "<!--<script>", '"},"x":"', "\u2028alert(1)", "]]><script>alert(1)</script>"]
"""What breaks out of a script that holds data, where that is not written for it."""
HARMLESS = ["Kế hoạch truyền thông", "Sở ban hành kế hoạch.", "Nguyễn Văn A", "Trần Thị B", "Lê Văn C"]
USUAL = re.compile(r"GET /static/\S+|GET /anh/[0-9a-f]{32}/\d+\.webp|POST /so-lieu|POST /ban-bien-tap/bai/\d+/mo")
"""What our own pages ask for by themselves: files, pictures, that somebody reads, that somebody writes."""
SEEN = r"""() => {
  const found = new Set();
  const strange = /^(script|iframe|object|embed|form|svg|math|base|meta|link|style|template|input|button|select|textarea)$/i;
  for (const element of document.querySelectorAll("*")) {
    const inText = Boolean(element.parentElement?.closest(".prose, .tiptap, .diff-block"));
    const tag = (inText ? "in text: " : "") + element.localName;
    if (!inText || strange.test(element.localName)) found.add(`${tag} in ${element.parentElement?.localName}`);
    for (const { name, value } of element.attributes) {
      const isNamed = /^(id|name|(data-)?hx-.*)$/i.test(name);
      const runs = /^on/i.test(name) || /^\s*(javascript|vbscript|data:text)/i.test(value);
      if (runs) found.add(`runs: ${tag} ${name}=${value}`);
      if (isNamed) found.add(`${tag} ${name}=${value.replace(/\d+/g, "#")}`);
      else if (!inText || /^(style|srcdoc|formaction)$/i.test(name)) found.add(`${tag} ${name}`);
    }
  }
  document.querySelectorAll('[type="application/ld+json"]').forEach((one) => JSON.parse(one.textContent));
  return [...found];
}"""
"""The elements and attributes around rich text, with what names something or tells htmx what to do; in it, what may not be."""


def planted(some: list[str]) -> dict[str, Any]:
    """Return a content with a part of the hostile texts in its body, and one in each line that takes it."""
    lines = {name: text.replace("\n", " ")[:180] for name, text in zip(LINES, some, strict=False)}
    return {**lines, "title": lines["title"] or "Tên", "body": "".join(map(clean, some)) + "<p>Hết.</p>"}


def packed(most: int = 190) -> list[str]:
    """Return all texts as lines: as many in one as it takes, one after the other, and those cut that fill more than one."""
    lines = [""]
    for text in (clean_line(one)[:most] for one in (*PAYLOADS.values(), *BREAKING)):
        joined = f"{lines[-1]} {text}".strip()
        lines[-1:] = [joined] if len(joined) <= most else [lines[-1], text]
    return lines


PACKED = packed()


def publish(app: Flask, piece_id: int, author: User, publisher: User, reason: str = "Thử.") -> int:
    """Have a text be published in spite of its concerns, and return the number of its article."""
    take(app, Step.SUBMIT, piece_id, author)
    take(app, Step.PUBLISH, piece_id, publisher, concern_reason=reason)
    return article_of(piece_id).id


class Watch:
    """A browser's page and what happened there that may not: dialogs, requests that our pages do not make, strange markup.

    What is usual for a page it learns from the same page with harmless texts.
    """

    def __init__(self, context: BrowserContext) -> None:
        self.page, self.path = context.new_page(), ""
        self.wrong: list[str] = []
        self.usual: dict[str, set[str]] = {}
        self.page.on("dialog", lambda dialog: (self.wrong.append(f"dialog {dialog.message}"), dialog.dismiss()))
        self.page.on("request", self._note_request)

    def learn(self, *paths: str, code: int = 200) -> None:
        for path in paths:
            self.usual.setdefault(kind_of(path), set()).update(self._opened(path, code))

    def demand_harmless(self, *paths: str, code: int = 200) -> None:
        for path in paths:
            strange = self._opened(path, code) - self.usual[kind_of(path)]
            assert (path, sorted(strange), self.wrong) == (path, [], [])

    def _opened(self, path: str, code: int) -> set[str]:
        self.path = path
        answer = self.page.goto(path)
        assert (answer and answer.status) == code, path
        return set(self.page.evaluate(SEEN))

    def _note_request(self, request: Request) -> None:
        path = re.sub("^https?://[^/]+", "", request.url)
        is_page = request.is_navigation_request() and request.frame == self.page.main_frame
        is_asked_for = is_page and (path == self.path or request.redirected_from is not None)
        if not is_asked_for and not USUAL.fullmatch(f"{request.method} {path}"):
            self.wrong.append(f"{self.path} asked: {request.method} {path}")


def kind_of(path: str) -> str:
    """Return what pages of one kind have in common of their addresses."""
    return re.sub(r"([?&]bai=#)+", "?bai=#", re.sub(r"(?<=/xem-truoc/).+|\d+", "#", path))


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
            pictures.put(piece(piece_id), photo, **words)
            cast.a_picture(article, photo, kind="album" if place else "lead", **words)
        with rendering_here():
            render_waiting()
        return [f"{BASE}/{piece_id}/anh", f"{BASE}/{piece_id}", f"/b/{article}", "/", "/chuyen-muc/tin-tuc"]

    watch.learn(*pages(HARMLESS))
    for at in range(0, len(PACKED), IN_ONE):
        watch.demand_harmless(*pages(PACKED[at : at + IN_ONE]))


def test_what_is_said_with_steps_runs_nowhere(
    app: Flask, near: NamedSite, watch: Watch, readers: Readers, author: User, user: User, section: int
) -> None:
    """Remarks, a leader's name, the public note, the public reason, the name of a revision."""
    log = Watch(signed_in(near, readers, cast.somebody("administrator")))

    def say(text: str, look: Callable[..., None]) -> None:
        piece_id = a_piece(author, section_id=section)
        take(app, Step.SUBMIT, piece_id, author, remark=text)
        take(app, Step.RETURN, piece_id, user, remark=text)
        look(f"{BASE}/{piece_id}")
        take(app, Step.SUBMIT, piece_id, author)
        leader = {"who": text[:100], "how": "paper", "symbol": text[:50]}
        take(app, Step.PUBLISH, piece_id, user, leader=leader, concern_reason=text)
        saved = save(app, piece_id, author, title="Tên mới")
        name_revision(piece_id, saved.number, text[:100])
        take(app, Step.SUBMIT, piece_id, author)
        take(app, Step.PUBLISH, piece_id, user, note=text)
        look(f"/b/{piece(piece_id).thing_id}")
        take(app, Step.TAKE_DOWN, piece_id, user, remark=text)
        look(f"/b/{piece(piece_id).thing_id}", code=410)
        look(f"{BASE}/{piece_id}/lich-su")

    say("Thiếu nguồn.", watch.learn)
    watch.learn("/ban-bien-tap")
    log.learn("/ban-bien-tap/nhat-ky")
    for text in PACKED[::4]:
        say(text, watch.demand_harmless)
    watch.demand_harmless("/ban-bien-tap")
    log.demand_harmless("/ban-bien-tap/nhat-ky")


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
