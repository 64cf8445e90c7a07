"""The menu that pages share is never older than the versions it is kept under."""

import threading
from importlib import import_module

import pytest
from flask import Flask
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from portal.core import trail, versions
from portal.core.db import write
from portal.site.models import MenuItem
from tests import cast
from tests.client import PortalClient

MENU = import_module("portal.front.menu")


def elsewhere(app: Flask, change: object) -> None:
    """Publish a change of the menu from another thread, as another request does."""

    def store(session: Session) -> None:
        session.execute(change)  # type: ignore[call-overload]
        versions.bump(session)

    def work() -> None:
        with app.app_context():
            write(store)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


@pytest.fixture
def articles(app: Flask) -> list[str]:
    """Two articles of a section; the agency's menu is remembered already, as a page of another section made it."""
    section = cast.a_section("Thông báo")
    cast.listed(MenuItem(label="Thông báo cũ", url="/chuyen-muc/thong-bao"))
    return [cast.article_path(cast.an_article(section=section)) for _ in range(2)]


@pytest.mark.parametrize("edited", ["renamed", "taken away"])
def test_an_edit_between_two_reads_leaves_no_old_menu(
    app: Flask, client: PortalClient, articles: list[str], monkeypatch: pytest.MonkeyPatch, edited: str
) -> None:
    """The first article's page has read the lines when they change, and makes its menu after the change was noticed."""
    client.get("/so-do-trang")
    change = update(MenuItem).values(label="Tin") if edited == "renamed" else delete(MenuItem)
    pending = [change]

    def here() -> str:
        if pending:
            elsewhere(app, pending.pop())
        return trail.here()

    monkeypatch.setattr(MENU, "here", here)
    client.get(articles[0])
    text = client.get(articles[1]).text

    assert pending == []
    assert "Thông báo cũ" not in text
    assert ("Tin</a>" in text) == (edited == "renamed")


def test_a_line_that_is_new_in_the_menu_marks_no_page_but_its_own(
    app: Flask, client: PortalClient, articles: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get("/so-do-trang")
    pending = [update(MenuItem).values(url="/so-do-trang")]

    def here() -> str:
        if pending:
            elsewhere(app, pending.pop())
        return trail.here()

    monkeypatch.setattr(MENU, "here", here)
    client.get(articles[0])

    assert 'href="/so-do-trang" aria-current' not in client.get(articles[1]).text
    assert '<a href="/so-do-trang" aria-current="page">' in client.get("/so-do-trang").text
