"""Readers: people with a browser each, who notice when a page does what no page of ours may do."""

from typing import Any, Self

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, WebError, expect

from tests.browser.site import Site

AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36"
LOCAL_SCHEMES = ("data:", "blob:", "about:", "chrome:", "chrome-extension:")
PATIENCE_MS = 10_000
expect.set_options(timeout=PATIENCE_MS)

DRIVEN = [pytest.mark.browser, pytest.mark.slow(why="a real browser loads real pages")]


class Readers:
    """Opens browsers with nothing in them; at the end, fails if a page asked a stranger, broke the CSP or raised an error."""

    def __init__(self, chromium: Browser) -> None:
        self._chromium = chromium
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        for context in self._contexts:
            context.close()
        if error is None:
            assert not self.complaints, "\n".join(self.complaints)

    def new(self, site: Site, **options: Any) -> BrowserContext:
        """Return a browser of a reader who has never been here. `options` are Playwright's."""
        context = self._chromium.new_context(base_url=site.url, **{"user_agent": AGENT, "locale": "vi-VN", **options})
        context.set_default_timeout(PATIENCE_MS)
        context.on("request", lambda request: self._look_at_request(request, site.url))
        context.on("console", self._look_at_message)
        context.on("weberror", self._look_at_error)
        self._contexts.append(context)
        return context

    def open(self, site: Site, path: str, **options: Any) -> Page:
        """Return a page opened by a reader who has never been here."""
        page = self.new(site, **options).new_page()
        page.goto(path)
        return page

    def _look_at_request(self, request: Request, own: str) -> None:
        if not request.url.startswith((own + "/", *LOCAL_SCHEMES)):
            self.complaints.append(f"asked a stranger: {request.url}")

    def _look_at_message(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Permissions policy" in message.text:
            self.complaints.append(message.text)

    def _look_at_error(self, raised: WebError) -> None:
        self.complaints.append(f"{raised.page and raised.page.url}: {raised.error}")
