"""Real browsers on a real server: a portal with the demo content, and readers who open its pages."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Playwright, sync_playwright

from portal import create_app
from tests.browser.reader import Readers
from tests.browser.site import Site
from tests.serving.server import Server

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = "No Chromium was found, and the browser tests need one: apt-get install chromium"
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
    """The system's Chromium."""
    with _launched(playwright) as browser:
        yield browser


@pytest.fixture
def remembering_chromium(playwright: Playwright) -> Iterator[Browser]:
    """A Chromium that keeps whole pages in memory for the back button, which Playwright's own settings forbid."""
    with _launched(playwright, "--enable-features=BackForwardCache", without=["--disable-back-forward-cache"]) as browser:
        yield browser


@contextmanager
def _launched(playwright: Playwright, *more: str, without: list[str] | None = None) -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, NAMES)), None)
    assert path is not None, MISSING
    browser = playwright.chromium.launch(executable_path=path, args=[*ARGUMENTS, *more], ignore_default_args=without)
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
