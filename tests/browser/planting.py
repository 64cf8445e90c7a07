"""Hostile texts to plant, and a browser's page that is watched: nothing of them runs, asks or becomes markup there."""

import re
from typing import Any

from flask import Flask
from playwright.sync_api import BrowserContext, Request

from portal.accounts.models import User
from portal.core.html import clean
from portal.core.text import clean_line
from portal.publishing.rules import Step
from tests.core.payloads import PAYLOADS
from tests.publishing.writing import article_of, take

IN_ONE = 40
PARTS = [list(PAYLOADS.values())[at : at + IN_ONE] for at in range(0, len(PAYLOADS), IN_ONE)]
"""Texts that stand in one article, each cleaned by itself and all of them in one body."""
LINES = ("title", "lead", "author_line", "photo_line", "source_line")
BREAKING = ["</script><script>alert(1)</script>", "<!--<script>", '"},"x":"', "\u2028alert(1)", "]]><script>alert(1)</script>"]
"""What breaks out of a script that holds data, where that is not written for it."""
HARMLESS = ["Kế hoạch truyền thông", "Sở ban hành kế hoạch.", "Nguyễn Văn A", "Trần Thị B", "Lê Văn C"]
USUAL = re.compile(r"GET /static/\S+|GET /anh/[0-9a-f]{32}/\d+\.webp|POST (?:/en)?/so-lieu|POST /ban-bien-tap/bai/\d+/mo")
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
    """Return all texts as lines of at most so many characters: as many in one as it takes, and those cut that fill more."""
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
        self.press = ""
        """A button that leads on to the page that is meant; "" where it is the page that was opened."""
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
        if self.press:
            self.page.get_by_role("button", name=self.press).first.click()
            self.page.wait_for_load_state()
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
