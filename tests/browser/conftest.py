"""Real browsers on a real server: a portal with the demo content, and readers who open its pages."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

from portal import create_app
from portal.accounts.models import User
from tests import cast
from tests.browser.near import NamedSite, served
from tests.browser.reader import Readers
from tests.browser.site import Site
from tests.browser.staff import signed_in
from tests.browser.writing import Desk, with_a_body
from tests.publishing.writing import a_piece
from tests.serving.server import Server

SHELL = "chromium-headless-shell"
"""Chromium without a window: the same engine, for half of what the whole browser costs."""
WHOLE = ("chromium", "chromium-browser", "google-chrome")
MISSING = "No Chromium was found, and the browser tests need one: apt-get install chromium chromium-headless-shell"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """The system's Chromium, without a window where it can be had so."""
    with _launched(playwright, SHELL, *WHOLE) as browser:
        yield browser


@pytest.fixture(scope="session")
def whole_chromium(playwright: Playwright) -> Iterator[Browser]:
    """The whole browser: with its viewer for PDFs, and with the memory for the back button that Playwright forbids."""
    more = {"args": [*ARGUMENTS, "--enable-features=BackForwardCache"], "ignore_default_args": ["--disable-back-forward-cache"]}
    with _launched(playwright, *WHOLE, **more) as browser:
        yield browser


@contextmanager
def _launched(playwright: Playwright, *names: str, **more: Any) -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, names)), None)
    assert path is not None, MISSING
    browser = playwright.chromium.launch(executable_path=path, **{"args": ARGUMENTS, **more})
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def shared_site(demo_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with _served(demo_instance, tmp_path_factory.mktemp("shared") / "instance") as site:
        yield site


@pytest.fixture
def site(shared_site: Site) -> Iterator[Site]:
    """The demo, served to many tests: these vote in polls of their own and compare figures with what they were."""
    with _inside(shared_site.app):
        yield shared_site


@pytest.fixture
def own_site(demo_instance: Path, tmp_path: Path) -> Iterator[Site]:
    """The demo as it is on its first day, served to this test alone, which may stop it."""
    with _served(demo_instance, tmp_path / "instance") as site, _inside(site.app):
        yield site


@contextmanager
def _served(demo: Path, instance: Path) -> Iterator[Site]:
    shutil.copytree(demo, instance)
    app = create_app({"INSTANCE": str(instance)})
    with Server(instance) as server:
        yield Site(server, app)
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


@contextmanager
def _inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield
        app.extensions["sqlalchemy"].session.remove()


@pytest.fixture
def readers(chromium: Browser) -> Iterator[Readers]:
    """People with browsers; the test fails if a page did to one of them what no page may do."""
    with Readers(chromium) as people:
        yield people


@pytest.fixture
def near(app: Flask) -> Iterator[NamedSite]:
    """An empty portal, served from the test's own process, which can turn its clock and look at its database."""
    cast.a_site()
    with served(app) as site:
        yield site


@pytest.fixture
def user(app: Flask) -> User:
    """Somebody who writes."""
    return cast.somebody("author", unit=cast.a_unit(), password=cast.PASSWORD)


@pytest.fixture
def staff(near: NamedSite, readers: Readers, user: User) -> BrowserContext:
    """That person's browser, signed in."""
    return signed_in(near, readers, user, viewport={"width": 1280, "height": 900})


@pytest.fixture
def piece_id(near: NamedSite, user: User) -> int:
    """An article of that person's, never published."""
    return a_piece(user, title="Kế hoạch", body="<p>Phần thứ nhất.</p><p>Phần thứ hai.</p>")


@pytest.fixture
def desk(near: NamedSite, staff: BrowserContext) -> Desk:
    """That person before the editor of bodies, on a page that holds nothing else."""
    with_a_body(near.app)
    return Desk(near, staff)
