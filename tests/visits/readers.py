"""Readers of the site: somebody at an address with a browser, and what they have made the portal count."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.core import clock
from portal.core.db import db
from portal.visits import pagekeys
from portal.visits.models import PageViews, SiteFigures
from tests.client import READER, PortalClient

PAGE = "article:1"
BEACON = "/so-lieu"


def token() -> str:
    """Return a new load id, as the page's script makes one."""
    return secrets.token_hex(16)


@dataclass
class Reader:
    """Somebody whose browser tells of its page loads."""

    client: PortalClient
    address: str = "203.0.113.5"
    agent: str = READER

    def sees(self, page: str = PAGE, load: str | None = None, **headers: str | None) -> TestResponse:
        """Load a page whose script runs."""
        form = {"page": pagekeys.sign(page), "load": load or token()}
        return self.client.swap(BEACON, form, headers=self._headers(headers), environ_base={"REMOTE_ADDR": self.address})

    def sees_picture(self, page: str = PAGE, method: str = "GET", **headers: str | None) -> TestResponse:
        """Load a page whose script does not run: the browser asks for the picture."""
        path = f"{BEACON}/{pagekeys.sign(page)}.gif"
        said = {"Sec-Fetch-Site": "same-origin", **self._headers(headers)}
        return self.client.open(path, method=method, headers=said, environ_base={"REMOTE_ADDR": self.address})

    def _headers(self, headers: dict[str, str | None]) -> dict[str, Any]:
        return {"User-Agent": self.agent, **{name.replace("_", "-"): value for name, value in headers.items()}}


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, local_time: str) -> None:
        self.now = clock.instant_at(local_time)
        monkeypatch.setattr(clock, "now_ms", lambda: self.now)

    def go(self, **later: float) -> None:
        """Let time pass: go(minutes=5)."""
        self.now += int(timedelta(**later).total_seconds() * 1000)


def sums() -> tuple[int, int]:
    """Return all views and visits of the site, after checking what must always be true of every sum."""
    db.session.rollback()
    site = {period: (views, visits) for period, views, visits in db.session.execute(FIGURES)}
    pages: dict[int, int] = {}
    for period, views in db.session.execute(VIEWS):
        pages[period] = pages.get(period, 0) + views
    assert {period: views for period, (views, _) in site.items()} == pages, "pages sum to the site"
    assert all(views >= visits for views, visits in site.values()), "no visit without a view"
    total = site.pop(0, (0, 0))
    for periods in (days := {p: s for p, s in site.items() if p > 999_999}, {p: s for p, s in site.items() if p not in days}):
        assert tuple(map(sum, zip(*periods.values(), strict=True))) == total or not site, "days and months sum to the total"
    return total


FIGURES = select(SiteFigures.period, SiteFigures.views, SiteFigures.visits)
VIEWS = select(PageViews.period, PageViews.views)
